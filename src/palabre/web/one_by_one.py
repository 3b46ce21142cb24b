"""A body whose entries are read one by one, so that one that can't be read refuses only itself.

The strict reading of a body is all or nothing: half a character in one answer would keep a whole outbox on the
phone. Here the body is cut at its brackets and commas, and each piece is read as strictly as a body is. An object
of which a part can't be read keeps the others, and has that part, as it was spelled, under `UNREADABLE`.
"""

import re
from collections.abc import Callable

from palabre.errors import PalabreError

UNREADABLE = "unreadable"
# Nothing is tried twice, and a text that never ends is one up to the end: each is a walk through the body.
_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_TOKEN = re.compile(rf"{_TEXT}|[\[\]{{}},]", re.DOTALL)
_MEMBER = re.compile(rf"\s*+({_TEXT})\s*+:(.*)", re.DOTALL)
# More than fifty items with five hundred slices each have: beyond that the body is refused as a whole.
_MOST_BRACKETS = 100_000
Read = Callable[[bytes], object]


def read_entries(body: bytes, field: str, read: Read) -> object | None:
    """An object whose list `field` is read entry by entry with `read`; None where the body has no such form."""
    if body.count(b"[") + body.count(b"{") > _MOST_BRACKETS:
        return None
    text = body.decode("utf-8", "backslashreplace")
    members = _members(text)
    if len(members) != len(_pieces(text, "{}") or ()):
        return None  # a name that stands there twice
    entries = _pieces(members.get(f'"{field}"', ""), "[]")
    if entries is None:
        return None
    try:
        rest = {name: read(text.encode()) for name, text in members.items() if name != f'"{field}"'}
        return {str(read(name.encode())): value for name, value in rest.items()} | {
            field: [_entry(text, read) for text in entries]
        }
    except PalabreError:
        return None


def _entry(text: str, read: Read) -> object:
    try:
        return read(text.encode())
    except PalabreError:
        members = _members(text)
    found: dict[str, object] = {}
    unread: dict[str, object] = {}
    for name, value in members.items():
        try:
            found[str(read(name.encode()))] = read(value.encode())
        except PalabreError:
            unread[_spelled(name.strip('"'))] = _spelled(value)
    return {**found, UNREADABLE: unread or {"item": _spelled(text)}}


def _spelled(text: str) -> str:
    """In ASCII, which every column holds."""
    return text.encode("ascii", "backslashreplace").decode().replace("\0", "\\u0000")


def _members(text: str) -> dict[str, str]:
    """The members of an object by their names as they are spelled, each value as text; nothing for what is none."""
    pieces = _pieces(text, "{}") or []
    found = (_MEMBER.fullmatch(piece) for piece in pieces)
    return {match[1]: match[2] for match in found if match}


def _pieces(text: str, brackets: str) -> list[str] | None:
    """What stands between the commas of the outermost list or object; None for anything else."""
    inner = text.strip()
    if len(inner) < 2 or inner[0] + inner[-1] != brackets:
        return None
    depth, begin, found = 0, 1, list[str]()
    for token in _TOKEN.finditer(inner):
        sign = token[0]
        depth += (sign in "[{") - (sign in "]}") if len(sign) == 1 else 0
        if (sign == "," and depth == 1) or depth == 0:
            found.append(inner[begin : token.start()])
            begin = token.end()
        if depth == 0 and begin != len(inner):
            return None
    if depth:
        return None
    return found if any(piece.strip() for piece in found) else []
