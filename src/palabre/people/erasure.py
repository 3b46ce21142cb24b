"""Words that a person wrote, or that were written about her: each room says how it erases its own.

A room registers in the `ready` of its `apps.py`. What goes and what stays, column by column, and why, stands in
docs/decisions/017-erasure.md, which a test holds against the tables.
"""

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, QuerySet

# Instead of words: that there were some is still seen, and a rule that asks for some still holds.
GONE = "–"

# Works inside the transaction of the erasure, on the rows of one account.
Eraser = Callable[[uuid.UUID], None]
# Raises where something must be settled with her first. The second word: what is owed may stay owed.
Hold = Callable[[uuid.UUID, bool], None]
M = TypeVar("M", bound=Model)

_ERASERS: list[Eraser] = []
_HOLDS: list[Hold] = []


def register(eraser: Eraser) -> None:
    """Make a room's way of erasing known."""
    if eraser not in _ERASERS:
        _ERASERS.append(eraser)


def register_hold(hold: Hold) -> None:
    """Make known what must be settled with a person before she can be erased."""
    if hold not in _HOLDS:
        _HOLDS.append(hold)


def refuse_while_held(account: uuid.UUID, *, owing: bool) -> None:
    """Raises what a room has against erasing her now, with what to do about it."""
    for hold in _HOLDS:
        hold(account, owing)


def erase_words(account: uuid.UUID) -> None:
    """In every room, inside the transaction of whoever erases the person."""
    for eraser in _ERASERS:
        eraser(account)


def blank(rows: QuerySet[M], *columns: str) -> None:
    """Take the words out of these columns; what is empty stays empty."""
    for column in columns:
        rows.exclude(**{column: ""}).update(**{column: GONE})
