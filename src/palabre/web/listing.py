"""Long lists on pages: `?after=` holds where the page begins, as the API's cursor does."""

import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.http import HttpRequest

from palabre.web.pages import Paging, page

T = TypeVar("T")
K = TypeVar("K", uuid.UUID, int)


def listing(
    request: HttpRequest,
    kind: type[K],
    fetch: Callable[[K | None, int], Sequence[T]],
    key: Callable[[T], K],
    limit: int = 50,
) -> dict[str, object]:
    """The page that was asked for: `items`, `next` (or None), and whether it is a `later` one.

    Raises: BadCursor.
    """
    after = request.GET.get("after")
    paging = Paging.model_construct(cursor=after and after[:100], limit=limit)
    shown = page(paging, kind, fetch, key)
    return shown | {"later": after is not None, "empty": not shown["items"]}
