"""JSON of unknown origin, read in one way only: bounded, without repeated names, without inexact numbers."""

import json
import math
import re
from collections.abc import Mapping

from palabre.record.canonical import LARGEST, Json, is_text
from palabre.record.errors import (
    CharacterRefused,
    FileNotJson,
    FileNotText,
    FileTooBig,
    FileTooDeep,
    KeyRepeated,
    NumberRefused,
)
from palabre.words import gettext_lazy as _

MOST_BYTES = 5_000_000
DEEPEST = 64
# Texts are passed over whole, so that brackets in them do not count.
_BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]+|[\]}]+', re.DOTALL)


def read_json(content: bytes) -> Json:
    """The value that `content` holds.

    Raises FileTooBig, FileTooDeep (both before parsing), FileNotText, FileNotJson, KeyRepeated, NumberRefused
    (beyond ±(2^53-1) or a double's range), CharacterRefused (NUL or half a character in a text).
    """
    if len(content) > MOST_BYTES:
        raise FileTooBig(limit=MOST_BYTES)
    text = _decoded(content)
    _check_depth(content)
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_refused,
        )
    except json.JSONDecodeError as error:
        raise FileNotJson(line=error.lineno, column=error.colno) from error
    _check_text(value, "$")
    return value


def _decoded(content: bytes) -> str:
    if content.startswith(b"%PDF"):
        raise FileNotText(guess=_("It looks like a PDF: take the JSON that came with it."))
    if content.startswith(b"PK\x03\x04"):
        raise FileNotText(guess=_("It looks like a ZIP archive: unpack it first."))
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise FileNotText(guess="") from error


def _check_depth(content: bytes) -> None:
    depth = 0
    for match in _BRACKETS.finditer(content):
        token = match[0]
        if token[0] in b"[{":
            depth += len(token)
        elif token[0] in b"]}":
            depth -= len(token)
        if depth > DEEPEST:
            raise FileTooDeep(limit=DEEPEST)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            raise KeyRepeated(key=name[:80])
        found[name] = value
    return found


# Digits are counted before they are read: reading takes time that grows with their square.
def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise NumberRefused(number=digits[:40])
    return int(digits)


def _float(digits: str) -> float:
    if len(digits) > 100 or math.isinf(float(digits)):
        raise NumberRefused(number=digits[:40])
    return float(digits)


def _refused(name: str) -> float:
    raise NumberRefused(number=name)


def _check_text(value: Json, path: str) -> None:
    if isinstance(value, str):
        if not is_text(value):
            raise CharacterRefused(path=path)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _check_text(name, path)
            _check_text(item, f"{path}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_text(item, f"{path}[{index}]")
