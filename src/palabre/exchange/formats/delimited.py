"""CSV and TSV: a header, then one row a record; quoted cells may hold line ends (RFC 4180).

The file is read in pieces of whole records, so that what is checked for every cell is searched for once a
piece. Quotation marks are taken strictly: a record whose quotes don't add up is refused as a whole, with its
lines, because where it was meant to end can only be guessed.
"""

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from palabre.exchange.errors import (
    FieldMissing,
    HeaderNameMissing,
    HeaderNameRepeated,
    HeaderTooWide,
    HeaderUnreadable,
)
from palabre.exchange.formats.decoding import FORBIDDEN, Encoding, TextSource
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.formulas import unguard
from palabre.exchange.formats.json_rows import checked_id
from palabre.exchange.formats.json_text import text_problem
from palabre.exchange.formats.long_record import LongRecord
from palabre.exchange.formats.rows import BadRow, Expectations, JsonValue, Position, Problem, Row

CHUNK = 128 * 1024
DELIMITERS = ",;\t|"
# The module's own limit (131,072) would refuse cells that are allowed here; ours is checked for each cell.
csv.field_size_limit(sys.maxsize)


def sniff_delimiter(sample: str) -> str | None:
    """The separator that cuts the first records of `sample` most evenly; None when none cuts the first."""
    lines = list(io.StringIO(sample, newline=""))[:40]
    best = max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))
    return best if _evenness(lines, best) > (0.0, 0) else None


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return (0.0, 0)
    if not widths or widths[0] == 1:
        return (0.0, 0)
    return (widths.count(widths[0]) / len(widths), widths[0])


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is written."""

    encoding: Encoding
    delimiter: str


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and where the first row begins."""

    names: tuple[str, ...]
    body: Position


def read_header(binary: IO[bytes], form: TableForm, *, name: str, expectations: Expectations) -> Header:
    """Read the first record that is not blank.

    Raises HeaderUnreadable, HeaderTooWide, HeaderNameMissing, HeaderNameRepeated, FieldMissing.
    """
    source = TextSource(binary, form.encoding, form.encoding.bom)
    text = ""
    while more := source.read(CHUNK):
        text += more
        if header := _first_record(text, form, at_end=False):
            break
        if len(text) > expectations.limits.row_bytes:
            raise HeaderUnreadable(name=name, line=1)
    else:
        header = _first_record(text, form, at_end=True)
    if header is None:
        raise HeaderUnreadable(name=name, line=1)
    _check_names(header, name, expectations)
    return header


def _first_record(text: str, form: TableForm, *, at_end: bool) -> Header | None:
    lines = list(io.StringIO(text, newline=""))
    if not at_end and not lines[-1].endswith(("\n", "\r")):
        lines.pop()
    reader = csv.reader(lines, delimiter=form.delimiter, strict=True)
    try:
        cells = next(filter(None, reader), None)
    except csv.Error:
        return None
    if cells is None:
        return None
    used = "".join(lines[: reader.line_num])
    names = tuple(cell.strip() for cell in cells)
    return Header(names, (form.encoding.bom + form.encoding.size(used), reader.line_num + 1, 0))


def _check_names(header: Header, name: str, expectations: Expectations) -> None:
    names, line = header.names, header.body[1] - 1
    if len(names) > expectations.limits.fields:
        raise HeaderTooWide(name=name, found=len(names), limit=expectations.limits.fields)
    for column, each in enumerate(names, start=1):
        if not each:
            raise HeaderNameMissing(name=name, column=column, line=line)
        if FORBIDDEN.search(each):
            raise HeaderUnreadable(name=name, line=line)
        if (first := names.index(each) + 1) < column:
            raise HeaderNameRepeated(name=name, column=excerpt(each), first=first, second=column)
    wanted = (expectations.id_field, *expectations.required)
    for field in wanted:
        if field is not None and field not in names:
            raise FieldMissing(name=name, column=field, present=excerpt(", ".join(names), 300))


def read_table(
    binary: IO[bytes],
    form: TableForm,
    header: Header,
    expectations: Expectations,
    start: Position | None,
) -> Iterator[Row | BadRow]:
    """One row a record. A position is (byte offset of a piece, its first line, lines of it that are done)."""
    table = _Table(binary, form, header, expectations, start)
    while table.read_piece():
        yield from table.rows()
        if table.overflows():
            yield table.skip_record()


class _Table:
    """The piece of text in hand: `_lines` begin at byte `_offset`, line `_line` of the file."""

    def __init__(
        self,
        binary: IO[bytes],
        form: TableForm,
        header: Header,
        expectations: Expectations,
        start: Position | None,
    ) -> None:
        self._offset, self._line, self._skip = start or header.body
        self._source = TextSource(binary, form.encoding, self._offset)
        self._encoding = form.encoding
        self._delimiter = form.delimiter
        self._names = header.names
        self._expectations = expectations
        self._id = self._id_column()
        self._id_limit = expectations.limits.id_characters
        self._required = tuple((name, header.names.index(name)) for name in expectations.required)
        self._lines: list[str] = []
        self._rest = ""
        self._at_end = False
        self._careful = False

    def _id_column(self) -> int | None:
        field = self._expectations.id_field or "id"
        return self._names.index(field) if field in self._names else None

    def read_piece(self) -> bool:
        """Take the next whole lines in hand; False when there is nothing more."""
        if self._at_end:
            return False
        limits, held = self._expectations.limits, len(self._rest)
        # Twice as much each time, so that a long record is not parsed again and again; never far over its limit.
        more = self._source.read(max(CHUNK, min(held, limits.row_bytes - held)))
        self._at_end = not more
        text = self._rest + more
        end = len(text) if self._at_end else max(text.rfind("\n"), text.rfind("\r")) + 1
        self._rest = text[end:]
        self._lines = list(io.StringIO(text[:end], newline=""))
        self._careful = bool(
            self._required
            or self._expectations.guarded
            or len(text) * 4 > min(limits.cell_bytes, limits.row_bytes)
            or FORBIDDEN.search(text, 0, end)
        )
        return bool(text)

    def rows(self) -> Iterator[Row | BadRow]:
        """The rows of the lines in hand; the lines of a record that goes on after them are kept for later."""
        reader = csv.reader(iter(self._lines), delimiter=self._delimiter, strict=True)
        begun = 0
        while True:
            try:
                for cells in reader:
                    first, begun = begun, reader.line_num
                    if begun > self._skip and cells:
                        yield self._row(cells, self._line + first, (self._offset, self._line, begun))
                break
            except csv.Error as error:
                never_closed = reader.line_num == len(self._lines) and "unexpected end" in str(error)
                if never_closed and not self._at_end:
                    break
                first, begun = begun, reader.line_num
                if begun > self._skip:
                    yield self._quote_problem(first, begun, "not_closed" if never_closed else "misplaced")
        self._let_go(begun)

    def _row(self, cells: list[str], line: int, position: Position) -> Row | BadRow:
        # The short way for nearly all rows: nothing in this piece of the file needs a look at each cell.
        column = self._id
        if not self._careful and len(cells) == len(self._names) and any(cells):
            if column is None:
                return Row(line, position, None, dict(zip(self._names, cells, strict=True)))
            if 0 < len(identifier := cells[column].strip()) <= self._id_limit:
                return Row(line, position, identifier, dict(zip(self._names, cells, strict=True)))
        checked = self._checked(cells)
        if isinstance(checked, Problem):
            return checked.at(line, position)
        return Row(line, position, *checked)

    def _checked(self, cells: list[str]) -> tuple[str | None, dict[str, JsonValue]] | Problem:
        """The long way: each rule, cell by cell."""
        if problem := self._shape_problem(cells):
            return problem
        for name, cell in zip(self._names, cells, strict=True):
            if problem := text_problem(cell, name, self._expectations.limits):
                return problem
        if self._expectations.guarded:
            cells = [unguard(cell) for cell in cells]
        for name, column in self._required:
            if not cells[column].strip():
                return Problem("cell.blank", name, "", {})
        identifier = None if self._id is None else self._identifier(cells[self._id])
        if isinstance(identifier, Problem):
            return identifier
        payload: dict[str, JsonValue] = dict(zip(self._names, cells, strict=True))
        return identifier, payload

    def _identifier(self, cell: str) -> str | Problem | None:
        return checked_id(cell, self._expectations.id_field or "id", self._expectations)

    def _shape_problem(self, cells: list[str]) -> Problem | None:
        limit = self._expectations.limits.row_bytes
        shown = excerpt(self._delimiter.join(cell[:100] for cell in cells[:20]))
        if not any(cells):
            return Problem("row.empty", None, shown, {})
        if len(cells) != len(self._names):
            return Problem("row.width", None, shown, {"found": len(cells), "expected": len(self._names)})
        if sum(map(len, cells)) > limit:
            return Problem("row.too_long", None, shown, {"limit": limit})
        return None

    def _quote_problem(self, first: int, begun: int, how: str) -> BadRow:
        shown = excerpt(self._lines[first])
        problem = Problem(f"quote.{how}", None, shown, {"last_line": self._line + begun - 1})
        return problem.at(self._line + first, (self._offset, self._line, begun))

    def _let_go(self, done: int) -> None:
        self._rest = "".join(self._lines[done:]) + self._rest
        self._offset += self._encoding.size("".join(self._lines[:done]))
        self._line += done
        self._skip = max(0, self._skip - done)
        self._lines = []

    def overflows(self) -> bool:
        """Whether the record that is not ended yet is already longer than any may be."""
        return len(self._rest) > self._expectations.limits.row_bytes

    def skip_record(self) -> BadRow:
        """Read to the end of that record without keeping it."""
        first, record, text = self._line, LongRecord(self._delimiter), self._rest
        problem = self._long_problem(text)
        while (end := record.end(text)) is None:
            self._pass_over(text)
            text = self._source.read(CHUNK)
            if not text:
                self._at_end = True
                break
        else:
            self._pass_over(text[:end])
            text = text[end:]
        self._rest = text
        if record.quoted:
            problem = Problem("quote.not_closed", problem.column, problem.value, {"last_line": self._line})
        return problem.at(first, (self._offset, self._line, 0))

    def _long_problem(self, text: str) -> Problem:
        limits = self._expectations.limits
        lines = io.StringIO(text, newline="")
        cells = next(csv.reader(lines, delimiter=self._delimiter))
        name = self._names[min(len(cells), len(self._names)) - 1]
        if len(cells[-1]) > limits.cell_bytes:
            return Problem("cell.too_long", name, excerpt(cells[-1]), {"limit": limits.cell_bytes})
        return Problem("row.too_long", None, excerpt(text), {"limit": limits.row_bytes})

    def _pass_over(self, text: str) -> None:
        self._offset += self._encoding.size(text)
        self._line += text.count("\n") + text.count("\r") - text.count("\r\n")
