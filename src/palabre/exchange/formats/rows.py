"""What a reader yields: rows, and rows that cannot be taken with the place and the reason."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, NamedTuple

from palabre.exchange.errors import Refused, describe_row, row_remedy, row_wrong
from palabre.exchange.formats.excerpts import excerpt

JsonScalar = str | int | float | bool | None
JsonValue = JsonScalar | list["JsonValue"] | dict[str, "JsonValue"]

# Where reading goes on after a row: (place, line, skip). The place is a byte offset for texts and a member's
# number for archives, so place / FileFacts.total is the progress. Callers store it as it is (a JSON list).
Position = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask for. Sizes are bytes (a cell's: of its UTF-8 form)."""

    file_bytes: int = 5 * 1024**3
    row_bytes: int = 4 * 1024**2
    cell_bytes: int = 1024**2
    fields: int = 1_000
    depth: int = 64
    id_characters: int = 255
    members: int = 200_000
    member_bytes: int = 32 * 1024**2
    unpacked_bytes: int = 20 * 1024**3
    expansion: int = 200
    picture_pixels: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the importer expects of every row.

    `id_field` None means the field "id" where there is one, which may be blank; a named field must be filled.
    `guarded` undoes the apostrophe that our own CSV export puts before formulas.
    """

    limits: Limits
    id_field: str | None = None
    required: tuple[str, ...] = ()
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file inside an archive. `open` works while the rows are being read."""

    member: str
    number: int
    content_type: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]


class Row(NamedTuple):
    """One task to be. `line` is the first physical line (the number of the member in an archive)."""

    line: int
    position: Position
    external_id: str | None
    payload: dict[str, JsonValue]
    media: Media | None = None
    foreign: dict[str, JsonValue] | None = None

    def refused(self, error: Refused) -> "BadRow":
        """The row as one that cannot be taken after all, because of its picture or its file."""
        value = excerpt(self.media.member, 200) if self.media else ""
        return Problem.of(error)._replace(value=value).at(self.line, self.position)


class BadRow(NamedTuple):
    """One row that cannot be taken: `value` is a short excerpt that is safe to show anywhere."""

    line: int
    position: Position
    column: str | None
    value: str
    code: str
    fields: Mapping[str, str | int]

    @property
    def wrong(self) -> str:
        """What is wrong, as a sentence in the reader's language."""
        return row_wrong(self.code, self.fields)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return row_remedy(self.code, self.fields)

    def describe(self) -> str:
        """Place, value, what is wrong and what to do, in one paragraph."""
        return describe_row(self.line, self.column, self.value, self.code, self.fields)


class Problem(NamedTuple):
    """What is wrong with a row whose place is not known yet; `lines` counts from the row's first line."""

    code: str
    column: str | None
    value: str
    fields: Mapping[str, str | int]
    lines: int = 0

    @classmethod
    def of(cls, error: Refused) -> "Problem":
        """The problem that an exception tells of."""
        fields = {key: value for key, value in error.fields.items() if isinstance(value, str | int)}
        return cls(error.code, None, "", fields)

    def at(self, line: int, position: Position) -> BadRow:
        """Bind the problem to its place."""
        return BadRow(line + self.lines, position, self.column, self.value, self.code, self.fields)
