"""`palabre verify`: what it says of good files and of every kind of bad one, without a database."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from palabre.record import verify_file as module
from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign, signed_bytes
from palabre.record.did import multibase
from palabre.record.keys import PublicKey, SigningKey, key_list
from palabre.record.problems import Problem
from palabre.record.sealing import NO_ROOT, SealContent, seal_credential
from palabre.record.strict_json import MOST_BYTES
from palabre.record.verify_file import Report, report_lines, run, verify_file

AT = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
Write = Callable[[object], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts a document, text or bytes into a file."""

    def write(content: object) -> Path:
        path = tmp_path / f"file-{len(list(tmp_path.iterdir()))}.json"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False))
        return path

    return write


def codes(report: Report) -> list[str]:
    assert all(str(problem) for problem in report.problems)
    return [problem.code.removeprefix("record.") for problem in report.problems]


def check(path: Path, keys: Path | None = None) -> list[str]:
    return codes(verify_file(path, keys, at=AT))


def chain_of(key: SigningKey, count: int) -> list[dict[str, Json]]:
    """Signed seals of ten events each."""
    seals, root = [], NO_ROOT
    for number in range(1, count + 1):
        content = SealContent(
            number=number,
            first=number * 10 - 9,
            last=number * 10,
            late=[],
            missing=[number * 10],
            count=9,
            root=f"{number:064x}",
            previous_root=root,
            sealed_at=AT - dt.timedelta(days=1),
        )
        seals.append(seal_credential(content, key))
        root = content.root
    return seals


def presentation(documents: object) -> dict[str, object]:
    context = ["https://www.w3.org/ns/credentials/v2"]
    return {"@context": context, "type": "VerifiablePresentation", "verifiableCredential": documents}


def test_a_good_file_holds(
    signed: dict[str, Json], keys: tuple[PublicKey, ...], write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(signed)
    assert run(path, None, at=AT) == 0
    assert "no list of keys" in capsys.readouterr().out
    assert run(path, write(key_list(keys)), at=AT) == 0
    assert "in your list of keys" in capsys.readouterr().out


def test_any_changed_digit_is_found(
    signed: dict[str, Json], write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(signed)
    digits = [match.start() for match in re.finditer(r"\d", text)]
    assert len(digits) > 40
    for place in digits:
        changed = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        assert run(write(changed), None, at=AT) == 1
    assert "NOT hold" in capsys.readouterr().out


def test_the_spelling_of_the_file_means_nothing(signed: dict[str, Json], write: Write) -> None:
    assert check(write(json.dumps(signed, indent=8, sort_keys=True))) == []
    assert check(write(json.dumps(signed).replace("0.62", "6.2E-1").replace("1234", "1.234e3"))) == []


def test_a_removed_proof(signed: dict[str, Json], write: Write) -> None:
    assert check(write({name: item for name, item in signed.items() if name != "proof"})) == ["proof_missing"]


def test_another_key(signed: dict[str, Json], stranger: SigningKey, write: Write) -> None:
    others = write(key_list([PublicKey(stranger.did, AT - dt.timedelta(days=90))]))
    assert check(write(signed), others) == ["issuer_not_listed"]


def test_a_file_out_of_date(signed: dict[str, Json], write: Write) -> None:
    path = write(signed)
    assert codes(verify_file(path, None, at=AT + dt.timedelta(days=400))) == ["expired"]
    assert codes(verify_file(path, None, at=AT - dt.timedelta(days=400))) == ["not_yet_valid"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_not_json"),
        (b"\x89PNG\r\n\x1a\n\0", "file_not_text"),
        (b"%PDF-1.7", "file_not_text"),
        ("[" * 100_000, "file_too_deep"),
        (b" " * (MOST_BYTES + 1), "file_too_big"),
        ('{"a": 1, "a": 2}', "key_repeated"),
        ('{"a": 1e999}', "number_refused"),
        ('{"a": 123456789012345678901234567890}', "number_refused"),
        ([], "credential_malformed"),
        ("3", "credential_malformed"),
        ("null", "credential_malformed"),
        ({}, "credential_malformed"),
        ({"type": "FeatureCollection", "features": []}, "credential_malformed"),
        ({"type": "PalabreKeys", "keys": []}, "credential_malformed"),
        (presentation([]), "credential_malformed"),
        (presentation({}), "credential_malformed"),
        (presentation([1]), "credential_malformed"),
    ],
    ids=range(17),
)
def test_files_that_are_no_credential(content: object, code: str, write: Write) -> None:
    assert check(write(content)) == [code]


def test_files_that_cannot_be_read(tmp_path: Path, signed: dict[str, Json], write: Write) -> None:
    assert check(tmp_path / "none.json") == ["file_unreadable"]
    assert check(tmp_path) == ["file_unreadable"]
    assert check(Path("\0")) == ["file_unreadable"]
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert check(fifo) == ["file_unreadable"]
    assert check(write(signed), tmp_path / "none.json") == ["file_unreadable"]


@pytest.mark.parametrize("content", ["{}", "[]", '{"type": "PalabreKeys", "keys": [1]}'])
def test_a_list_of_keys_that_is_none(content: str, signed: dict[str, Json], write: Write) -> None:
    keys = write(content)
    report = verify_file(write(signed), keys, at=AT)
    assert codes(report) == ["key_list_malformed"]
    assert str(keys) in str(report.problems[0])


def test_a_chain_of_seals_holds(key: SigningKey, write: Write) -> None:
    seals = chain_of(key, 5)
    assert check(write(presentation(seals))) == []
    assert check(write(presentation(seals[2:]))) == []
    assert check(write(seals[3])) == []


def test_a_chain_with_a_seal_missing(key: SigningKey, write: Write) -> None:
    seals = chain_of(key, 5)
    assert check(write(presentation([*seals[:2], *seals[3:]]))) == ["seal_number"]
    assert check(write(presentation(seals[::-1])))[0] == "seal_number"


def test_a_chain_with_another_root_in_it(key: SigningKey, write: Write) -> None:
    seals = chain_of(key, 3)
    subject = seals[1]["credentialSubject"]
    assert isinstance(subject, dict)
    bare = {**seals[1], "credentialSubject": {**subject, "previousRoot": NO_ROOT}}
    del bare["proof"]
    seals[1] = sign(bare, key, created=AT - dt.timedelta(days=1))
    assert check(write(presentation(seals))) == ["seal_previous_root"]


def test_every_bad_document_of_several_is_named(key: SigningKey, write: Write) -> None:
    seals = chain_of(key, 4)
    for index in (1, 3):
        seals[index] = {**seals[index], "validFrom": "2026-01-01T00:00:00Z"}
    report = verify_file(write(presentation(seals)), None, at=AT)
    assert codes(report) == ["signature_wrong", "signature_wrong"]
    assert [str(problem).split(":")[0] for problem in report.problems] == ["Document 2", "Document 4"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"eventCount": 10}, "seal_count"),
        ({"lastEvent": 8}, "seal_missing"),
        ({"root": "xyz"}, "seal_malformed"),
        ({"lateEvents": 3}, "seal_malformed"),
    ],
)
def test_a_signed_seal_that_contradicts_itself(
    key: SigningKey, write: Write, changes: dict[str, Json], code: str
) -> None:
    subject = chain_of(key, 1)[0]["credentialSubject"]
    assert isinstance(subject, dict)
    bare = credential("SealCredential", {**subject, **changes}, issuer=key.did, valid_from=AT)
    assert check(write(sign(bare, key, created=AT))) == [code]


def test_a_room_adds_what_it_checks(
    signed: dict[str, Json], write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module.checks, "Example", lambda subject: [Problem("test.sum", "%(hours)s", subject)])
    report = verify_file(write(signed), None, at=AT)
    assert [str(problem) for problem in report.problems] == ["1234"]


def test_what_is_printed_cannot_steer_the_terminal(
    key: SigningKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = credential("X", {"a": 1}, issuer="\x1b[2J\x07\u00a0" + "x" * 5000, valid_from=AT)
    options: dict[str, Json] = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "created": "2026-04-01T00:00:00Z",
        "verificationMethod": key.method,
    }
    value = multibase(key.private.sign(signed_bytes(document, options)))
    path = tmp_path / "a\x1b[2J.json"
    path.write_text(json.dumps({**document, "proof": {**options, "proofValue": value}}))
    assert check(path) == ["key_not_issuers"]
    run(path, None, at=AT)
    printed = capsys.readouterr().out
    assert not {"\x1b", "\x07"} & set(printed)
    assert "\u00a0x" in printed
    assert max(map(len, printed.splitlines())) <= 500


def test_it_runs_without_django_set_up(signed: dict[str, Json], write: Write) -> None:
    script = (
        "import sys, datetime as dt; from pathlib import Path; from palabre.record.verify_file import run;"
        "sys.exit(run(Path(sys.argv[1]), None, at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC)))"
    )
    for content, status in ((signed, 0), ({**signed, "validFrom": "2026-01-01T00:00:00Z"}, 1)):
        done = subprocess.run(
            [sys.executable, "-c", script, str(write(content))],
            env={"PYTHONPATH": os.pathsep.join(sys.path), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (status, "")
        assert "hold" in done.stdout


def test_the_report_names_the_file_and_every_problem() -> None:
    report = Report((), (Problem("a", "one"), Problem("b", "two %(n)s", {"n": 2})))
    assert report_lines(Path("x.json"), report) == ["x.json does NOT hold:", "  - one", "  - two 2"]
