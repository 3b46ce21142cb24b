"""Instants, days and the clock that is passed in.

Rules of pay, leases, appeals and sync never ask the machine for the time: the edge does,
and hands the instant down as `at`. So years can be simulated from a seed.
"""

import datetime as dt
import re
from typing import Protocol
from zoneinfo import ZoneInfo

# RFC 3339, section 5.6: the time zone is always said.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)


class Clock(Protocol):
    """Whoever can say what time it is."""

    def now(self) -> dt.datetime:
        """The current instant, aware, in UTC."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class ManualClock:
    """A clock that moves when it is told to: simulations, replays and tests."""

    def __init__(self, start: dt.datetime) -> None:
        self.instant = start

    def now(self) -> dt.datetime:
        return self.instant

    def advance(self, by: dt.timedelta) -> dt.datetime:
        self.instant += by
        return self.instant


# Where the calendar of this language begins and ends.
_FIRST, _LAST = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)

system_clock: Clock = SystemClock()


def moved(instant: dt.datetime, by: dt.timedelta) -> dt.datetime:
    """`instant` moved, no further than the calendar goes: a device's clock may stand at either of its ends.

    >>> moved(dt.datetime(1, 1, 1, tzinfo=dt.UTC), dt.timedelta(days=-1)).year
    1
    """
    try:
        return instant.astimezone(dt.UTC) + by
    except OverflowError:
        return _FIRST if by < dt.timedelta(0) or instant.year == 1 else _LAST


def day_of(instant: dt.datetime, timezone: str) -> dt.date:
    """The calendar day of `instant` where a person lives (`timezone`: an IANA name)."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def day_end(day: dt.date, timezone: str) -> dt.datetime:
    """The instant at which `day` is over in `timezone`."""
    start_of_next = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(timezone))
    return start_of_next.astimezone(dt.UTC)


def iso(instant: dt.datetime) -> str:
    """RFC 3339 in UTC with six digits of a second: the one form in which instants are signed."""
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_instant(value: object) -> dt.datetime:
    """An instant as every door takes it: RFC 3339 with its offset, in UTC afterwards. Raises: ValueError."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("not an instant of RFC 3339")
    try:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise ValueError("not an instant of RFC 3339") from None
