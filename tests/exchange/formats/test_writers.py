"""Exports: what other programs read is what was written, and our own reader gives it back."""

import csv
import io
import json
import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.exchange.formats import JsonValue, Kind, Row, read_rows, writer
from palabre.exchange.formats.formulas import unguard

COLUMNS = ("task", "label", "note")


def written(kind: Kind, rows: Sequence[Sequence[JsonValue]], columns: Sequence[str] = COLUMNS) -> bytes:
    out = io.BytesIO()
    rows_out = writer(kind, out, columns)
    for row in rows:
        rows_out.write(row)
    rows_out.close()
    return out.getvalue()


def test_csv_is_what_rfc_4180_says() -> None:
    rows: list[list[JsonValue]] = [["1", 'a "b", c', "é\n"], [2, None, -1.5], ["x", True, ["l", {"k": 1}]]]
    assert written(Kind.CSV, rows).decode() == (
        'task,label,note\r\n1,"a ""b"", c","é\n"\r\n2,,-1.5\r\nx,true,"[""l"",{""k"":1}]"\r\n'
    )


def test_texts_are_guarded_and_numbers_are_not() -> None:
    content = written(Kind.CSV, [["=1", -5, "-5"], ["a", 1, "b"], ["＋x", None, '["=1"]']])
    lines = content.decode().splitlines()
    assert lines[1:] == ["'=1,-5,'-5", "a,1,b", '\'＋x,,"[""=1""]"']


def test_even_a_header_is_guarded() -> None:
    assert written(Kind.CSV, [], ["=cmd", "b"]) == b"'=cmd,b\r\n"


def test_lists_and_objects_are_guarded_like_other_texts() -> None:
    assert written(Kind.CSV, [[["=1"], 1, 1]]).startswith(b'task,label,note\r\n"[""=1""]"')


def test_jsonl_is_one_object_a_line() -> None:
    content = written(Kind.JSONL, [["1", "=é\u2028\n", None], [2, {"a": [1.5]}, True]])
    assert content.count(b"\n") == 2
    assert [json.loads(line) for line in content.split(b"\n")[:-1]] == [
        {"task": "1", "label": "=é\u2028\n", "note": None},
        {"task": 2, "label": {"a": [1.5]}, "note": True},
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 50_000])
def test_a_list_is_one_json_value(count: int) -> None:
    content = written(Kind.LABEL_STUDIO, [[n, "x", None] for n in range(count)])
    assert json.loads(content) == [{"task": n, "label": "x", "note": None} for n in range(count)]


def test_no_rows_are_a_header_or_nothing() -> None:
    assert written(Kind.CSV, []) == b"task,label,note\r\n"
    assert written(Kind.JSONL, []) == b""


def test_a_row_of_another_width_is_a_mistake_of_the_program() -> None:
    for kind in (Kind.CSV, Kind.JSONL):
        with pytest.raises(ValueError, match="zip"):
            written(kind, [["1", "2"]])


def test_not_a_number_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        written(Kind.JSONL, [[float("nan"), 1, 2]])


# What can be stored: no NUL, no half characters, no other controls (they are refused when they come in).
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t\"',;=+-@|"), max_size=30
)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
CELL = st.one_of(TEXT, st.integers(-(2**53), 2**53), FINITE, st.none())


@given(st.lists(st.tuples(TEXT, TEXT, TEXT).filter(any), min_size=1, max_size=40))
def test_csv_comes_back_with_any_text(rows: list[tuple[str, str, str]]) -> None:
    content = written(Kind.CSV, rows)
    read = list(read_rows(io.BytesIO(content), name="a.csv", guarded=True))
    assert [tuple(row.payload.values()) for row in read if isinstance(row, Row)] == rows
    assert len(read) == len(rows)


@given(st.lists(st.tuples(TEXT, CELL, CELL), max_size=40))
def test_csv_is_read_by_the_standard_reader(rows: list[tuple[JsonValue, ...]]) -> None:
    read = list(csv.reader(io.StringIO(written(Kind.CSV, rows).decode(), newline="")))
    assert read[0] == list(COLUMNS)
    expected = [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert [[unguard(text) for text in row] for row in read[1:]] == [
        [unguard(text) if not isinstance(cell, str) else text for text, cell in zip(row, cells, strict=True)]
        for row, cells in zip(expected, rows, strict=True)
    ]


VALUE = st.recursive(
    CELL | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(("kind", "name"), [(Kind.JSONL, "a.jsonl"), (Kind.LABEL_STUDIO, "a.json")])
@given(rows=st.lists(st.tuples(TEXT, VALUE, VALUE), min_size=1, max_size=20))
def test_json_comes_back_with_any_value(kind: Kind, name: str, rows: list[tuple[JsonValue, ...]]) -> None:
    read = list(read_rows(io.BytesIO(written(kind, rows)), name=name))
    assert [tuple(row.payload.values()) for row in read if isinstance(row, Row)] == rows


class Counter:
    """A file that keeps nothing."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, piece: bytes) -> int:
        self.size += len(piece)
        return len(piece)


@pytest.mark.parametrize("kind", [Kind.CSV, Kind.JSONL, Kind.LABEL_STUDIO])
@pytest.mark.parametrize(("count", "length"), [(50_000, 10), (60, 1_000_000)])
def test_memory_stays_flat(kind: Kind, count: int, length: int) -> None:
    out = Counter()
    tracemalloc.start()
    rows = writer(kind, out, COLUMNS)  # type: ignore[arg-type]
    for number in range(count):
        rows.write((number, "x" * length, None))
    rows.close()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert out.size > count * length
    assert peak < 160 * 1024**2 if length > 1000 else peak < 8 * 1024**2
