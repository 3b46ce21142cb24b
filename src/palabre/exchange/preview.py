"""A file looked at before it is imported: what it is, its columns, and its first rows."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from palabre.exchange.errors import EncodingNotClear, Refused
from palabre.exchange.formats import BadRow, JsonValue, Kind, Row, inspect_file, read_rows
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.models import Upload
from palabre.exchange.parts import opened
from palabre.work.queries.versions import payload_form_of

ROWS = 6
LONGEST = 80
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_IDS = ("id", "external_id", "ref", "key", "uuid")


@dataclass(frozen=True, slots=True)
class Preview:
    """`rows`: the first cells by column; `bad`: rows among the first ones that can't be taken.

    `refused`: why nothing of the file can be read; then the rest is empty. `fields`: what the schema shows.
    """

    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    bad: tuple[BadRow, ...] = ()
    fields: tuple[str, ...] = ()
    refused: Refused | None = None
    guesses: Mapping[str, str] = field(default_factory=dict)

    @property
    def encoding_wanted(self) -> bool:
        """Whether only the name of the encoding is missing."""
        return isinstance(self.refused, EncodingNotClear)

    @property
    def id_guess(self) -> str:
        """The column that looks like the one of ids; empty when none does."""
        low = {column.lower(): column for column in reversed(self.columns)}
        return next((low[name] for name in _IDS if name in low), "")


def preview(upload: Upload, encoding: str = "") -> Preview:
    """What a file that has arrived whole looks like. Reads its beginning only (of an archive, its list)."""
    form = payload_form_of(upload.project)
    fields = form.fields if form else ()
    try:
        with opened(upload) as file:
            facts = inspect_file(file, name=upload.name, encoding=encoding or None)
            rows = read_rows(file, name=upload.name, encoding=encoding or None)
            first = list(itertools.islice(rows, ROWS))
    except Refused as error:
        return Preview(refused=error, fields=fields)
    good = [row for row in first if isinstance(row, Row)]
    columns = tuple(dict.fromkeys(name for row in good for name in row.payload))
    return Preview(
        kind=str(facts.kind),
        encoding="" if facts.kind is Kind.ZIP else facts.encoding.name,
        delimiter=_DELIMITERS.get(facts.delimiter or "", ""),
        columns=columns,
        rows=tuple(tuple(_cell(row.payload.get(name)) for name in columns) for row in good),
        bad=tuple(row for row in first if isinstance(row, BadRow)),
        fields=fields,
        guesses=guessed(fields, columns),
    )


def guessed(fields: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """A column for each field: the one of that name, whatever its capitals; else the only one left for it."""
    low = {column.lower(): column for column in reversed(columns)}
    found = {name: low[name.lower()] for name in fields if name.lower() in low}
    left = [column for column in columns if column not in found.values() and column.lower() not in _IDS]
    missing = [name for name in fields if name not in found]
    if len(missing) == 1 and len(left) == 1:
        found[missing[0]] = left[0]
    return found


def _cell(value: JsonValue) -> str:
    return "" if value is None else excerpt(value if isinstance(value, str) else str(value), LONGEST)
