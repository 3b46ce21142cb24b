"""The forecast: what holds for every pace."""

import datetime as dt
import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.impact import forecast as module
from palabre.impact.forecast import FEWEST_DAYS, HORIZON, WINDOW, Forecast, forecast, window

TODAY = dt.date(2026, 3, 20)
PACES = st.lists(st.integers(0, 500), min_size=FEWEST_DAYS, max_size=WINDOW)
LEFT = st.integers(1, 20_000)
SEEDS = st.integers(0, 2**32 - 1)
# How long a draw takes is no matter of these tests.
untimed = settings(deadline=None)


def test_the_example() -> None:
    assert doctest.testmod(module).failed == 0


@untimed
@given(PACES, LEFT, SEEDS)
def test_an_interval_or_nothing(done: list[int], left: int, seed: int) -> None:
    found = forecast(done, left, seed=seed)
    if sum(done) < 30:
        assert found is None
        return
    assert found is not None
    assert (found.days, found.judgements) == (len(done), sum(done))
    low, high = found.low or HORIZON + 1, found.high or HORIZON + 2
    assert 1 <= low < high
    # No day does more than the best one did.
    assert low * max(done) >= min(left, HORIZON * max(done))


@untimed
@given(PACES, LEFT, LEFT, SEEDS)
def test_more_to_do_never_ends_earlier(done: list[int], one: int, other: int, seed: int) -> None:
    less, more = (forecast(done, left, seed=seed) for left in sorted((one, other)))
    if less is not None and more is not None:
        assert (less.low or HORIZON + 1) <= (more.low or HORIZON + 1)
        assert (less.high or HORIZON + 1) <= (more.high or HORIZON + 1)


@untimed
@given(st.integers(10, 500), st.integers(FEWEST_DAYS, WINDOW), st.integers(1, 5_000), SEEDS)
def test_days_that_are_all_alike_leave_a_day_open(pace: int, days: int, left: int, seed: int) -> None:
    exact = -(-left // pace)
    assert forecast([pace] * days, left, seed=seed) == Forecast(
        exact, exact + 1 if exact < HORIZON else None, days, pace * days
    )


@untimed
@given(PACES, LEFT, SEEDS)
def test_the_same_question_has_the_same_answer(done: list[int], left: int, seed: int) -> None:
    assert forecast(done, left, seed=seed) == forecast(done, left, seed=seed)


def test_fewer_days_make_a_wider_interval() -> None:
    few, many = forecast([10, 30, 50], 900, seed=1), forecast([10, 30, 50] * 4, 900, seed=1)
    assert few is not None
    assert many is not None
    assert (few.high or 0) - (few.low or 0) > (many.high or 0) - (many.low or 0)


def test_nothing_is_said_of_what_never_ends() -> None:
    assert forecast([0, 0, 40], 10**7, seed=1) == Forecast(None, None, 3, 40)


def test_what_is_done_is_done() -> None:
    assert forecast([], 0, seed=1) == Forecast(0, 0, 0, 0)


def test_too_little_to_say() -> None:
    assert forecast([100, 100], 10, seed=1) is None
    assert forecast([9, 9, 9], 10, seed=1) is None


def test_the_window_leaves_today_out_and_knows_quiet_days() -> None:
    day = dt.timedelta(days=1)
    done = {TODAY: 9, TODAY - day: 5, TODAY - 3 * day: 7, TODAY - 20 * day: 99}
    assert window(done, TODAY - 4 * day, TODAY) == [0, 7, 0, 5]
    assert len(window(done, TODAY - 40 * day, TODAY)) == WINDOW
    assert window(done, TODAY, TODAY) == []


def test_dates_of_the_ends() -> None:
    found = Forecast(2, None, 5, 100)
    assert (found.earliest(TODAY), found.latest(TODAY)) == (dt.date(2026, 3, 22), None)
