"""The figures by which time counts: published on the page of rules, and the same that the program counts with."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from functools import cache

from palabre.settings import CountedTime, current

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS
# What clocks and a slow link may differ by.
TOLERANCE = dt.timedelta(minutes=2)
# By so little may one stretch begin before the last has ended: clocks are not that fine.
BLINK = dt.timedelta(seconds=1)
# No stretch is longer.
LONGEST = dt.timedelta(hours=4)
# How near to its window's edge a stretch with a wrong date is put.
REACH = dt.timedelta(days=2)
# An answer and its first changes stand for time; after so many, a change stands for none.
MOST_REVISIONS = 3


class Figures(CountedTime):
    """Those that an installation may set, and what follows from them."""

    __slots__ = ()

    def at_once_ms(self, counted_ms: int) -> int:
        """What is taken at her word on a day with so much counted time."""
        return max(self.at_once_minutes * MINUTE_MS, counted_ms * self.at_once_percent // 100)

    @property
    def week_ms(self) -> int:
        return self.week_minutes * MINUTE_MS

    @property
    def guideline_ms(self) -> int:
        return self.guideline_minutes * MINUTE_MS

    def explained_by(self, seconds: Decimal) -> int:
        """Milliseconds that an answer to a task of so many expected seconds stands for."""
        return max(int(seconds * 1000) * self.task_times, self.task_minutes * MINUTE_MS)


@cache
def figures() -> Figures:
    """Those of this installation."""
    return Figures(**asdict(current().time))
