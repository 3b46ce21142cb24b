"""Rows from a file of any of the formats."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from palabre.exchange.errors import FileHasNoRows, PositionNotInFile
from palabre.exchange.formats.delimited import TableForm, read_header, read_table
from palabre.exchange.formats.detection import FileFacts, facts_of
from palabre.exchange.formats.json_array import read_array
from palabre.exchange.formats.json_lines import read_lines
from palabre.exchange.formats.kinds import Kind
from palabre.exchange.formats.rows import BadRow, Expectations, Limits, Position, Row
from palabre.exchange.formats.zip_archive import Archive


def inspect_file(
    source: Path | IO[bytes], *, name: str, limits: Limits | None = None, encoding: str | None = None
) -> FileFacts:
    """What the file is, without reading its rows. Raises a FileRefused."""
    with _opened(source) as binary:
        return facts_of(binary, name=name, limits=limits or Limits(), encoding=encoding)


def read_rows(
    source: Path | IO[bytes],
    *,
    name: str,
    limits: Limits | None = None,
    encoding: str | None = None,
    id_field: str | None = None,
    required: Sequence[str] = (),
    guarded: bool = False,
    from_position: Position | None = None,
) -> Iterator[Row | BadRow]:
    """Read the rows of a seekable file in order, in flat memory.

    `name` is the name that the client's file had; its ending must fit the content. `encoding` is asked for only
    when the file is in an old one-byte encoding. With the position of a row, reading goes on after that row: in
    the same file, with the same arguments. For the other arguments see `Expectations`.

    Raises a FileRefused at the first step, or later when an archive turns out to be a bomb.
    """
    expectations = Expectations(limits or Limits(), id_field, tuple(required), guarded)
    with _opened(source) as binary:
        facts = facts_of(binary, name=name, limits=expectations.limits, encoding=encoding)
        # Half a character at the end of a file counts as a whole one, so a place may lie a byte behind it.
        if from_position is not None and not 0 <= from_position[0] <= facts.total + facts.encoding.unit - 1:
            raise PositionNotInFile(name=name)
        if facts.kind is Kind.ZIP:
            archive = Archive(binary, name=name, limits=expectations.limits)
            rows = archive.rows(expectations, encoding, from_position)
        else:
            rows = _text_rows(binary, facts, name, expectations, from_position)
        first = next(rows, None)
        if first is not None:
            yield first
            yield from rows
        elif from_position is None:
            raise FileHasNoRows(name=name)


def _text_rows(
    binary: IO[bytes], facts: FileFacts, name: str, expectations: Expectations, start: Position | None
) -> Iterator[Row | BadRow]:
    if facts.kind is Kind.JSONL:
        return read_lines(binary, facts.encoding, expectations, start)
    if facts.kind in {Kind.JSON, Kind.LABEL_STUDIO}:
        tasks = facts.kind is Kind.LABEL_STUDIO
        return read_array(binary, facts.encoding, expectations, start, tasks=tasks)
    form = TableForm(facts.encoding, facts.delimiter or ",")
    header = read_header(binary, form, name=name, expectations=expectations)
    return read_table(binary, form, header, expectations, start)


def _opened(source: Path | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    return source.open("rb") if isinstance(source, Path) else nullcontext(source)
