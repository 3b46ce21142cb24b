"""Where a member lives and lived, day by day: her floor, her price and her day follow from it.

A residence holds from a day on, and from the instant at which that day begins there or, where that was before
anybody said it, from when it was said. So each instant has one day, each day one place, and neither changes afterwards.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from palabre.times import day_end, day_of

# The columns of a row of `people_lived`, in the order of `Lived`.
COLUMNS = "account_id, country, region, timezone, from_day, begins"
_LIVED = f"SELECT {COLUMNS} FROM people_lived WHERE account_id = ANY(%s) ORDER BY account_id, from_day"  # noqa: S608

# Says the last day, from one on, on which a member has time or pay.
LastDay = Callable[[uuid.UUID, dt.date], dt.date | None]
_DAYS: list[LastDay] = []


@dataclass(frozen=True, slots=True)
class Lived:
    """One place where a member lives or lived: from a day, and an instant, on (None: the first one that is known)."""

    account_id: uuid.UUID
    country: str
    region: str
    timezone: str
    from_day: dt.date
    begins: dt.datetime | None

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Lived":
        """A row of `people_lived`. A time zone that nobody knows any more is UTC, so that her days go on."""
        account, country, region, timezone, from_day, begins = row
        return cls(account, country, region, known_zone(timezone), from_day, begins)


@dataclass(frozen=True, slots=True)
class Residences:
    """All places of one member, the first one first: it holds for every day before it was known too."""

    places: Sequence[Lived]

    @property
    def account_id(self) -> uuid.UUID:
        return self.places[0].account_id

    def on(self, day: dt.date) -> Lived:
        """What held on one of her days."""
        return next((one for one in reversed(self.places) if one.from_day <= day), self.places[0])

    def at(self, instant: dt.datetime) -> Lived:
        """What held on her day at an instant."""
        return self.on(self.day_of(instant))

    def day_of(self, instant: dt.datetime) -> dt.date:
        """Her day at an instant. Never earlier than that of an earlier instant, wherever she moved."""
        begun = (one for one in reversed(self.places) if one.begins is None or one.begins <= instant)
        return day_of(instant, next(begun, self.places[0]).timezone)

    def day_end(self, day: dt.date) -> dt.datetime:
        """The instant at which one of her days is over."""
        return day_end(day, self.on(day).timezone)


def residences_of(account: uuid.UUID) -> Residences | None:
    """Where somebody lives and lived; None for who has no residence. One statement."""
    return residences_of_many([account]).get(account)


def residences_of_many(accounts: Iterable[uuid.UUID]) -> dict[uuid.UUID, Residences]:
    """The same for many, without those who have none. One statement."""
    places: dict[uuid.UUID, list[Lived]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LIVED, [list(accounts)])
        for row in cursor.fetchall():
            places.setdefault(row[0], []).append(Lived.of(row))
    return {account: Residences(found) for account, found in places.items()}


def known_zone(timezone: str) -> str:
    """The time zone itself, or UTC where this machine doesn't know it: names come and go with its tables."""
    try:
        return ZoneInfo(timezone).key
    except (KeyError, ValueError, OSError):
        return "UTC"


def register(last_day: LastDay) -> None:
    """Make it known where a member's days are counted or paid; a room does so in the `ready` of its `apps.py`."""
    if last_day not in _DAYS:
        _DAYS.append(last_day)


def first_free_day(account: uuid.UUID, day: dt.date) -> dt.date:
    """The first day from `day` on that has neither time nor pay yet, nor has any after it."""
    used = [found for last_day in _DAYS if (found := last_day(account, day)) is not None]
    return max([day, *(one + dt.timedelta(days=1) for one in used)])
