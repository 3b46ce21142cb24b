"""Reading a campaign's file: one text a row, with several members' labels beside it. Pure.

The rules, which the summary repeats:

* A label is folded by case and by spaces only: `Positive`, `POSITIVE` and ` positive ` are one
  label. Anything that is then not in the list is refused with its place, never guessed.
* A member's id that is a whole number written with decimals (`13.0`) is that whole number (`13`).
* Blank is blank: a cell of nothing but spaces holds no judgement. A blank pair of member and label
  is named as blank; a label without a member, or a member without a label, is refused.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from palabre.replay.errors import ColumnMissing, ColumnsDiffer, NotReadable

_WHOLE = re.compile(r"([0-9]+)\.0+", re.ASCII)
_SPACES = re.compile(r"\s+")
LONGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the file say what."""

    text: str
    members: Sequence[str]
    labels: Sequence[str]
    id: str | None = None


class Cell(NamedTuple):
    """A cell that gave no judgement: `code` is blank, no_member, no_label, label_unknown, member_twice…"""

    line: int
    column: str
    value: str
    code: str


class Judgement(NamedTuple):
    member: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One text with what members said of it. `id` is the file's, or its line number."""

    line: int
    id: str
    text: str
    judgements: Sequence[Judgement]
    refused: Sequence[Cell] = field(default=())


def fold(label: str) -> str:
    """The form in which two spellings of a label are the same.

    >>> fold(" Very  GOOD ")
    'very good'
    """
    return _SPACES.sub(" ", label.strip()).casefold()


def member_id(cell: str) -> str:
    """The id in a cell; `13.0` is `13`.

    >>> member_id(" 13.0 "), member_id("8"), member_id("A.0")
    ('13', '8', 'A.0')
    """
    text = cell.strip()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """The next record. The csv module's limit is one for the whole program, and imports need another one."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)


class Campaign:
    """A file and how to read it. `labels` given: the only ones; not given: those found in the file."""

    def __init__(self, path: Path, columns: Columns, labels: Sequence[str] | None = None) -> None:
        if len(columns.members) != len(columns.labels):
            raise ColumnsDiffer(members=len(columns.members), labels=len(columns.labels))
        self.path, self.columns = path, columns
        self._header = self._read_header()
        self._known = {fold(label): label.strip() for label in labels} if labels else self._found()

    @property
    def labels(self) -> list[str]:
        """The labels, each in the spelling in which it is written from now on."""
        return list(self._known.values())

    def rows(self, limit: int | None = None) -> Iterator[Row]:
        """Row after row, in flat memory."""
        for number, (line, record) in enumerate(self._records()):
            if limit is not None and number >= limit:
                return
            yield self._row(line, record)

    def _open(self) -> io.TextIOWrapper:
        try:
            return self.path.open(encoding="utf-8-sig", newline="")
        except OSError as error:
            raise NotReadable(path=self.path.name, why=error.strerror or "?") from error

    def _read_header(self) -> dict[str, int]:
        with self._open() as file:
            try:
                names = next(csv.reader(file), [])
            except (UnicodeDecodeError, csv.Error) as error:
                raise NotReadable(path=self.path.name, why=str(error)) from error
        header = {name.strip(): place for place, name in enumerate(names)}
        wanted = [self.columns.text, *self.columns.members, *self.columns.labels]
        for name in wanted + ([self.columns.id] if self.columns.id else []):
            if name not in header:
                raise ColumnMissing(column=name, found=", ".join(header))
        return header

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Records with their first line's number; the header is not one."""
        with self._open() as file:
            reader = csv.reader(file)
            try:
                _next(reader)
                line = reader.line_num + 1
                while (record := _next(reader)) is not None:
                    if record:
                        yield line, record
                    line = reader.line_num + 1
            except (UnicodeDecodeError, csv.Error) as error:
                raise NotReadable(path=self.path.name, why=f"{reader.line_num}: {error}") from error

    def _found(self) -> dict[str, str]:
        """Every label of the file, the first spelling of each."""
        found: dict[str, str] = {}
        places = [self._header[name] for name in self.columns.labels]
        for _, record in self._records():
            for place in places:
                label = record[place].strip() if place < len(record) else ""
                if label:
                    found.setdefault(fold(label), label)
        return found

    def _row(self, line: int, record: list[str]) -> Row:
        def cell(name: str) -> str:
            place = self._header[name]
            return record[place] if place < len(record) else ""

        judgements: dict[str, Judgement] = {}
        refused: list[Cell] = []
        for member_column, label_column in zip(self.columns.members, self.columns.labels, strict=True):
            member, label = member_id(cell(member_column)), cell(label_column)
            code, where = self._odd(member, label, judgements)
            if code:
                column = member_column if where == "member" else label_column
                refused.append(Cell(line, column, (member if where == "member" else label)[:80], code))
            else:
                judgements[member] = Judgement(member, self._known[fold(label)])
        text = cell(self.columns.text)
        if "\x00" in text or not text.strip():
            refused.append(Cell(line, self.columns.text, "", "text_nul" if text.strip() else "text_blank"))
            judgements = {}
        name = cell(self.columns.id).strip() if self.columns.id else ""
        return Row(line, name or f"line-{line}", text, tuple(judgements.values()), tuple(refused))

    def _odd(self, member: str, label: str, before: dict[str, Judgement]) -> tuple[str, str]:
        """Why a pair of cells is no judgement, and which of the two says so; empty when it is one."""
        if not member and not label.strip():
            return "blank", "label"
        if not member:
            return "no_member", "member"
        if not label.strip():
            return "no_label", "label"
        if fold(label) not in self._known:
            return "label_unknown", "label"
        return ("member_twice", "member") if member in before else ("", "")
