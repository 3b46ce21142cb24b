"""CSV after RFC 4180, with every text made safe for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence

from palabre.exchange.formats.formulas import guard


def csv_bytes(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows in UTF-8; texts that a spreadsheet would run get an apostrophe in front, numbers stay."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return out.getvalue().encode()
