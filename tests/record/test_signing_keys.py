"""Keys on disk: made once, closed to others, rotated, published."""

import datetime as dt
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign, verify
from palabre.record.did import did_document, did_of, from_multibase, key_of, method_of, multibase
from palabre.record.errors import (
    DidMalformed,
    KeyDateDisorder,
    KeyExposed,
    KeyListMalformed,
    KeyNotInForce,
    KeyUnknown,
    KeyUnreadable,
    KeyWithdrawn,
    KeyWithdrawnAlready,
    WithdrawalDateWrong,
    WithdrawalReasonMissing,
)
from palabre.record.keys import SigningKey, key_list, open_keys, read_key_list, rotate_keys, withdraw_key
from palabre.times import iso

# From the test vectors of Data Integrity EdDSA Cryptosuites 1.0.
VECTOR = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)


def document_by(key: SigningKey, at: dt.datetime) -> dict[str, Json]:
    return sign(credential("Example", {"type": "Example"}, issuer=key.did, valid_from=at), key, created=at)


def test_the_first_key_is_made_once(tmp_path: Path) -> None:
    keys = open_keys(tmp_path / "keys", at=START)
    assert open_keys(tmp_path / "keys", at=START + YEAR).public == keys.public
    (only,) = keys.public
    assert (only.did, only.valid_from, only.valid_until) == (keys.signing.did, START, None)


def test_processes_that_start_together_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_keys(tmp_path, at=START).signing.did, range(16)))
    assert len(set(opened)) == 1


def test_no_key_file_is_open_to_others(tmp_path: Path) -> None:
    rotate_keys(tmp_path, at=START)
    rotate_keys(tmp_path, at=START + YEAR)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 4
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666, 0o610])
def test_a_key_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    open_keys(tmp_path, at=START)
    (tmp_path / "signing-0001.pem").chmod(mode)
    with pytest.raises(KeyExposed, match="chmod 600"):
        open_keys(tmp_path, at=START)


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_key_is_refused(tmp_path: Path, content: bytes) -> None:
    open_keys(tmp_path, at=START)
    (tmp_path / "signing-0001.pem").write_bytes(content)
    with pytest.raises(KeyUnreadable):
        open_keys(tmp_path, at=START)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": 1, "validFrom": "2026-01-01T00:00:00Z"}'])
def test_a_damaged_public_half_is_refused(tmp_path: Path, content: str) -> None:
    open_keys(tmp_path, at=START)
    (tmp_path / "signing-0001.json").write_text(content)
    with pytest.raises(KeyUnreadable):
        open_keys(tmp_path, at=START)


def test_halves_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    open_keys(tmp_path / "a", at=START)
    open_keys(tmp_path / "b", at=START)
    (tmp_path / "a/signing-0001.json").replace(tmp_path / "b/signing-0001.json")
    with pytest.raises(KeyUnreadable):
        open_keys(tmp_path / "b", at=START)


def test_a_lost_private_key_is_not_quietly_replaced(tmp_path: Path) -> None:
    lost = open_keys(tmp_path, at=START).signing.did
    (tmp_path / "signing-0001.pem").unlink()
    with pytest.raises(KeyUnreadable):
        open_keys(tmp_path, at=START)
    keys = rotate_keys(tmp_path, at=START + YEAR)
    assert [key.did for key in keys.public] == [lost, keys.signing.did]


def test_rotation_keeps_what_the_older_keys_signed(tmp_path: Path) -> None:
    first = open_keys(tmp_path, at=START)
    document = document_by(first.signing, START + YEAR / 2)
    second = rotate_keys(tmp_path, at=START + YEAR)
    third = rotate_keys(tmp_path, at=START + 2 * YEAR)
    assert len({first.signing.did, second.signing.did, third.signing.did}) == 3
    assert all(earlier.valid_until == later.valid_from for earlier, later in pairwise(third.public))
    assert verify(document, at=START + 3 * YEAR, trusted=third.public).listed
    assert open_keys(tmp_path, at=START + 3 * YEAR).public == third.public


def test_an_older_key_signs_nothing_any_more(tmp_path: Path) -> None:
    first = open_keys(tmp_path, at=START)
    keys = rotate_keys(tmp_path, at=START + YEAR)
    for at in (START - YEAR, START + YEAR, START + 2 * YEAR):
        with pytest.raises(KeyNotInForce):
            verify(document_by(first.signing, at), at=START + 3 * YEAR, trusted=keys.public)


def test_a_key_is_never_older_than_the_one_before(tmp_path: Path) -> None:
    keys = open_keys(tmp_path, at=START)
    for at in (START, START - YEAR):
        with pytest.raises(KeyDateDisorder):
            rotate_keys(tmp_path, at=at)
    assert open_keys(tmp_path, at=START).public == keys.public


def test_generations_out_of_order_are_refused(tmp_path: Path) -> None:
    open_keys(tmp_path, at=START)
    rotate_keys(tmp_path, at=START + YEAR)
    first = tmp_path / "signing-0001.json"
    first.write_text(first.read_text().replace("2026", "2028"))
    with pytest.raises(KeyDateDisorder):
        open_keys(tmp_path, at=START + 3 * YEAR)


def test_the_public_list_goes_there_and_back(tmp_path: Path) -> None:
    open_keys(tmp_path, at=START)
    keys = rotate_keys(tmp_path, at=START + YEAR)
    published = json.loads(json.dumps(key_list(keys.public)))
    assert read_key_list(published) == keys.public
    assert "PRIVATE" not in json.dumps(published)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, "type"),
        ([], "type"),
        ({"type": "Other"}, "type"),
        ({"type": "PalabreKeys"}, "keys"),
        ({"type": "PalabreKeys", "keys": []}, "keys"),
        ({"type": "PalabreKeys", "keys": [3]}, "keys[0]"),
        ({"type": "PalabreKeys", "keys": [{"id": f"did:key:{VECTOR}"}]}, "keys[0].validFrom"),
        ({"type": "PalabreKeys", "keys": [{"id": VECTOR, "validFrom": iso(START)}]}, "keys[0].id"),
        (
            {
                "type": "PalabreKeys",
                "keys": [{"id": f"did:key:{VECTOR}", "validFrom": iso(START), "validUntil": "never"}],
            },
            "keys[0].validUntil",
        ),
    ],
)
def test_a_list_that_is_none_names_the_place(document: object, path: str) -> None:
    with pytest.raises(KeyListMalformed) as caught:
        read_key_list(document)
    assert caught.value.fields["path"] == path


def test_did_key_of_the_published_vector() -> None:
    key = key_of(f"did:key:{VECTOR}")
    assert did_of(key) == f"did:key:{VECTOR}"
    assert method_of(did_of(key)) == f"did:key:{VECTOR}#{VECTOR}"


@given(st.binary(min_size=32, max_size=32))
def test_any_key_has_one_name(key: bytes) -> None:
    assert key_of(did_of(key)) == key
    assert did_of(key).startswith("did:key:z6Mk")


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:key:",
        VECTOR,
        f"did:web:{VECTOR}",
        f"did:key:{VECTOR} ",
        f"did:key:{VECTOR}\n",
        f"did:key:{VECTOR[:-1]}",
        f"did:key:{VECTOR[:-1]}é",
        f"did:key:z1{VECTOR[1:]}",
        "did:key:" + multibase(b"\xec\x01" + b"\0" * 32),
        "did:key:z" + "2" * 100_000,
    ],
)
def test_what_is_no_ed25519_did_key_is_refused(did: str) -> None:
    with pytest.raises(DidMalformed):
        key_of(did)


@given(st.text(max_size=90))
def test_a_text_stands_for_bytes_in_one_way_only(text: str) -> None:
    raw = from_multibase(text, 34)
    assert raw is None or multibase(raw) == text


def test_the_did_document_names_the_key() -> None:
    did = f"did:key:{VECTOR}"
    document = did_document(did)
    assert document["assertionMethod"] == [method_of(did)]
    assert document["verificationMethod"] == [
        {"id": method_of(did), "type": "Multikey", "controller": did, "publicKeyMultibase": VECTOR}
    ]


def test_a_withdrawn_key_is_believed_until_then(tmp_path: Path) -> None:
    """A reader's list says since when, and why; a new key signs from then on."""
    first = open_keys(tmp_path, at=START).signing
    since, now = START + 2 * YEAR, START + 3 * YEAR
    keys = withdraw_key(tmp_path, first.did, since, "It was copied.", at=now)
    assert keys.signing.did != first.did
    assert open_keys(tmp_path, at=now).public == keys.public
    trusted = read_key_list(json.loads(json.dumps(key_list(keys.public))))
    assert trusted == keys.public
    assert verify(document_by(first, START + YEAR), at=now, trusted=trusted).listed
    for at in (since, now + YEAR):
        with pytest.raises(KeyWithdrawn, match="It was copied"):
            verify(document_by(first, at), at=now + YEAR, trusted=trusted)
    assert verify(document_by(keys.signing, now), at=now, trusted=trusted).listed


def test_an_older_key_is_withdrawn_without_a_new_one(tmp_path: Path) -> None:
    first = open_keys(tmp_path, at=START).signing.did
    second = rotate_keys(tmp_path, at=START + YEAR).signing.did
    assert withdraw_key(tmp_path, first, START, "Lost.", at=START + 2 * YEAR).signing.did == second


@pytest.mark.parametrize(
    ("since", "why", "refusal"),
    [
        (START - YEAR, "Lost.", WithdrawalDateWrong),
        (START + 3 * YEAR, "Lost.", WithdrawalDateWrong),
        (START, " ", WithdrawalReasonMissing),
    ],
)
def test_a_withdrawal_names_a_time_and_a_reason(
    tmp_path: Path, since: dt.datetime, why: str, refusal: type[Exception]
) -> None:
    did = open_keys(tmp_path, at=START).signing.did
    with pytest.raises(refusal):
        withdraw_key(tmp_path, did, since, why, at=START + 2 * YEAR)
    with pytest.raises(KeyUnknown):
        withdraw_key(tmp_path, VECTOR, START, "Lost.", at=START + 2 * YEAR)
    withdraw_key(tmp_path, did, START, "Lost.", at=START + 2 * YEAR)
    with pytest.raises(KeyWithdrawnAlready):
        withdraw_key(tmp_path, did, START, "Lost.", at=START + 2 * YEAR)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"since": 1, "why": ""}'])
def test_a_damaged_withdrawal_lets_nothing_pass(tmp_path: Path, content: str) -> None:
    open_keys(tmp_path, at=START)
    (tmp_path / "signing-0001.withdrawn.json").write_text(content)
    with pytest.raises(KeyUnreadable):
        open_keys(tmp_path, at=START)


@pytest.mark.parametrize("said", ["x", {}, {"since": "2026-01-01T00:00:00Z"}, {"since": "", "why": "x"}])
def test_a_list_says_since_when_and_why(said: object) -> None:
    key = {"id": f"did:key:{VECTOR}", "validFrom": "2026-01-01T00:00:00Z", "withdrawn": said}
    with pytest.raises(KeyListMalformed):
        read_key_list({"type": "PalabreKeys", "keys": [key]})
