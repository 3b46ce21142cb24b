"""Signed documents: the W3C vectors, any change found, any input answered with a typed error."""

import copy
import datetime as dt
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given
from hypothesis import strategies as st

from palabre.record.canonical import Json
from palabre.record.credentials import check_signature, credential, sign, signed_bytes, verify
from palabre.record.did import from_multibase, key_of, multibase
from palabre.record.errors import (
    CredentialError,
    CredentialMalformed,
    Expired,
    IssuerNotListed,
    KeyNotInForce,
    KeyNotIssuers,
    NotCanonical,
    NotYetValid,
    ProofMissing,
    ProofUnsupported,
    SignatureWrong,
)
from palabre.record.keys import PublicKey, SigningKey

SIGNED_AT = dt.datetime(2026, 3, 1, 8, 30, tzinfo=dt.UTC)

# Published with the W3C Recommendation Data Integrity EdDSA Cryptosuites 1.0 for eddsa-jcs-2022: the key
# pair, the credential, the digests to sign, and two signatures: one names its key as a did:key, the other by
# an address of the issuer.
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
DOCUMENT: dict[str, Json] = {
    "@context": CONTEXTS,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
OPTIONS: dict[str, Json] = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{PUBLIC}#{PUBLIC}",
    "proofPurpose": "assertionMethod",
    "@context": CONTEXTS,
}
HASHED = (
    "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
)
SIGNATURES = {
    f"did:key:{PUBLIC}#{PUBLIC}": (
        "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
    ),
    f"https://vc.example/issuers/5678#{PUBLIC}": (
        "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4"
    ),
}

type_error_prone: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
Place = tuple[str | int, ...]


def places(value: object, at: Place = ()) -> list[Place]:
    """Where the scalars of a document are."""
    if isinstance(value, dict):
        return [place for name, item in value.items() for place in places(item, (*at, name))]
    if isinstance(value, list):
        return [place for index, item in enumerate(value) for place in places(item, (*at, index))]
    return [at]


def replaced(document: dict[str, Json], place: Place, change: Callable[[Json], Json]) -> dict[str, Json]:
    changed = copy.deepcopy(document)
    container: object = changed
    for step in place[:-1]:
        container = container[step]  # type: ignore[index]
    container[place[-1]] = change(container[place[-1]])  # type: ignore[index]
    return changed


def private_key() -> Ed25519PrivateKey:
    raw = from_multibase(PRIVATE, 34)
    assert raw is not None
    assert raw[:2] == b"\x80\x26"
    return Ed25519PrivateKey.from_private_bytes(raw[2:])


# The W3C vectors


def test_the_bytes_to_sign_are_the_published_ones() -> None:
    assert signed_bytes(DOCUMENT, OPTIONS).hex() == HASHED


@pytest.mark.parametrize(("method", "value"), SIGNATURES.items())
def test_the_published_signatures_are_made_again(method: str, value: str) -> None:
    options = {**OPTIONS, "verificationMethod": method}
    assert multibase(private_key().sign(signed_bytes(DOCUMENT, options))) == value


@pytest.mark.parametrize(("method", "value"), SIGNATURES.items())
def test_the_published_documents_verify(method: str, value: str) -> None:
    proof = {**OPTIONS, "verificationMethod": method, "proofValue": value}
    document = {**DOCUMENT, "proof": proof}
    check_signature(document, key_of(f"did:key:{PUBLIC}"))
    with pytest.raises(SignatureWrong):
        check_signature({**document, "name": "Alumni credential"}, key_of(f"did:key:{PUBLIC}"))


def test_the_published_issuer_is_an_address_that_no_key_proves() -> None:
    (_method, value), (address, other) = SIGNATURES.items()
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    proof = {**OPTIONS, "proofValue": value}
    with pytest.raises(KeyNotIssuers):
        verify({**DOCUMENT, "proof": proof}, at=at)
    with pytest.raises(ProofUnsupported):
        verify({**DOCUMENT, "proof": {**proof, "verificationMethod": address, "proofValue": other}}, at=at)


# Our own


def test_what_was_signed_verifies(
    signed: dict[str, Json], key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    verified = verify(json.loads(json.dumps(signed)), at=SIGNED_AT, trusted=keys)
    assert verified.issuer == key.did
    assert verified.created == verified.valid_from == SIGNED_AT
    assert verified.types == ("VerifiableCredential", "ExampleCredential")
    assert verified.subjects == (signed["credentialSubject"],)
    assert verified.listed
    assert not verify(signed, at=SIGNED_AT).listed


def test_signing_leaves_its_argument_as_it_was(unsigned: dict[str, Json], key: SigningKey) -> None:
    before = copy.deepcopy(unsigned)
    sign(unsigned, key, created=SIGNED_AT)
    assert unsigned == before


def test_the_order_of_names_and_the_spelling_of_numbers_mean_nothing(signed: dict[str, Json]) -> None:
    text = json.dumps(dict(reversed(signed.items()))).replace("0.62", "62e-2").replace("1234", "1234.0")
    assert verify(json.loads(text), at=SIGNED_AT).created == SIGNED_AT


def test_nobody_signs_for_another_issuer(unsigned: dict[str, Json], stranger: SigningKey) -> None:
    with pytest.raises(KeyNotIssuers):
        sign(unsigned, stranger, created=SIGNED_AT)


def test_nothing_is_signed_twice(signed: dict[str, Json], key: SigningKey) -> None:
    with pytest.raises(CredentialMalformed):
        sign(signed, key, created=SIGNED_AT)


def test_what_has_no_canonical_form_is_not_signed(key: SigningKey) -> None:
    document = credential("X", {"amount": 2**60}, issuer=key.did, valid_from=SIGNED_AT)
    with pytest.raises(NotCanonical):
        sign(document, key, created=SIGNED_AT)


def test_another_key_under_the_issuers_name_is_found(signed: dict[str, Json], stranger: SigningKey) -> None:
    proof = signed["proof"]
    assert isinstance(proof, dict)
    forged = {**signed, "proof": {**proof, "verificationMethod": stranger.method}}
    with pytest.raises(SignatureWrong):
        verify(forged, at=SIGNED_AT)


def test_a_stranger_who_signs_anew_is_not_the_issuer(
    signed: dict[str, Json], unsigned: dict[str, Json], key: SigningKey, stranger: SigningKey
) -> None:
    forged = sign({**unsigned, "issuer": stranger.did}, stranger, created=SIGNED_AT)
    with pytest.raises(SignatureWrong):
        verify({**forged, "issuer": key.did}, at=SIGNED_AT)
    options = {name: item for name, item in signed["proof"].items() if name != "proofValue"}  # type: ignore[union-attr]
    options["verificationMethod"] = stranger.method
    value = multibase(stranger.private.sign(signed_bytes(unsigned, options)))
    with pytest.raises(KeyNotIssuers, match="signature is right"):
        verify({**unsigned, "proof": {**options, "proofValue": value}}, at=SIGNED_AT)


def test_an_issuer_who_is_not_listed_is_named(
    unsigned: dict[str, Json], stranger: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    document = sign({**unsigned, "issuer": stranger.did}, stranger, created=SIGNED_AT)
    with pytest.raises(IssuerNotListed, match="not in your list of keys") as caught:
        verify(document, at=SIGNED_AT, trusted=keys)
    assert caught.value.fields["issuer"] == stranger.did
    with pytest.raises(IssuerNotListed):
        verify(document, at=SIGNED_AT, trusted=())


@pytest.mark.parametrize("days", [-31, 30])
def test_a_key_counts_only_while_in_force(unsigned: dict[str, Json], key: SigningKey, days: int) -> None:
    period = (PublicKey(key.did, SIGNED_AT - dt.timedelta(30), SIGNED_AT + dt.timedelta(30)),)
    document = sign(unsigned, key, created=SIGNED_AT + dt.timedelta(days))
    with pytest.raises(KeyNotInForce):
        verify(document, at=SIGNED_AT + dt.timedelta(60), trusted=period)


def test_the_dates_of_validity_are_kept(signed: dict[str, Json]) -> None:
    with pytest.raises(NotYetValid):
        verify(signed, at=SIGNED_AT - dt.timedelta(seconds=1))
    assert verify(signed, at=SIGNED_AT + dt.timedelta(days=365, seconds=-1)).valid_from == SIGNED_AT
    with pytest.raises(Expired):
        verify(signed, at=SIGNED_AT + dt.timedelta(days=365))


@pytest.mark.parametrize("proof", [None, [], {}])
def test_a_document_without_proof_is_said_to_have_none(signed: dict[str, Json], proof: Json) -> None:
    with pytest.raises(ProofMissing):
        verify({**signed, "proof": proof}, at=SIGNED_AT)
    with pytest.raises(ProofMissing):
        verify({name: item for name, item in signed.items() if name != "proof"}, at=SIGNED_AT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "Ed25519Signature2020"),
        ("cryptosuite", "eddsa-rdfc-2022"),
        ("proofPurpose", "authentication"),
        ("previousProof", "urn:uuid:1"),
        ("verificationMethod", "did:web:palabre.example#key-1"),
    ],
)
def test_other_kinds_of_proof_are_named_and_refused(signed: dict[str, Json], name: str, value: str) -> None:
    proof = signed["proof"]
    assert isinstance(proof, dict)
    with pytest.raises(ProofUnsupported) as caught:
        verify({**signed, "proof": {**proof, name: value}}, at=SIGNED_AT)
    assert caught.value.fields["path"] == f"proof.{name}"


def test_a_key_has_one_name_in_a_proof(unsigned: dict[str, Json], key: SigningKey) -> None:
    signed = sign(unsigned, key, created=SIGNED_AT)
    options = {name: item for name, item in signed["proof"].items() if name != "proofValue"}  # type: ignore[union-attr]
    for method in (key.did, f"{key.did}#", f"{key.did}#key-1"):
        options["verificationMethod"] = method
        value = multibase(key.private.sign(signed_bytes(unsigned, options)))
        with pytest.raises(ProofUnsupported):
            verify({**unsigned, "proof": {**options, "proofValue": value}}, at=SIGNED_AT)


def test_a_list_of_proofs_is_refused(signed: dict[str, Json]) -> None:
    with pytest.raises(ProofUnsupported):
        verify({**signed, "proof": [signed["proof"]]}, at=SIGNED_AT)


def test_a_context_added_after_signing_is_found(signed: dict[str, Json]) -> None:
    contexts = signed["@context"]
    assert isinstance(contexts, list)
    with pytest.raises(CredentialError):
        verify({**signed, "@context": [*contexts, "https://example.org/other"]}, at=SIGNED_AT)


def test_a_proof_that_expires_does(unsigned: dict[str, Json], key: SigningKey) -> None:
    signed = sign(unsigned, key, created=SIGNED_AT)
    options = {name: item for name, item in signed["proof"].items() if name != "proofValue"}  # type: ignore[union-attr]
    options["expires"] = "2026-04-01T00:00:00Z"
    value = multibase(key.private.sign(signed_bytes(unsigned, options)))
    document = {**unsigned, "proof": {**options, "proofValue": value}}
    assert verify(document, at=SIGNED_AT).created == SIGNED_AT
    with pytest.raises(Expired):
        verify(document, at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))


# Any change, any input


def other_character(text: str, index: int, letter: str) -> str:
    return text[:index] + (letter if text[index] != letter else letter + letter) + text[index + 1 :]


def change_of(value: Json, data: st.DataObject) -> Json:
    """A value that differs by one character, one digit or its sense."""
    if isinstance(value, str):
        index = data.draw(st.integers(0, len(value) - 1))
        return other_character(value, index, data.draw(st.sampled_from("0z9A é")))
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + data.draw(st.sampled_from([-100, -1, 1, 1000]))
    assert isinstance(value, float)
    return round(value + data.draw(st.sampled_from([-0.1, 0.01, 1])), 6)


@given(st.data())
def test_any_single_change_is_found(signed: dict[str, Json], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(signed)))
    changed = replaced(signed, place, lambda value: change_of(value, data))
    with pytest.raises(CredentialError):
        verify(changed, at=SIGNED_AT)


def test_any_character_of_the_signature_counts(signed: dict[str, Json]) -> None:
    proof = signed["proof"]
    assert isinstance(proof, dict)
    value = str(proof["proofValue"])
    for changed in (
        *(other_character(value, index, letter) for index in range(len(value)) for letter in "12z"),
        f"{value}1", f"{value}\n", f"z1{value[1:]}", value[1:], f"m{value[1:]}", "",
    ):  # fmt: skip
        with pytest.raises(CredentialError):
            verify({**signed, "proof": {**proof, "proofValue": changed}}, at=SIGNED_AT)


@given(st.data())
def test_a_removed_or_added_part_is_found(signed: dict[str, Json], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([place for place in places(signed) if isinstance(place[-1], str)]))
    changed = copy.deepcopy(signed)
    container: object = changed
    for step in place[:-1]:
        container = container[step]  # type: ignore[index]
    assert isinstance(container, dict)
    if data.draw(st.booleans()):
        del container[place[-1]]
    else:
        container["more"] = data.draw(st.none() | st.integers(0, 9))
    with pytest.raises(CredentialError):
        verify(changed, at=SIGNED_AT)


@given(st.data(), type_error_prone)
def test_any_other_value_anywhere_gets_a_typed_error(
    signed: dict[str, Json], data: st.DataObject, value: Json
) -> None:
    inner = data.draw(st.sampled_from(places(signed)))
    place = inner[: data.draw(st.integers(1, len(inner)))]
    changed = replaced(signed, place, lambda _: value)
    assume(changed != signed)
    with pytest.raises(CredentialError) as caught:
        verify(changed, at=SIGNED_AT)
    assert str(caught.value)


@given(type_error_prone)
def test_any_json_gets_a_typed_error(document: Json) -> None:
    with pytest.raises(CredentialError):
        verify(document, at=SIGNED_AT)


@pytest.mark.parametrize("name", ["@context", "type", "issuer", "credentialSubject", "proof", "id"])
def test_depth_beyond_the_machine_gets_a_typed_error(signed: dict[str, Json], name: str) -> None:
    deep: Json = "x"
    for _ in range(50_000):
        deep = [deep]
    for value in (deep, ["https://www.w3.org/ns/credentials/v2", deep], {"type": deep, "@context": deep}):
        with pytest.raises(CredentialError):
            verify({**signed, name: value}, at=SIGNED_AT)


@pytest.mark.parametrize("number", [10**5000, -(2**53), float("inf"), float("nan")], ids=range(4))
def test_numbers_out_of_range_get_a_typed_error(signed: dict[str, Json], number: float) -> None:
    for name in ("id", "validFrom", "credentialSubject", "proof"):
        with pytest.raises(CredentialError) as caught:
            verify({**signed, name: number}, at=SIGNED_AT)
        assert str(caught.value)
