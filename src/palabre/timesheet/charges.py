"""Whether an account may bear a member's time: the rooms that know what stands behind it say so.

A room registers its answer in the `ready` of its `apps.py`: since when that account is one of hers, or None.
"""

import datetime as dt
import uuid
from collections.abc import Callable

# Who bears an account: a project's is borne for its operator. The rooms of both tables stand below this one.
PAYERS = """
SELECT a.id, coalesce(p.operator_id, a.owner) FROM pay_ledgeraccount a LEFT JOIN work_project p ON p.id = a.owner
"""

Since = Callable[[uuid.UUID, int], dt.datetime | None]
_SINCE: list[Since] = []


def register(since: Since) -> None:
    _SINCE.append(since)


def hers_since(member: uuid.UUID, charge: int) -> dt.datetime | None:
    """Since when time of hers may be charged to this account; None where it never may."""
    found = [at for since in _SINCE if (at := since(member, charge)) is not None]
    return min(found, default=None)
