"""Bundles of evidence made by hand, without a database: what holds, and what a forger would try."""

import datetime as dt
import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from palabre.record.canonical import canonical
from palabre.record.credentials import credential, sign
from palabre.record.evidence_file import evidence_problems
from palabre.record.keys import PublicKey, SigningKey
from palabre.record.merkle import leaf_hash, root
from palabre.record.sealing import NO_ROOT, SealContent, seal_credential
from tests.record.conftest import SIGNED_AT

LEDGER = "transaction,currency,minor_units\n"


def event(seq: int) -> bytes:
    return canonical({"seq": seq, "code": "test.happened", "data": {"n": seq}})


def seal(number: int, seqs: list[int], before: str, key: SigningKey, **more: Any) -> tuple[bytes, str]:
    """A signed seal over some events as a line, and its root."""
    late = more.pop("late", [])
    found = root(event(seq) for seq in [*late, *seqs]).hex()
    content = SealContent(
        **{
            "number": number,
            "first": seqs[0],
            "last": seqs[-1],
            "late": late,
            "missing": [],
            "count": len(seqs) + len(late),
            "root": found,
            "previous_root": before,
            "sealed_at": SIGNED_AT + dt.timedelta(seconds=number),
            **more,
        }
    )
    return json.dumps(seal_credential(content, key)).encode() + b"\n", found


def bundle(folder: Path, key: SigningKey, files: dict[str, bytes], seals: int, first: int = 1) -> Path:
    """A ZIP with a signed list of its files."""
    listed = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest()} for name, content in files.items()
    ]
    subject: dict[str, Any] = {"type": "Evidence", "firstSeal": first, "seals": seals, "files": listed}
    document = credential("EvidenceCredential", subject, issuer=key.did, valid_from=SIGNED_AT)
    manifest = json.dumps(sign(document, key, created=SIGNED_AT)).encode()
    path = folder / "evidence.zip"
    with zipfile.ZipFile(path, "w") as to:
        for name, content in {**files, "manifest.json": manifest}.items():
            to.writestr(name, content)
    return path


def files(seals: list[bytes], events: list[bytes], ledger: str = LEDGER) -> dict[str, bytes]:
    return {
        "seals.jsonl": b"".join(seals),
        "events.jsonl": b"".join(one + b"\n" for one in events),
        "ledger.csv": ledger.encode(),
    }


def complaints(path: Path, keys: tuple[PublicKey, ...] | None) -> list[str]:
    return [str(one) for one in evidence_problems(path, keys, at=SIGNED_AT + dt.timedelta(days=1))[2]]


def test_hashes_stand_for_events_that_are_not_shown(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    first, found = seal(1, [1, 2, 3], NO_ROOT, key)
    second, _ = seal(2, [4], found, key)
    hidden = json.dumps({"seq": 2, "leaf": leaf_hash(event(2)).hex()}).encode()
    path = bundle(tmp_path, key, files([first, second], [event(1), hidden, event(3), event(4)]), 2)
    assert complaints(path, keys) == []
    assert complaints(path, None) == []


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        ([1, 3], "event 2, which it covers, is gone"),
        ([1, 2, 3, 3], "Event 3 is covered by no seal"),
        ([1, 2, 9], "event 3, which it covers, is gone"),
        ([], "event 1, which it covers, is gone"),
    ],
)
def test_events_that_are_left_out_or_put_in(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...], shown: list[int], says: str
) -> None:
    line, _ = seal(1, [1, 2, 3], NO_ROOT, key)
    path = bundle(tmp_path, key, files([line], [event(seq) for seq in shown]), 1)
    assert any(says in one for one in complaints(path, keys))


def test_a_hash_of_something_else_changes_the_root(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    line, _ = seal(1, [1, 2], NO_ROOT, key)
    forged = json.dumps({"seq": 2, "leaf": leaf_hash(b"other").hex()}).encode()
    path = bundle(tmp_path, key, files([line], [event(1), forged]), 1)
    assert any("was changed" in one for one in complaints(path, keys))


def test_a_period_may_begin_at_any_seal_and_take_in_what_came_late(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    fifth, found = seal(5, [11, 12], "ab" * 32, key, late=[7])
    sixth, _ = seal(6, [13], found, key)
    path = bundle(tmp_path, key, files([fifth, sixth], [event(seq) for seq in (7, 11, 12, 13)]), 2, first=5)
    assert complaints(path, keys) == []
    early = bundle(
        tmp_path, key, files([fifth, sixth], [event(seq) for seq in (6, 7, 11, 12, 13)]), 2, first=5
    )
    assert any("Event 6 is covered by no seal" in one for one in complaints(early, keys))


def test_a_chain_without_one_of_its_seals(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    first, found = seal(1, [1], NO_ROOT, key)
    _second, then = seal(2, [2], found, key)
    third, _ = seal(3, [3], then, key)
    path = bundle(tmp_path, key, files([first, third], [event(1), event(3)]), 2)
    assert any("Seal 2 is missing" in one for one in complaints(path, keys))
    fewer = bundle(tmp_path, key, files([first], [event(1)]), 2)
    assert any("Seals of the signed list are missing" in one for one in complaints(fewer, keys))


def test_a_seal_by_another_key(
    tmp_path: Path, key: SigningKey, stranger: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    line, _ = seal(1, [1], NO_ROOT, stranger)
    path = bundle(tmp_path, key, files([line], [event(1)]), 1)
    assert complaints(path, keys)


def test_a_ledger_that_does_not_sum_to_zero(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    line, _ = seal(1, [1], NO_ROOT, key)
    ledger = LEDGER + "1,EUR,-5\n1,EUR,5\n2,XOF,7\n2,XOF,-6\n"
    path = bundle(tmp_path, key, files([line], [event(1)], ledger), 1)
    assert any("transaction 2 does not sum to zero in XOF: 1" in one for one in complaints(path, keys))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("events.jsonl", b"[]\n"),
        ("events.jsonl", b"{\n"),
        ("events.jsonl", b'{"seq": "1"}\n'),
        ("events.jsonl", b'{"seq": 1, "leaf": "zz"}\n'),
        ("events.jsonl", b'{"seq": 1, "leaf": 5}\n'),
        ("events.jsonl", b"\xff\n"),
        ("events.jsonl", b"[" * 100_000 + b"\n"),
        ("seals.jsonl", b"{}\n"),
        ("seals.jsonl", b'{"credentialSubject": []}\n'),
        ("ledger.csv", b"transaction,currency\n1,EUR\n"),
        ("ledger.csv", b"transaction,currency,minor_units\n1,EUR,x\n"),
        ("ledger.csv", b"\xff\xfe"),
    ],
)
def test_what_cannot_be_read_is_named_and_raises_nothing(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...], name: str, content: bytes
) -> None:
    line, _ = seal(1, [1], NO_ROOT, key)
    path = bundle(tmp_path, key, {**files([line], [event(1)]), name: content}, 1)
    assert complaints(path, keys)


def test_a_file_that_is_not_in_the_signed_list(
    tmp_path: Path, key: SigningKey, keys: tuple[PublicKey, ...]
) -> None:
    line, _ = seal(1, [1], NO_ROOT, key)
    path = bundle(tmp_path, key, files([line], [event(1)]), 1)
    with zipfile.ZipFile(path, "a") as to:
        to.writestr("more.txt", "believe me")
    assert any(
        "more.txt is in the bundle and not in the signed list" in one for one in complaints(path, keys)
    )
