"""Whether an account may bear a member's time: the rooms that know what stands behind it say so.

A room registers its answer in the `ready` of its `apps.py`: since when that account is one of hers, or None.
"""

import datetime as dt
import uuid
from collections.abc import Callable

Since = Callable[[uuid.UUID, int], dt.datetime | None]
_SINCE: list[Since] = []


def register(since: Since) -> None:
    _SINCE.append(since)


def hers_since(member: uuid.UUID, charge: int) -> dt.datetime | None:
    """Since when time of hers may be charged to this account; None where it never may."""
    found = [at for since in _SINCE if (at := since(member, charge)) is not None]
    return min(found, default=None)
