"""Long lists on pages: each page starts after the last key of the one before, and keeps what was filtered for."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpRequest

from palabre.web.errors import BadCursor
from palabre.web.pages import Paging, page

T = TypeVar("T")
K = TypeVar("K", uuid.UUID, int)
# A page of them stays under 60 kB with everything that it loads.
ROWS = 30


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """Some rows. `more` and `start` are the queries of the next page and of the first one, or empty."""

    items: Sequence[T]
    more: str
    start: str


def rows_of(
    request: HttpRequest,
    kind: type[K],
    fetch: Callable[[K | None, int], Sequence[T]],
    key: Callable[[T], K],
    limit: int = ROWS,
) -> Rows[T]:
    """The part of a list that the address asks for. `fetch(after, limit)` gives rows in the order of `key`.

    Raises: BadCursor.
    """
    cursor = request.GET.get("cursor") or None
    if cursor is not None and len(cursor) > 100:
        raise BadCursor(path="query.cursor")
    kept: list[T] = []

    def keep(after: K | None, most: int) -> Sequence[T]:
        kept[:] = fetch(after, most)
        return kept

    more = page(Paging.model_construct(cursor=cursor, limit=limit), kind, keep, key)["next"]
    return Rows(
        kept[:limit],
        query_with(request, str(more)) if more else "",
        query_with(request, "") if cursor else "",
    )


def query_with(request: HttpRequest, cursor: str) -> str:
    """The query of this page with another cursor."""
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor:
        query["cursor"] = cursor
    return f"?{query.urlencode()}"
