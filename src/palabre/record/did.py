"""did:key names of Ed25519 public keys: the key itself, written so that checking it needs no network.

did:key method v0.9 and Controlled Identifiers 1.0 (Multikey): `z` for base58btc, then the bytes 0xed 0x01
that say Ed25519, then the 32 bytes of the key.
"""

import base58

from palabre.record.canonical import Json
from palabre.record.errors import DidMalformed

ED25519 = b"\xed\x01"
PREFIX = "did:key:"


def multibase(raw: bytes) -> str:
    """base58btc in multibase, as public keys and signatures are written."""
    return "z" + base58.b58encode(raw).decode()


def from_multibase(text: str, length: int) -> bytes | None:
    """The `length` bytes that `text` stands for; None for a text that `multibase` would not have written."""
    if not text.isascii() or len(text) > 2 * length or not text.startswith("z"):
        return None
    try:
        raw = base58.b58decode(text[1:])
    except ValueError:
        return None
    # One key or signature has one text only: otherwise a signed file could be changed and still verify.
    return raw if len(raw) == length and multibase(raw) == text else None


def did_of(key: bytes) -> str:
    """The did:key of a raw public key of 32 bytes."""
    return PREFIX + multibase(ED25519 + key)


def key_of(did: str) -> bytes:
    """The 32 bytes of the public key in a did:key. Raises DidMalformed."""
    raw = from_multibase(did.removeprefix(PREFIX), 34) if did.startswith(PREFIX) else None
    if raw is None or not raw.startswith(ED25519):
        raise DidMalformed(did=did)
    return raw[2:]


def method_of(did: str) -> str:
    """The name of the one key of a did:key, as a proof's `verificationMethod`."""
    return f"{did}#{did.removeprefix(PREFIX)}"


def did_document(did: str) -> dict[str, Json]:
    """What a did:key resolves to. Raises DidMalformed."""
    key_of(did)
    method = method_of(did)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": did.removeprefix(PREFIX),
            }
        ],
        "authentication": [method],
        "assertionMethod": [method],
    }
