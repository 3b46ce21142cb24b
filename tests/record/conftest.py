"""Two issuers and a document of one of them. Nothing here needs a database."""

import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign
from palabre.record.keys import PublicKey, SigningKey

SIGNED_AT = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))


@pytest.fixture(scope="session")
def stranger() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))


@pytest.fixture(scope="session")
def keys(key: SigningKey) -> tuple[PublicKey, ...]:
    """The trust list of a reader who knows the issuer."""
    return (PublicKey(key.did, SIGNED_AT - dt.timedelta(days=30)),)


@pytest.fixture(scope="session")
def unsigned(key: SigningKey) -> dict[str, Json]:
    subject: dict[str, Json] = {
        "type": "Example",
        "name": "Atelier de Ségou – 3 × 8 « heures »",
        "hours": 1234,
        "share": 0.62,
        "measured": True,
        "unknown": None,
        "places": [{"country": "ML", "people": 12}, {"country": "SN", "people": 7}],
    }
    return credential(
        "ExampleCredential",
        subject,
        issuer=key.did,
        issuer_name="Palabre",
        valid_from=SIGNED_AT,
        valid_until=SIGNED_AT + dt.timedelta(days=365),
    )


@pytest.fixture(scope="session")
def signed(unsigned: dict[str, Json], key: SigningKey) -> dict[str, Json]:
    return sign(unsigned, key, created=SIGNED_AT)
