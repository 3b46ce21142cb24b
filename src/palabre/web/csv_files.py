"""Tables for spreadsheets: made piece by piece, and safe to open (a text that looks like a formula is no formula)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase

from palabre.exchange.formats.formulas import guard
from palabre.web.built import built

# A spreadsheet takes a file without it for one of its own alphabet.
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_PIECE = 32_768


class _Line:
    """The csv module writes to it; it keeps the line."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


def csv_file(name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponseBase:
    """A file to download; memory does not grow with it."""
    pieces = (
        _MARK + piece if number == 0 else piece for number, piece in enumerate(csv_pieces(header, rows))
    )
    return built(pieces, name, "text/csv; charset=utf-8")


def csv_pieces(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The text of a table in pieces. Numbers stay numbers."""
    line = _Line()
    # The csv module's writer has no type of its own; it writes to whatever has a `write`.
    to: Any = csv.writer(line, lineterminator="\r\n")
    to.writerow([str(cell) for cell in header])
    for row in rows:
        to.writerow([_cell(value) for value in row])
        if len(line.text) > _PIECE:
            yield line.text
            line.text = ""
    yield line.text


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, int) and not isinstance(value, bool) else guard(str(value))
