"""Rows to a file: CSV, JSONL, and a JSON list (Label Studio's form). Written in pieces, in flat memory.

A row is a sequence of values in the order of the columns. Text is UTF-8 without a byte order mark.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import IO, Protocol

from palabre.exchange.formats.formulas import any_risky, guard
from palabre.exchange.formats.kinds import Kind
from palabre.exchange.formats.rows import JsonValue

_PIECE = 256 * 1024
_MOST_ROWS = 1_000
_AS_IT_IS = {str, int, float, type(None)}
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class RowWriter(Protocol):
    """Takes rows; `close` writes what is left, and leaves the file open."""

    def write(self, row: Sequence[JsonValue]) -> None: ...

    def close(self) -> None: ...


def writer(kind: Kind, out: IO[bytes], columns: Sequence[str]) -> RowWriter:
    """A writer of one of the formats that are exported: CSV, JSONL, LABEL_STUDIO (`label_studio.COLUMNS`)."""
    if kind is Kind.CSV:
        return CsvWriter(out, columns)
    return JsonWriter(out, columns, as_list=kind is Kind.LABEL_STUDIO)


class CsvWriter:
    """RFC 4180: commas, CR LF, a header. Texts that a spreadsheet would run are guarded (see `formulas`).

    None is an empty cell, true and false are written so, lists and objects as JSON.
    """

    def __init__(self, out: IO[bytes], columns: Sequence[str]) -> None:
        self._out = out
        self._rows: list[Sequence[JsonValue]] = [list(columns)]
        self._most = 16

    def write(self, row: Sequence[JsonValue]) -> None:
        self._rows.append(row)
        if len(self._rows) >= self._most:
            self._flush()

    def close(self) -> None:
        self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        text = io.StringIO(newline="")
        columns = [_safe_cells(cells) for cells in zip(*self._rows, strict=True)]
        csv.writer(text, lineterminator="\r\n").writerows(zip(*columns, strict=True))
        piece = text.getvalue()
        self._out.write(piece.encode())
        # As many rows at a time as make a piece, whatever their size.
        fitting = _PIECE * len(self._rows) // len(piece)
        self._most = max(1, min(_MOST_ROWS, self._most * 2, fitting))
        self._rows.clear()


def _safe_cells(cells: Sequence[JsonValue]) -> Sequence[JsonValue]:
    """The cells of one column, looked at all at once because nearly none of them needs a guard."""
    kinds = set(map(type, cells))
    if not kinds <= _AS_IT_IS:
        cells = [_plain(cell) for cell in cells]
    texts: Iterable[str] = (cell for cell in cells if isinstance(cell, str))
    if (str not in kinds and kinds <= _AS_IT_IS) or not any_risky(texts):
        return cells
    return [guard(cell) if isinstance(cell, str) else cell for cell in cells]


def _plain(cell: JsonValue) -> JsonValue:
    return _to_json(cell) if isinstance(cell, bool | list | dict) else cell


class JsonWriter:
    """One object a row, with the columns as its fields: a line each, or together a list."""

    def __init__(self, out: IO[bytes], columns: Sequence[str], *, as_list: bool) -> None:
        self._out = out
        self._columns = tuple(columns)
        self._as_list = as_list
        self._separator = ",\n" if as_list else "\n"
        self._pieces: list[str] = []
        self._size = 0
        self._begun = False

    def write(self, row: Sequence[JsonValue]) -> None:
        piece = _to_json(dict(zip(self._columns, row, strict=True)))
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= _PIECE:
            self._flush()

    def close(self) -> None:
        self._flush()
        if self._as_list:
            self._out.write(b"\n]\n" if self._begun else b"[]\n")
        elif self._begun:
            self._out.write(b"\n")

    def _flush(self) -> None:
        if not self._pieces:
            return
        opening = "[\n" if self._as_list else ""
        lead = self._separator if self._begun else opening
        self._out.write((lead + self._separator.join(self._pieces)).encode())
        self._begun = True
        self._pieces.clear()
        self._size = 0
