"""Small tables that people import (floors, exchange rates): read strictly, all or nothing.

Comma-separated UTF-8 with the named columns. Every cell that is not right is reported with its
line and column; nothing is guessed and nothing is taken while one is wrong.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palabre.money import MINOR_UNITS
from palabre.pay.errors import TableRefused

LARGEST = 4 * 1024 * 1024  # bytes; the longest honest table of floors is a hundred times smaller
SHOWN = 40  # problems in one message
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,12})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

T = TypeVar("T")


class CellProblem(NamedTuple):
    """`column` is empty where the whole line is meant."""

    line: int
    column: str
    value: str
    what: str

    def __str__(self) -> str:
        if not self.column:
            return _("line %(line)s: %(what)s") % self._asdict()
        return _("line %(line)s, column %(column)s: “%(value)s” %(what)s") % self._asdict()


class Cells:
    """One line; each `take` reads a cell or notes what is wrong with it."""

    def __init__(self, line: int, cells: dict[str, str], problems: list[CellProblem]) -> None:
        self.line = line
        self.cells = cells
        self.problems = problems

    def refuse(self, column: str, what: str | Promise) -> None:
        self.problems.append(CellProblem(self.line, column, self.cells.get(column, "")[:60], str(what)))

    def take(self, column: str, parse: Callable[[str], T | None], default: T, what: str | Promise) -> T:
        """`parse` of the cell; None from it is a problem, and `default` stands in."""
        value = parse(self.cells[column])
        if value is None:
            self.refuse(column, what)
            return default
        return value

    def text(self, column: str) -> str:
        return self.take(column, lambda cell: cell or None, "", gettext_lazy("must not be empty"))

    def choice(self, column: str, choices: Sequence[str]) -> str:
        what = _("must be one of: %(choices)s") % {"choices": ", ".join(choices)}
        return self.take(column, lambda cell: cell if cell in choices else None, choices[0], what)

    def currency(self, column: str) -> str:
        what = gettext_lazy("is not a currency that is known here")
        return self.take(column, lambda cell: cell if cell in MINOR_UNITS else None, "EUR", what)

    def number(self, column: str, decimals: int, most: int = 10**12) -> Decimal:
        """A number above zero with at most so many decimals."""

        def parse(cell: str) -> Decimal | None:
            match = _NUMBER.fullmatch(cell)
            if match is None or len((match[2] or ".")[1:]) > decimals:
                return None
            return number if 0 < (number := Decimal(cell)) <= most else None

        what = _("must be a number above zero such as 370.526, with at most %(decimals)s decimals")
        return self.take(column, parse, Decimal(1), what % {"decimals": decimals})

    def date(self, column: str) -> dt.date:
        return self.take(column, _date, dt.date.min, gettext_lazy("must be a date such as 2026-01-31"))

    def optional(self, column: str, read: Callable[[str], T]) -> T | None:
        """`read` of the column when its cell has something in it."""
        return read(column) if self.cells[column] else None


def _date(cell: str) -> dt.date | None:
    if _DATE.fullmatch(cell) is None:
        return None
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        return None


def read_table(data: bytes, columns: Sequence[str], problems: list[CellProblem]) -> Iterator[Cells]:
    """The lines of a table that has exactly `columns`, in any order; blank lines are passed over.

    Raises: TableRefused for what is no such table at all.
    """
    rows = csv.reader(io.StringIO(decoded(data), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        _check_header(header, columns)
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(cells) != len(header):
                what = _("has %(found)s cells instead of %(expected)s")
                counts = {"found": len(cells), "expected": len(header)}
                problems.append(CellProblem(rows.line_num, "", "", what % counts))
                continue
            yield Cells(rows.line_num, dict(zip(header, cells, strict=True)), problems)
    except csv.Error as error:
        raise _whole(
            _("line %(line)s: the quotation marks are not closed") % {"line": rows.line_num}
        ) from error


def refuse_if(problems: Sequence[CellProblem]) -> None:
    """Raises: TableRefused when there are any."""
    if problems:
        lines = [str(problem) for problem in problems[:SHOWN]]
        if len(problems) > SHOWN:
            lines.append(_("and %(count)s more") % {"count": len(problems) - SHOWN})
        raise TableRefused(path="file", problems="\n".join(lines))


def decoded(data: bytes) -> str:
    """The text of a file. Raises: TableRefused, where it is too long or is no text."""
    if len(data) > LARGEST:
        raise _whole(_("the file is larger than %(limit)s bytes") % {"limit": LARGEST})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _whole(_("line %(line)s: this is not text in UTF-8") % {"line": line}) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _whole(_("line %(line)s: there is a NUL character") % {"line": line})
    return text


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    if sorted(header) != sorted(columns):
        raise _whole(_("line 1: the columns must be %(columns)s") % {"columns": ",".join(columns)})


def _whole(what: str) -> TableRefused:
    return TableRefused(path="file", problems=what)
