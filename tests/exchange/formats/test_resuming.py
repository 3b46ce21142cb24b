"""An import that was interrupted after any row goes on as if it had not been."""

import codecs
import io
import json
import os
import time
import tracemalloc

import pytest

from palabre.exchange.formats import BadRow, Position, Row, read_rows
from palabre.exchange.formats.zip_archive import Archive
from tests.exchange.formats.files import archive, outcomes

TABLE = (
    "id,text\n"
    + "".join(
        f'{n},"é {n}\nwith ""lines"""\r\n' + ("" if n % 7 else "ragged\n\n") + ("" if n % 11 else '"x"y,1\n')
        for n in range(60)
    )
    + '99,"never closed\n1,2\n'
)
ITEMS = [json.dumps({"id": n, "text": f"é {n}"}, indent=n % 3, ensure_ascii=False) for n in range(40)]
FILES = [
    ("a.csv", TABLE.encode()),
    ("a.csv", codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be")),
    ("a.csv", codecs.BOM_UTF8 + TABLE.encode()),
    ("a.json", ("[\n" + ",\n".join(ITEMS) + ', "no object", {"a": 1, "a": 2}, {}] rest').encode()),
    ("a.json", ("[" + ",".join(ITEMS) + ', {"a": "cut').encode("utf-16")),
    ("a.jsonl", ("\n".join(item.replace("\n", "") for item in ITEMS) + "\n\n{bad\n{}").encode()),
    (
        "a.zip",
        archive(*((f"{n}.txt", f"text {n}" if n % 5 else "\x00") for n in range(30)), ("0.TXT", "again")),
    ),
]


def comparable(found: Row | BadRow) -> tuple[object, ...]:
    if isinstance(found, Row):
        return (found.line, found.external_id, found.payload)
    # Around a broken place as much is shown as happens to be in hand.
    value = "" if found.code == "json.broken" else found.value
    return (found.line, found.code, value, found.column, tuple(found.fields.items()))


@pytest.mark.parametrize(("name", "content"), FILES)
@pytest.mark.parametrize("piece", [64, 128 * 1024])
def test_reading_goes_on_after_every_row(
    name: str, content: bytes, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("delimited", "json_array", "json_lines"):
        monkeypatch.setattr(f"palabre.exchange.formats.{module}.CHUNK", piece)
    whole = outcomes(content, name)
    assert len(whole) > 30
    for done, row in enumerate(whole, start=1):
        stored: Position = tuple(json.loads(json.dumps(row.position)))
        rest = outcomes(content, name, from_position=stored)
        assert list(map(comparable, rest)) == list(map(comparable, whole[done:]))


@pytest.mark.parametrize(("name", "content"), FILES)
def test_positions_only_grow_and_end_at_the_total(name: str, content: bytes) -> None:
    positions = [row.position for row in outcomes(content, name)]
    assert positions == sorted(positions)


class Far(io.RawIOBase):
    """A file of `size` bytes that is made while it is read: `head`, then `body` over and over, then `tail`."""

    def __init__(self, head: bytes, body: bytes, size: int, tail: bytes) -> None:
        self.head, self.body, self.size, self.tail = head, body * (1 + 1024**2 // len(body)), size, tail
        self.at = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.at = offset if whence == os.SEEK_SET else self.size + offset
        return self.at

    def read(self, size: int = -1) -> bytes:
        wanted = self.size - self.at if size < 0 else min(size, self.size - self.at)
        pieces = []
        while wanted > 0:
            piece = self._piece(wanted)
            pieces.append(piece)
            wanted -= len(piece)
            self.at += len(piece)
        return b"".join(pieces)

    def _piece(self, wanted: int) -> bytes:
        if self.at < len(self.head):
            return self.head[self.at : self.at + wanted]
        begins = self.size - len(self.tail)
        if self.at >= begins:
            return self.tail[self.at - begins :][:wanted]
        start = (self.at - len(self.head)) % 1024
        return self.body[start : start + min(wanted, begins - self.at, 1024**2)]


LARGE = 256 * 1024**2


@pytest.mark.parametrize(
    ("name", "head", "tail", "code"),
    [
        ("a.csv", b"id,text\n1,", b"\n2,b\n", "cell.too_long"),
        ("a.csv", b'id,text\n1,"', b'"\n2,b\n', "cell.too_long"),
        ("a.csv", b'id,text\n1,"', b"\n2,b\n", "quote.not_closed"),
        ("a.jsonl", b'{"text": "', b'"}\n{"id": 2}\n', "row.too_long"),
        ("a.json", b'[{"text": "', b'"}, {"id": 2}]', "row.too_long"),
    ],
)
def test_a_cell_of_hundreds_of_megabytes_takes_no_memory(
    name: str, head: bytes, tail: bytes, code: str
) -> None:
    file = Far(head, b"x" * 1024, LARGE, tail)
    tracemalloc.start()
    found = list(read_rows(file, name=name))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [each.code if isinstance(each, BadRow) else each.external_id for each in found] == (
        [code] if code == "quote.not_closed" else [code, "2"]
    )
    assert peak < 64 * 1024**2
    assert len(found[0].value) < 100  # type: ignore[union-attr]


def test_a_large_table_is_begun_near_its_end_at_once() -> None:
    line = b"x" * 1019 + b",abc\n"
    file = Far(b"text,abc\n", line, LARGE, b"last,1\n")
    begun = time.perf_counter()
    place = 9 + 1024 * (LARGE // 1024 - 10)
    rows = list(read_rows(file, name="a.csv", from_position=(place, 9, 0)))  # type: ignore[arg-type]
    assert len(rows) < 20
    assert time.perf_counter() - begun < 2


def test_an_archive_counts_what_comes_out() -> None:
    content = io.BytesIO(archive(("a.txt", "12345"), ("b.txt", "123")))
    from palabre.exchange.formats.rows import Expectations, Limits

    one = Archive(content, name="a.zip", limits=Limits())
    assert len(list(one.rows(Expectations(Limits()), None, None))) == 2
    assert one.unpacked == 8
