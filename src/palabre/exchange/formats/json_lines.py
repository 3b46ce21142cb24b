"""JSONL: one object a line, read and written."""

import io
import re
from collections.abc import Iterator
from typing import IO, NamedTuple

from palabre.exchange.formats.decoding import Encoding, TextSource
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.json_rows import ItemReader
from palabre.exchange.formats.rows import BadRow, Expectations, Position, Problem, Row

CHUNK = 128 * 1024
_LINE_END = re.compile("\r\n|\r|\n")


def read_lines(
    binary: IO[bytes], encoding: Encoding, expectations: Expectations, start: Position | None
) -> Iterator[Row | BadRow]:
    """One row a line, blank lines left out. A position is (byte offset of the next line, its number, 0)."""
    reader = ItemReader(expectations)
    limit = expectations.limits.row_bytes
    for line in _Lines(binary, encoding, limit, start).read():
        position = (line.after, line.number + 1, 0)
        if not line.whole:
            problem = Problem("row.too_long", None, excerpt(line.text), {"limit": limit})
            yield problem.at(line.number, position)
        elif not line.text.isspace():
            yield reader.row(line.text, line.number, position)


class _Line(NamedTuple):
    number: int
    after: int
    text: str
    whole: bool = True


class _Lines:
    """The lines of a file; of a line over `limit` only the beginning is kept."""

    def __init__(self, binary: IO[bytes], encoding: Encoding, limit: int, start: Position | None) -> None:
        self._offset, self._number, _ = start or (encoding.bom, 1, 0)
        self._source = TextSource(binary, encoding, self._offset)
        self._encoding = encoding
        self._limit = limit
        self._rest = ""

    def read(self) -> Iterator[_Line]:
        while text := self._source.read(max(CHUNK, len(self._rest))):
            lines = list(io.StringIO(self._rest + text, newline=""))
            self._rest = "" if lines[-1].endswith(("\n", "\r")) else lines.pop()
            for line in lines:
                yield self._line(line)
            if len(self._rest) > self._limit:
                yield self._skipped()
        if self._rest:
            yield self._line(self._rest)

    def _line(self, text: str) -> _Line:
        self._offset += self._encoding.size(text)
        self._number += 1
        return _Line(self._number - 1, self._offset, text, whole=len(text) <= self._limit)

    def _skipped(self) -> _Line:
        head = self._rest[:100]
        self._offset += self._encoding.size(self._rest)
        self._rest = ""
        while text := self._source.read(CHUNK):
            end = _LINE_END.search(text)
            skipped = text[: end.end()] if end else text
            self._offset += self._encoding.size(skipped)
            if end:
                self._rest = text[end.end() :]
                break
        self._number += 1
        return _Line(self._number - 1, self._offset, head, whole=False)
