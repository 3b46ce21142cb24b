"""What a file is, by its content; and a name that says something else is refused."""

import io
import zipfile
from pathlib import Path

import pytest

from palabre.exchange.errors import (
    FileNotSupported,
    FileNotWhatItsNameSays,
    FileRefused,
    FileTooLarge,
    PositionNotInFile,
)
from palabre.exchange.formats import Kind, Limits, inspect_file
from tests.exchange.formats.files import archive, codes, outcomes

TABLE, TABS = b"id,text\n1,a\n", b"id\ttext\n1\ta\n"
LIST, LINES = b'[{"id": 1}]', b'{"id": 1}\n{"id": 2}\n'
TASKS = b'[{"data": {"text": "a"}}]'
ZIP = archive(("a.txt", "a"))
SHEET = archive(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), packing=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (TABLE, "a.csv", Kind.CSV),
        (TABS, "a.csv", Kind.TSV),
        (TABS, "A.TSV", Kind.TSV),
        (b"text\nHello\n", "a.tsv", Kind.TSV),
        (b"text\nHello\n", "a.csv", Kind.CSV),
        (LIST, "a.json", Kind.JSON),
        (b"\xef\xbb\xbf \n" + LIST, "a.json", Kind.JSON),
        (TASKS, "a.json", Kind.LABEL_STUDIO),
        (LINES, "a.jsonl", Kind.JSONL),
        (LINES, "a.ndjson", Kind.JSONL),
        (ZIP, "a.zip", Kind.ZIP),
        (TABLE, "a.txt", Kind.CSV),
        (LINES, "a", Kind.JSONL),
        (ZIP, "export.2026", Kind.ZIP),
        (b"[id],text\n1,a\n", "a.csv", Kind.CSV),
        (b"BMW,text\n1,a\n", "a.csv", Kind.CSV),
        (b"MZ,text\n1,a\n", "a.csv", Kind.CSV),
    ],
)
def test_the_content_tells_the_kind(content: bytes, name: str, kind: Kind) -> None:
    assert inspect_file(io.BytesIO(content), name=name).kind is kind


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (LIST, "a.csv"),
        (LINES, "a.csv"),
        (ZIP, "a.csv"),
        (TABLE, "a.tsv"),
        (TABLE, "a.json"),
        (b"only text", "a.json"),
        (TABLE, "a.jsonl"),
        (LIST, "a.jsonl"),
        (LINES, "a.json"),
        (LIST, "a.zip"),
        (TABLE, "a.zip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "a.csv"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "a.zip"),
        (b"<!DOCTYPE html><title>Log in</title>", "a.csv"),
        (b"\x1f\x8b\x08" + bytes(30), "a.zip"),
        (TABLE, "a.xlsx"),
        (ZIP, "a.pdf"),
        (LIST, "a.png"),
    ],
)
def test_a_name_that_says_something_else_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(FileNotWhatItsNameSays) as refused:
        outcomes(content, name)
    assert name in str(refused.value)
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"%PDF-1.7", "a.pdf", "pdf"),
        (b"%PDF-1.7", "a", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(30), "a.xls", "old office"),
        (b"<html>", "a.txt", "page"),
        (b"<svg/>", "a.svg", "svg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a.wav", "sound or film"),
        (bytes(range(256)) * 4, "a.bin", "binary"),
        (b"\x7fELF" + bytes(60), "a", "program"),
        (SHEET, "a.ods", "open document"),
    ],
)
def test_kinds_that_are_never_imported_are_named(content: bytes, name: str, found: str) -> None:
    with pytest.raises(FileNotSupported) as refused:
        outcomes(content, name)
    assert refused.value.fields["found"] == found


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(FileTooLarge):
        outcomes(TABLE, "a.csv", limits=Limits(file_bytes=5))


def test_a_few_nuls_do_not_make_a_text_binary() -> None:
    assert codes(b"id,text\n1,a\x00\n2,b\n") == ["text.control", "ok"]


def test_a_path_is_opened_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE)
    facts = inspect_file(path, name="a.csv")
    assert (facts.total, facts.delimiter, facts.encoding.name) == (len(TABLE), ",", "utf-8")


def test_every_refusal_is_of_one_family_and_reads_well() -> None:
    with pytest.raises(FileRefused) as refused:
        outcomes(LIST, "a.csv")
    assert str(refused.value) == (
        "The name of “a.csv” says a table (CSV), but it holds a JSON list. "
        "Give it the name that fits, or choose the file that you meant."
    )


@pytest.mark.parametrize(("content", "name"), [(TABLE, "a.csv"), (ZIP, "a.zip"), (LIST, "a.json")])
@pytest.mark.parametrize("place", [-1, 10_000])
def test_a_position_of_another_file_is_refused(content: bytes, name: str, place: int) -> None:
    with pytest.raises(PositionNotInFile):
        outcomes(content, name, from_position=(place, 1, 0))
