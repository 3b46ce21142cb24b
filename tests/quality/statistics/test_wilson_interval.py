import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.quality.statistics import wilson_bounds, wilson_interval


@pytest.mark.parametrize(
    ("successes", "tries", "low", "high"),
    [
        # R. G. Newcombe, Two-sided confidence intervals for the single proportion: comparison of seven
        # methods, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(successes: int, tries: int, low: float, high: float) -> None:
    interval = wilson_interval(successes, tries)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.00005)


def test_nothing_tried_is_nothing_known() -> None:
    interval = wilson_interval(0, 0)
    assert (interval.low, interval.high) == (0, 1)


@given(st.integers(1, 10**7), st.floats(0, 1))
def test_it_holds_the_share_within_nought_and_one(tries: int, share: float) -> None:
    successes = round(share * tries)
    interval = wilson_interval(successes, tries)
    assert 0 <= interval.low <= successes / tries <= interval.high <= 1


@given(st.integers(1, 1000), st.floats(0, 1))
def test_failures_mirror_successes(tries: int, share: float) -> None:
    successes = round(share * tries)
    interval, mirrored = wilson_interval(successes, tries), wilson_interval(tries - successes, tries)
    assert (interval.low, interval.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low))


def test_a_higher_level_is_wider_and_arrays_give_the_same() -> None:
    low, high = wilson_bounds(np.array([5, 0]), np.array([9, 3]), level=0.99)
    wide, usual = wilson_interval(5, 9, level=0.99), wilson_interval(5, 9)
    assert (low[0], high[0]) == (wide.low, wide.high)
    assert wide.low < usual.low < usual.high < wide.high
