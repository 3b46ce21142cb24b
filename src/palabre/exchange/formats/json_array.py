"""JSON: one list of objects, cut into its items without parsing more than one of them at a time.

A streaming parser would stop at the first error, keep the last of two equal keys in silence and turn half
characters into question marks. Cutting the text at its brackets first keeps each item apart, so that a bad
one is refused with its place and the next one is read.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import IO, NamedTuple

from palabre.exchange.formats.decoding import Encoding, TextSource
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.json_rows import ItemReader
from palabre.exchange.formats.json_text import TOKEN, too_deep
from palabre.exchange.formats.rows import BadRow, Expectations, Limits, Position, Problem, Row

CHUNK = 128 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
_LITERAL = re.compile(r'[^\s,\]}{\["]*')
_CLOSERS = {"{": "}", "[": "]"}


def read_array(
    binary: IO[bytes],
    encoding: Encoding,
    expectations: Expectations,
    start: Position | None,
    *,
    tasks: bool = False,
) -> Iterator[Row | BadRow]:
    """One row an item. A position is (byte offset after it, line there, 1 when nothing more is readable)."""
    reader = ItemReader(expectations, tasks=tasks)
    for item in cut(binary, encoding, expectations.limits, start):
        if item.problem is not None:
            yield item.problem.at(item.line, item.position)
        else:
            yield reader.row(item.text, item.line, item.position)


class Item(NamedTuple):
    """The text of one item, or why it has none."""

    text: str
    line: int
    position: Position
    problem: Problem | None = None


class _Expected(Enum):
    ITEM_OR_END = "the first item"
    ITEM = "an item after a comma"
    COMMA_OR_END = "a comma"


class _BracketError(Exception):
    """Brackets that do not match, at an index of the text."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class _Walk:
    """Follows one item through pieces of text until it closes; remembers at most `limit` open brackets."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._closers: list[str] = []
        self._quoted = False
        self._beyond = 0
        self.deep = False
        self.resume = 0

    def end(self, text: str, start: int) -> int | None:
        """The index after the item, or None when the text ends before it; then `resume` is where to go on."""
        closers, quoted = self._closers, self._quoted
        for token in TOKEN.finditer(text, start):
            kind = token[0]
            if kind == '"':
                quoted = not quoted
                if not quoted and not closers:
                    return token.end()
            elif not quoted and kind[0] != "\\" and self._bracket(kind, token.start()):
                return token.end()
        self._quoted = quoted
        # Of an odd number of backslashes at the very end, the last belongs to the character that comes next.
        backslashes = len(text) - max(start, len(text.rstrip("\\")))
        self.resume = len(text) - backslashes % 2
        return None

    def _bracket(self, kind: str, index: int) -> bool:
        """Open or close; True when this closes the item."""
        if kind in _CLOSERS:
            if len(self._closers) < self._limit:
                self._closers.append(_CLOSERS[kind])
            else:
                self.deep = True
                self._beyond += 1
            return False
        if self._beyond:
            self._beyond -= 1
            return False
        if self._closers.pop() != kind:
            raise _BracketError(index)
        return not self._closers


def cut(binary: IO[bytes], encoding: Encoding, limits: Limits, start: Position | None) -> Iterator[Item]:
    """The items of the list, in order."""
    if start is None or start[2] == 0:
        yield from _Cutter(binary, encoding, limits, start).items()


class _Cutter:
    """Holds the text from the current item on; `_counted` is the index whose place `_offset`, `_line` is."""

    def __init__(self, binary: IO[bytes], encoding: Encoding, limits: Limits, start: Position | None) -> None:
        self._offset, self._line, _ = start or (encoding.bom, 1, 0)
        self._source = TextSource(binary, encoding, self._offset)
        self._encoding = encoding
        self._limits = limits
        self._resumed = start is not None
        self._text = ""
        self._at = 0
        self._counted = 0

    def items(self) -> Iterator[Item]:
        expected = _Expected.COMMA_OR_END
        if not self._resumed and self._peek() == "[":
            self._at += 1
            expected = _Expected.ITEM_OR_END
        while True:
            following = self._peek()
            if following == "]" and expected is not _Expected.ITEM:
                self._at += 1
                if self._peek():
                    yield self._broken(self._at)
                return
            if following == "," and expected is _Expected.COMMA_OR_END:
                self._at += 1
                expected = _Expected.ITEM
                continue
            item = self._next(following, expected)
            yield item
            if item.position[2]:
                return
            expected = _Expected.COMMA_OR_END

    def _next(self, following: str, expected: _Expected) -> Item:
        self._count(self._at)
        if not following:
            return self._cut_short(self._line)
        if expected is _Expected.COMMA_OR_END or following in ",]}":
            return self._broken(self._at)
        if following in '{["':
            return self._item()
        return self._literal()

    def _item(self) -> Item:
        line, walk, scanned = self._line, _Walk(self._limits.depth), 0
        head: str | None = None
        try:
            while (end := walk.end(self._text, self._at + scanned)) is None:
                scanned = walk.resume - self._at
                if scanned > self._limits.row_bytes or head is not None:
                    head = head or self._text[self._at : self._at + 100]
                    self._at += scanned
                    self._count(self._at)
                    scanned = 0
                if not self._fill():
                    return self._cut_short(line)
        except _BracketError as broken:
            return self._broken(broken.index)
        text = self._text[self._at : end]
        self._at = end
        self._count(end)
        return self._finished(head or text, line, walk.deep, too_long=head is not None)

    def _finished(self, text: str, line: int, deep: bool, *, too_long: bool) -> Item:
        problem = None
        if too_long or len(text) > self._limits.row_bytes:
            problem = Problem("row.too_long", None, excerpt(text), {"limit": self._limits.row_bytes})
        elif deep:
            problem = too_deep(text, self._limits)
        return Item(text, line, (self._offset, self._line, 0), problem)

    def _literal(self) -> Item:
        """A number, a word or rubbish in the place of an object."""
        line = self._line
        while (end := self._literal_end()) == len(self._text):
            if end - self._at > CHUNK:
                return self._broken(self._at)
            if not self._fill():
                return self._cut_short(line)
        text = self._text[self._at : end]
        self._at = end
        self._count(end)
        return Item(text, line, (self._offset, self._line, 0))

    def _literal_end(self) -> int:
        found = _LITERAL.match(self._text, self._at)
        return found.end() if found else self._at

    def _peek(self) -> str:
        """The next character that is not white space, "" at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def _fill(self) -> bool:
        """Let go of what is behind, read on; False at the end of the file."""
        self._count(self._at)
        kept = self._text[self._at :]
        more = self._source.read(max(CHUNK, len(kept)))
        self._text = kept + more
        self._at = self._counted = 0
        return bool(more)

    def _count(self, to: int) -> None:
        behind = self._text[self._counted : to]
        self._offset += self._encoding.size(behind)
        self._line += behind.count("\n")
        self._counted = to

    def _cut_short(self, line: int) -> Item:
        shown = excerpt(self._text[self._at : self._at + 100])
        return self._last(Problem("json.cut_short", None, shown, {}), line)

    def _broken(self, index: int) -> Item:
        around = excerpt(self._text[max(0, index - 20) : index + 40])
        self._count(index)
        problem = Problem("json.broken", None, around, {"byte": self._offset + 1})
        return self._last(problem, self._line)

    def _last(self, problem: Problem, line: int) -> Item:
        return Item("", line, (self._offset, self._line, 1), problem)
