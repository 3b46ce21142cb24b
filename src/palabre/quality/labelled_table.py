"""Reads named columns of a CSV file that comes from anywhere, row by row, and says what could not be used.

UTF-8 with or without BOM, UTF-16 with BOM or plainly recognisable; commas, semicolons or tabs, whichever
makes the header name the columns; any line ends; quoted cells with line breaks. Further columns are ignored.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedReader, TextIOWrapper
from itertools import chain
from typing import Literal, Protocol

from palabre.quality.errors import (
    CellTooLong,
    ColumnMissing,
    ColumnRepeated,
    ConsensusRefused,
    HeaderMissing,
    LineTooLong,
    NotText,
    NulCharacter,
    QuoteMisplaced,
    QuoteNotClosed,
)

DELIMITERS = ",;\t"
LONGEST_LINE = 16 * 1024**2
LONGEST_CELL = 128 * 1024
# Places that are kept for the report; all are counted.
MOST_PLACES = 1000

Why = Literal["empty", "beyond_header"]


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that made its row unusable. `column` is its name, or its number where the header has no more."""

    line: int
    column: str
    why: Why


@dataclass(slots=True)
class LeftOut:
    """Rows that were not used: how many, how many cells are to blame, and the first MOST_PLACES of these."""

    rows: int = 0
    cells: int = 0
    places: list[Place] = field(default_factory=list)

    def add(self, places: Sequence[Place]) -> None:
        """Counts one row with the cells to blame."""
        self.rows += 1
        self.cells += len(places)
        self.places.extend(places[: MOST_PLACES - len(self.places)])


class LabelledTable:
    """The rows of a CSV stream, as the cells of the wanted columns.

    Cells are handed on exactly as written. A row is left out, and counted in `left_out`, when a wanted cell
    is empty or blank, or when it has more cells than the header has names: nobody knows then which is which.

    Raises:
        ConsensusRefused: HeaderMissing, ColumnMissing, ColumnRepeated, and what `rows` raises.
    """

    def __init__(self, stream: BufferedReader, name: str, wanted: tuple[str, ...]) -> None:
        self.name = name
        self.left_out = LeftOut()
        self._wanted = wanted
        self._records = _records(stream, name, wanted)
        self._header_line, header = next(self._records, (0, []))
        if not header:
            raise HeaderMissing(name=name, wanted=listed(wanted))
        self._header = [cell.strip() for cell in header]
        self._columns = [self._place_of(column) for column in wanted]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yields the line in which a row begins, and its wanted cells in the order of `wanted`.

        Raises:
            ConsensusRefused: NotText, NulCharacter, LineTooLong, CellTooLong, QuoteNotClosed, QuoteMisplaced.
        """
        columns, width = self._columns, len(self._header)
        for line, record in self._records:
            cells = [record[column] if column < len(record) else "" for column in columns]
            if len(record) <= width and all(map(str.strip, cells)):
                yield line, cells
            else:
                self.left_out.add(self._to_blame(line, record, cells))

    def _place_of(self, column: str) -> int:
        found = self._header.count(column)
        if found == 0:
            raise ColumnMissing(
                line=self._header_line,
                name=self.name,
                column=column,
                wanted=listed(self._wanted),
                present=listed(self._header),
            )
        if found > 1:
            raise ColumnRepeated(line=self._header_line, name=self.name, column=column)
        return self._header.index(column)

    def _to_blame(self, line: int, record: list[str], cells: list[str]) -> list[Place]:
        if len(record) > len(self._header):
            return [Place(line, str(len(self._header) + 1), "beyond_header")]
        blank = [column for column, cell in zip(self._wanted, cells, strict=True) if not cell.strip()]
        return [Place(line, column, "empty") for column in blank]


class _CsvReader(Protocol):
    line_num: int

    def __next__(self) -> list[str]: ...


def _records(stream: BufferedReader, name: str, wanted: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Records that aren't empty, each with the line in which it begins."""
    lines = _lines(stream, name)
    skipped, first = _first_line(lines)
    reader: _CsvReader = csv.reader(chain([first], lines), delimiter=_delimiter(first, wanted), strict=True)
    while True:
        begins = skipped + reader.line_num + 1
        # The module's limit is one for the whole program, and other readers of it need another one.
        before = csv.field_size_limit(LONGEST_CELL)
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refusal(error, begins, name) from error
        finally:
            csv.field_size_limit(before)
        if record:
            yield begins, record


def _refusal(error: csv.Error, line: int, name: str) -> ConsensusRefused:
    # The csv module tells its errors apart by their texts alone.
    if "field limit" in str(error):
        return CellTooLong(line=line, name=name, limit=LONGEST_CELL)
    if "end of data" in str(error):
        return QuoteNotClosed(line=line, name=name)
    return QuoteMisplaced(line=line, name=name)


def _first_line(lines: Iterator[str]) -> tuple[int, str]:
    """The first line that isn't blank, and how many stand before it."""
    skipped = 0
    for line in lines:
        if line.strip():
            return skipped, line
        skipped += 1
    return skipped, ""


def _delimiter(header: str, wanted: tuple[str, ...]) -> str:
    """The delimiter under which the header names most of the wanted columns; else the comma."""

    def named(delimiter: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            # Under a delimiter that isn't theirs, many names are one cell, perhaps beyond the limit.
            return 0
        return len({cell.strip() for cell in cells} & set(wanted))

    return max(DELIMITERS, key=named)


def _lines(stream: BufferedReader, name: str) -> Iterator[str]:
    """Lines with their ends, checked to be text."""
    text = TextIOWrapper(stream, encoding=_encoding(stream), newline="")
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(LONGEST_LINE)
        except UnicodeDecodeError as error:
            raise _not_text(error, number, name) from error
        if not line:
            return
        if "\0" in line:
            raise NulCharacter(name=name, line=number, character=line.index("\0") + 1)
        if len(line) >= LONGEST_LINE:
            raise LineTooLong(name=name, line=number, limit=LONGEST_LINE)
        yield line


def _encoding(stream: BufferedReader) -> str:
    begin = stream.peek(8)[:8]
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Names of columns in UTF-16 without BOM: every other byte is NUL.
    if len(begin) == 8 and not any(begin[1::2]) and all(begin[::2]):
        return "utf-16-le"
    if len(begin) == 8 and not any(begin[::2]) and all(begin[1::2]):
        return "utf-16-be"
    return "utf-8-sig"


def _not_text(error: UnicodeDecodeError, line: int, name: str) -> NotText:
    # A new piece is decoded only when no line end is left of the last one, so the lines that are sound
    # in this piece follow `line` directly.
    sound = error.object[: error.start].decode(error.encoding, "ignore")
    line_ends = sound.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    byte = error.object[error.start : error.start + 1].hex().upper()
    return NotText(name=name, line=line + line_ends, byte=byte)


def listed(names: Sequence[str]) -> str:
    """Names for an error, few and short enough to be read, with nothing that could steer a terminal."""
    shown = ["".join(c for c in name[:40] if c.isprintable()) for name in names[:20]]
    return ", ".join([*shown, "…"] if len(names) > 20 else shown)
