"""When a project will be done, from how fast it went: an interval, or that it can't be said. Pure.

Nobody knows which days are ahead. The method says so by drawing: five hundred times it draws days, with
replacement, from those that were (first a set of them, so that few days make a wide interval, then the days to
come out of that set) and looks when the rest is done. What lies between the 10th and the 90th percentile of
these answers is the forecast. It assumes that the coming days are like the last ones, and nothing else.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
# Whole days that are looked back on.
WINDOW = 14
# With less than this nothing is said.
FEWEST_DAYS = 3
FEWEST_JUDGEMENTS = 30
DRAWS = 500
# What lies further away is not told apart.
HORIZON = 730
LOW, HIGH = 0.10, 0.90


@dataclass(frozen=True, slots=True)
class Forecast:
    """Whole days from today until nothing is left, from `low` to `high`, by `days` days with `judgements`.

    `high` is None when more than a tenth of the draws don't end within two years; then so may be `low`.
    """

    low: int | None
    high: int | None
    days: int
    judgements: int

    def earliest(self, today: dt.date) -> dt.date | None:
        return None if self.low is None else today + dt.timedelta(days=self.low)

    def latest(self, today: dt.date) -> dt.date | None:
        return None if self.high is None else today + dt.timedelta(days=self.high)


def window(by_day: Mapping[dt.date, int], began: dt.date, today: dt.date) -> list[int]:
    """What was done on each of the last whole days, the oldest first; today is not over and left out."""
    first = max(began, today - dt.timedelta(days=WINDOW))
    return [by_day.get(first + dt.timedelta(days=n), 0) for n in range((today - first).days)]


def forecast(done: Sequence[int], left: int, *, seed: int) -> Forecast | None:
    """When `left` more are done, if days are as those in `done`; None: there is not enough to say.

    The same arguments give the same answer.

    >>> forecast([10, 10, 10, 10], 25, seed=1)
    Forecast(low=3, high=4, days=4, judgements=40)
    """
    days, judgements = len(done), int(sum(done))
    if left <= 0:
        return Forecast(0, 0, days, judgements)
    if days < FEWEST_DAYS or judgements < FEWEST_JUDGEMENTS:
        return None
    ends = np.sort(_ends(np.asarray(done, dtype=np.int64), left, seed))
    low, high = (int(ends[int(share * (len(ends) - 1))]) for share in (LOW, HIGH))
    # Draws that all agree don't make the coming days certain: a day is left open.
    return Forecast(_within(low), _within(max(high, low + 1)), days, judgements)


def _ends(done: Counts, left: int, seed: int) -> Counts:
    """For each draw, the number of the day that ends it; HORIZON + 1 where none does.

    Every draw goes on for as long as one is open, so that more to do never ends earlier.
    """
    ends = np.full(DRAWS, HORIZON + 1, dtype=np.int64)
    if left > HORIZON * int(done.max()):
        return ends
    chance, every = np.random.default_rng(seed), np.arange(DRAWS)
    sets = done[chance.integers(len(done), size=(DRAWS, len(done)))]
    sums = np.zeros(DRAWS, dtype=np.int64)
    for day in range(1, HORIZON + 1):
        sums += sets[every, chance.integers(len(done), size=DRAWS)]
        ends = np.where((ends > HORIZON) & (sums >= left), day, ends)
        if int(sums.min()) >= left:
            break
    return ends


def _within(day: int) -> int | None:
    return None if day > HORIZON else day
