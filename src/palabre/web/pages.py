"""Long lists, page by page: each page starts after the last key of the one before (keyset pagination), so
that a page costs the same wherever it is, and rows that come or go in between shift nothing."""

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from ninja import Schema
from pydantic import Field

from palabre.web.errors import BadCursor
from palabre.web.fields import FROM_TEXT

T = TypeVar("T")
K = TypeVar("K", uuid.UUID, int)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


class Paging(Schema):
    """The query of every list: `paging: Query[Paging]`."""

    cursor: str | None = Field(None, max_length=100, description="`next` of the page before")
    limit: Annotated[int, Field(ge=1, le=200), FROM_TEXT] = 50


class Page(Schema, Generic[T]):
    """Some rows, and the cursor of the next ones, or null after the last."""

    items: list[T]
    next: str | None


def page(
    paging: Paging, kind: type[K], fetch: Callable[[K | None, int], Sequence[T]], key: Callable[[T], K]
) -> dict[str, object]:
    """One page as `Page` shows it. `fetch(after, limit)` gives rows in the order of `key`, which is a
    UUID or a whole number as `kind` says. Raises: BadCursor."""
    after = None if paging.cursor is None else _read(paging.cursor, kind)
    rows = fetch(after, paging.limit + 1)
    shown = rows[: paging.limit]
    more = len(rows) > paging.limit
    return {"items": list(shown), "next": _write(key(shown[-1])) if more else None}


def _write(key: uuid.UUID | int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _read(cursor: str, kind: type[K]) -> K:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
        if kind is int and not _NUMBER.fullmatch(text):
            raise BadCursor(path="query.cursor")
        return kind(text)
    except (binascii.Error, ValueError):
        raise BadCursor(path="query.cursor") from None
