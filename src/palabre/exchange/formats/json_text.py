"""One JSON object from its text, strictly: bounded depth before parsing, no repeated keys, no lost digits."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite

from palabre.exchange.formats.decoding import forbidden_in
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.rows import JsonValue, Limits, Problem

# A string is skipped by its two quotation marks; an escape is one token, so that \" closes nothing.
# Each mark stands alone because the search for one of several literals is three times as fast as for a class.
TOKEN = re.compile(r'\\.|"|\{|\}|\[|\]', re.DOTALL)
# Largest whole number that every JSON reader keeps exactly (IEEE 754 double).
_LARGEST = 2**53
# Seventeen digits tell every double from every other; a sign, a point, zeros before and an exponent beside them.
_LONGEST = 64
_SUSPECT = re.compile(r"[\x7f\ud800-\udfff]|\\u(?:00[01]|007f|d[89a-f])|\\[bf]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Marked:
    """Stands in a decoded value for what cannot be kept, until its path is known."""

    code: str
    text: str


class _Decoder:
    """json's own scanner with strict hooks; `marked` says that the value holds a `_Marked`."""

    def __init__(self) -> None:
        self.marked = False
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._whole,
            parse_float=self._real,
            parse_constant=self._constant,
        )

    def decode(self, text: str) -> object:
        self.marked = False
        return self._json.decode(text)

    def _mark(self, code: str, text: str) -> _Marked:
        self.marked = True
        return _Marked(code, text)

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object] | _Marked:
        value = dict(pairs)
        if len(value) == len(pairs):
            return value
        counts = Counter(key for key, _ in pairs)
        return self._mark("json.key_repeated", counts.most_common(1)[0][0])

    def _whole(self, text: str) -> int | _Marked:
        # The length comes first: int() itself takes quadratic time and refuses 4,300 digits.
        if len(text) <= 17 and abs(value := int(text)) <= _LARGEST:
            return value
        return self._mark("json.number_too_large", text)

    def _real(self, text: str) -> float | _Marked:
        value = float(text)
        if not isfinite(value):
            return self._mark("json.number_too_large", text)
        # What every reader makes of it must be the number that was written, to the last digit.
        exact = len(text) <= _LONGEST and Decimal(text) == Decimal(repr(value))
        return value if exact else self._mark("json.number_too_fine", text)

    def _constant(self, text: str) -> _Marked:
        return self._mark("json.number_not_finite", text)


def depth_of(text: str) -> int:
    """How deep lists and objects are nested in a JSON text, without parsing it."""
    depth = deepest = 0
    quoted = False
    for found in TOKEN.finditer(text):
        mark = found[0]
        if mark == '"':
            quoted = not quoted
        elif not quoted and mark in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif not quoted and mark in "}]":
            depth -= 1
    return deepest


class ObjectReader:
    """Reads one object after the other under the same limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._decoder = _Decoder()

    def read(self, text: str) -> dict[str, JsonValue] | Problem:
        """The object, or why it cannot be taken."""
        if text.count("{") + text.count("[") > self._limits.depth and depth_of(text) > self._limits.depth:
            return too_deep(text, self._limits)
        try:
            value = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            return _not_json(text, error)
        if problem := self._inspect(text, value):
            return problem
        if not isinstance(value, dict):
            return Problem("item.not_an_object", None, excerpt(text), {})
        return value

    def _inspect(self, text: str, value: object) -> Problem | None:
        suspect = not text.isascii() or "\\" in text or "\x7f" in text
        if self._decoder.marked or len(text) > self._limits.cell_bytes // 4:
            return next(self._problems(value, ""), None)
        if suspect and _SUSPECT.search(text):
            return next(self._problems(value, ""), None)
        return None

    def _problems(self, value: object, path: str) -> Iterator[Problem]:
        # Depth is bounded before parsing, so this recursion is too.
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from self._problems(key, path)
                yield from self._problems(inner, f"{path}.{excerpt(key)}" if path else excerpt(key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self._problems(inner, f"{path}[{index}]")
        elif isinstance(value, str):
            if problem := text_problem(value, path or None, self._limits):
                yield problem
        elif isinstance(value, _Marked):
            yield Problem(value.code, path or None, excerpt(value.text), {"key": excerpt(value.text)})


def text_problem(text: str, column: str | None, limits: Limits) -> Problem | None:
    """What forbids keeping this text: a character that cannot be stored, or its length."""
    if problem := forbidden_in(text, column):
        return problem
    if len(text) * 4 > limits.cell_bytes and len(text.encode()) > limits.cell_bytes:
        return Problem("cell.too_long", column, excerpt(text), {"limit": limits.cell_bytes})
    return None


def too_deep(text: str, limits: Limits) -> Problem:
    """An item that is nested too deep to be parsed at all."""
    return Problem("json.too_deep", None, excerpt(text), {"limit": limits.depth})


def _not_json(text: str, error: json.JSONDecodeError) -> Problem:
    # A byte that is no text is the better explanation of why the text is no JSON.
    if problem := forbidden_in(text, None):
        return problem._replace(lines=text.count("\n", 0, error.pos))
    around = excerpt(text[max(0, error.pos - 20) : error.pos + 40])
    return Problem("json.invalid", None, around, {"character": error.colno}, lines=error.lineno - 1)
