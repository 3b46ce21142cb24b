"""Intervals for shares."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from palabre.quality.statistics.judgements import FloatArray

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float


def wilson_interval(successes: int, tries: int, *, level: float = LEVEL) -> Interval:
    """The Wilson score interval of a share: where the true share lies, at the given level.

    Idea: keeps every share p that a test would not reject, instead of adding and subtracting around the
    observed one; so it stays inside 0..1 and is honest for few tries and for shares near 0 or 1.

        centre = (s/n + z^2/2n) / (1 + z^2/n)
        half = z / (1 + z^2/n) * sqrt(s/n * (1 - s/n) / n + z^2 / 4n^2)

    Edge case: without a try nothing is known, and the interval is 0..1.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the
    American Statistical Association 22 (1927), 209-212.

    >>> interval = wilson_interval(81, 263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2553, 0.3662)
    """
    low, high = wilson_bounds(np.array([successes]), np.array([tries]), level=level)
    return Interval(float(low[0]), float(high[0]))


def wilson_bounds(
    successes: npt.NDArray[np.intp], tries: npt.NDArray[np.intp], *, level: float = LEVEL
) -> tuple[FloatArray, FloatArray]:
    """`wilson_interval` for whole arrays: the low and the high ends."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    n = np.maximum(tries, 1)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = np.where(successes == 0, 0.0, centre - half)
    high = np.where(successes == tries, 1.0, centre + half)
    return low, high
