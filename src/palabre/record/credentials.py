"""Signed documents: W3C Verifiable Credentials 2.0 with a Data Integrity proof `eddsa-jcs-2022`.

Proofs after Data Integrity EdDSA Cryptosuites 1.0 (15 May 2025), section 3.3; issuers are did:key, so that a
signature can be checked without a network. Two rules are stricter than the standard: exactly one proof, and a
proof whose `@context` is the document's to the letter (the standard lets contexts be added after signing).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from palabre.record.canonical import Json, canonical
from palabre.record.did import from_multibase, key_of, method_of, multibase
from palabre.record.errors import (
    CredentialMalformed,
    DidMalformed,
    Expired,
    IssuerNotListed,
    KeyNotInForce,
    KeyNotIssuers,
    KeyWithdrawn,
    NotCanonical,
    NotYetValid,
    ProofMissing,
    ProofUnsupported,
    SignatureWrong,
)
from palabre.record.instants import instant, readable
from palabre.record.keys import PublicKey, SigningKey
from palabre.times import iso
from palabre.words import gettext_lazy as _

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
# Gives every term that the first context does not know a meaning, as VC 2.0 asks.
UNDEFINED_TERMS = "https://www.w3.org/ns/credentials/undefined-terms/v2"
_FIXED = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "proofPurpose": "assertionMethod",
}
_JSON_NAMES = {type(None): "null", bool: "boolean", int: "number", float: "number", list: "array"}


@dataclass(frozen=True, slots=True)
class Verified:
    """What holds once the signature does. `listed` is False when no list of keys was given."""

    issuer: str
    created: dt.datetime
    valid_from: dt.datetime | None
    valid_until: dt.datetime | None
    types: tuple[str, ...]
    subjects: tuple[Mapping[str, Json], ...]
    listed: bool


def credential(
    kind: str,
    subject: Mapping[str, Json],
    *,
    issuer: str,
    valid_from: dt.datetime,
    valid_until: dt.datetime | None = None,
    issuer_name: str | None = None,
) -> dict[str, Json]:
    """An unsigned credential of type `kind` about `subject`, ready for `sign`."""
    document: dict[str, Json] = {
        "@context": [CREDENTIALS, UNDEFINED_TERMS],
        "type": ["VerifiableCredential", kind],
        "issuer": issuer if issuer_name is None else {"id": issuer, "name": issuer_name},
        "validFrom": iso(valid_from),
        "credentialSubject": dict(subject),
    }
    return document if valid_until is None else {**document, "validUntil": iso(valid_until)}


def sign(document: Mapping[str, Json], key: SigningKey, *, created: dt.datetime) -> dict[str, Json]:
    """`document` with a proof by `key`, dated `created`.

    Raises KeyNotIssuers when the document names another issuer, CredentialMalformed when it is no credential
    or carries a proof, NotCanonical.
    """
    content = _Content.read({**document, "proof": None})
    if "proof" in document:
        raise CredentialMalformed(path="proof", why=_("is there before signing"))
    if content.issuer != key.did:
        raise KeyNotIssuers(key=key.did, issuer=content.issuer)
    options: dict[str, Json] = {
        **_FIXED,
        "created": iso(created),
        "verificationMethod": key.method,
        "@context": document["@context"],
    }
    signature = key.private.sign(signed_bytes(document, options))
    return {**document, "proof": {**options, "proofValue": multibase(signature)}}


def signed_bytes(document: Mapping[str, Json], options: Mapping[str, Json]) -> bytes:
    """The 64 bytes that an `eddsa-jcs-2022` signature covers: the digest of the proof's options, then that of
    the document without its proof. Raises NotCanonical."""
    return sha256(canonical(options)).digest() + sha256(canonical(document)).digest()


def check_signature(document: Mapping[str, Json], key: bytes) -> None:
    """Whether the proof in `document` was made with the public `key` (32 bytes) over what it says now.

    Says nothing of whose key that is. Raises CredentialMalformed, ProofMissing, ProofUnsupported,
    SignatureWrong.
    """
    proof = _proof(document)
    _check_signature(document, proof, key)


def verify(document: object, *, at: dt.datetime, trusted: Sequence[PublicKey] | None = None) -> Verified:
    """What a signed document says of itself, once it is shown that its issuer signed it as it stands.

    Checked in this order: it is a credential with one proof; the signature fits; the key is the issuer's;
    the issuer is in `trusted`, if that is given, with a key in force when the proof was made; `at` lies
    between validFrom and validUntil. Raises the first CredentialError found, for any `document` whatever.
    """
    try:
        return _verify(_Content.read(document), at, trusted)
    except RecursionError as error:
        raise CredentialMalformed(path=_("the document"), why=_("nests too deep")) from error


def _verify(content: "_Content", at: dt.datetime, trusted: Sequence[PublicKey] | None) -> Verified:
    proof = _proof(content.document)
    signer = _signer(proof)
    _check_signature(content.document, proof, key_of(signer))
    if signer != content.issuer:
        raise KeyNotIssuers(key=signer, issuer=content.issuer)
    created = _moment(proof, "created", "proof.created")
    if trusted is not None:
        _check_listed(signer, created, trusted)
    _check_dates(content, proof, at)
    return Verified(
        issuer=signer,
        created=created,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        types=content.types,
        subjects=content.subjects,
        listed=trusted is not None,
    )


@dataclass(frozen=True, slots=True)
class _Content:
    """The parts of a credential that verification reads, with the types that they should have."""

    document: Mapping[str, Json]
    issuer: str
    types: tuple[str, ...]
    subjects: tuple[Mapping[str, Json], ...]
    valid_from: dt.datetime | None
    valid_until: dt.datetime | None

    @classmethod
    def read(cls, document: object) -> "_Content":
        if not isinstance(document, dict):
            raise CredentialMalformed(path=_("the document"), why=_("is not an object"))
        contexts = document.get("@context")
        if not isinstance(contexts, list) or not contexts or contexts[0] != CREDENTIALS:
            raise CredentialMalformed(path="@context", why=_("does not begin with that of credentials 2.0"))
        return cls(
            document=document,
            issuer=_issuer(document),
            types=_types(document),
            subjects=_subjects(document),
            valid_from=_moment_if_given(document, "validFrom", "validFrom"),
            valid_until=_moment_if_given(document, "validUntil", "validUntil"),
        )


def _issuer(document: Mapping[str, Json]) -> str:
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(name, str) or not name:
        raise CredentialMalformed(path="issuer", why=_("names nobody"))
    return name


def _types(document: Mapping[str, Json]) -> tuple[str, ...]:
    types = document.get("type")
    names = [types] if isinstance(types, str) else types
    if not isinstance(names, list) or "VerifiableCredential" not in names:
        raise CredentialMalformed(path="type", why=_("does not say VerifiableCredential"))
    texts = tuple(name for name in names if isinstance(name, str))
    if len(texts) != len(names):
        raise CredentialMalformed(path="type", why=_("has something else than text in it"))
    return texts


def _subjects(document: Mapping[str, Json]) -> tuple[Mapping[str, Json], ...]:
    subject = document.get("credentialSubject")
    subjects = subject if isinstance(subject, list) else [subject]
    objects = tuple(item for item in subjects if isinstance(item, dict) and item)
    if not objects or len(objects) != len(subjects):
        raise CredentialMalformed(path="credentialSubject", why=_("is not an object that says something"))
    return objects


def _moment(container: Mapping[str, Json], name: str, path: str) -> dt.datetime:
    moment = instant(container.get(name))
    if moment is None:
        raise CredentialMalformed(path=path, why=_("is not an instant such as 2026-01-31T08:00:00Z"))
    return moment


def _moment_if_given(container: Mapping[str, Json], name: str, path: str) -> dt.datetime | None:
    return _moment(container, name, path) if name in container else None


def _proof(document: Mapping[str, Json]) -> Mapping[str, Json]:
    """The one proof of a document, of the one kind that is checked here."""
    proof = document.get("proof")
    if proof is None or proof in ([], {}):
        raise ProofMissing
    if not isinstance(proof, dict):
        raise ProofUnsupported(path="proof", found=_("not a single proof"))
    for name, expected in _FIXED.items():
        if proof.get(name) != expected:
            raise ProofUnsupported(path=f"proof.{name}", found=shown(proof.get(name)))
    if "previousProof" in proof:
        raise ProofUnsupported(path="proof.previousProof", found=shown(proof["previousProof"]))
    if "@context" in proof and proof["@context"] != document.get("@context"):
        raise CredentialMalformed(path="proof.@context", why=_("is not that of the document"))
    return proof


def _signer(proof: Mapping[str, Json]) -> str:
    """The did:key whose one key made the proof."""
    method = proof.get("verificationMethod")
    signer = method.partition("#")[0] if isinstance(method, str) else ""
    try:
        key_of(signer)
    except DidMalformed as error:
        raise ProofUnsupported(path="proof.verificationMethod", found=shown(method)) from error
    if method != method_of(signer):
        raise ProofUnsupported(path="proof.verificationMethod", found=shown(method))
    return signer


def _check_signature(document: Mapping[str, Json], proof: Mapping[str, Json], key: bytes) -> None:
    value = proof.get("proofValue")
    signature = from_multibase(value, 64) if isinstance(value, str) else None
    if signature is None:
        raise CredentialMalformed(path="proof.proofValue", why=_("is not a signature"))
    options = {name: item for name, item in proof.items() if name != "proofValue"}
    unsigned = {name: item for name, item in document.items() if name != "proof"}
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed_bytes(unsigned, options))
    except NotCanonical as error:
        raise CredentialMalformed(path=_("a value in it"), why=_("cannot be written exactly")) from error
    except (InvalidSignature, ValueError) as error:
        raise SignatureWrong from error


def _check_listed(signer: str, created: dt.datetime, trusted: Sequence[PublicKey]) -> None:
    periods = [key for key in trusted if key.did == signer]
    if not periods:
        raise IssuerNotListed(issuer=signer)
    for key in periods:
        if key.withdrawn is not None and key.is_withdrawn(created):
            since, why = readable(key.withdrawn.since), shown(key.withdrawn.why)
            raise KeyWithdrawn(created=readable(created), since=since, why=why)
    if not any(key.in_force(created) for key in periods):
        raise KeyNotInForce(created=readable(created), period=_period(periods[0]))


def _period(key: PublicKey) -> str:
    if key.valid_until is None:
        return _("from %(start)s on") % {"start": readable(key.valid_from)}
    return _("from %(start)s to %(end)s") % {
        "start": readable(key.valid_from),
        "end": readable(key.valid_until),
    }


def _check_dates(content: _Content, proof: Mapping[str, Json], at: dt.datetime) -> None:
    if content.valid_from is not None and at < content.valid_from:
        raise NotYetValid(valid_from=readable(content.valid_from))
    for end in (content.valid_until, _moment_if_given(proof, "expires", "proof.expires")):
        if end is not None and at >= end:
            raise Expired(valid_until=readable(end))


def shown(value: object) -> str:
    """A value of somebody else's document, short enough for a sentence."""
    if isinstance(value, str):
        return repr(value) if len(value) <= 80 else f"{value[:77]!r}..."
    return _JSON_NAMES.get(type(value), "object")
