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


system_clock: Clock = SystemClock()


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
