"""Where a slice with a wrong date is put: never where somebody's true work will need the time."""

import datetime as dt
from dataclasses import replace

import pytest

from palabre.ids import new_id
from palabre.timesheet.bounds import Days, Judged, Slice, judge, released, together
from palabre.timesheet.figures import Figures
from palabre.timesheet.merging import TimeLine
from palabre.timesheet.models import Kind
from palabre.timesheet.waits import OVERLAP

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
IN_2040 = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)


class Line:
    """One member's time line, as the server remembers it between two sends."""

    def __init__(self) -> None:
        self.line, self.loose, self.days = TimeLine(), TimeLine(), Days(Figures())

    def send(self, at: dt.datetime, *slices: Slice) -> list[Judged]:
        return judge(together(slices), self.line, self.loose, self.days, lambda one: one.date(), at)


def after(minutes: float) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def worked(began: float | dt.datetime, minutes: float, leased: float, task: int | None = 1) -> Slice:
    began = began if isinstance(began, dt.datetime) else after(began)
    ms = int(minutes * 60_000)
    return Slice(new_id(), Kind.TASK, 1, began, ms, task, not_before=after(leased), explains_ms=ms)


def read(minutes: float) -> Slice:
    """With a guideline handed out at the beginning, on a clock that was set before it sent."""
    return replace(worked(IN_2040, minutes, 0, task=None), kind=Kind.READING)


def test_a_wrong_date_of_no_task_leaves_a_later_session_its_room() -> None:
    """Half an hour without a pause, while the phone sends a reading of that morning, whose date says nothing."""
    her = Line()
    first = her.send(after(136), read(15), worked(20, 10, leased=0))
    second = her.send(after(151), worked(120, 30, leased=120))
    assert [one.waits for one in [*first, *second]] == [(), (), ()]
    assert sum(one.counted_ms for one in [*first, *second]) == 55 * 60_000


@pytest.mark.parametrize("ahead", [30, 60 * 9, 60 * 24])
def test_a_clock_that_was_ahead_leaves_a_later_session_its_room(ahead: float) -> None:
    her = Line()
    first = her.send(after(136), worked(110 + ahead, 15, leased=0))
    second = her.send(after(151), worked(120, 30, leased=120))
    assert [one.counted_ms for one in [*first, *second]] == [15 * 60_000, 30 * 60_000]


def test_what_is_a_little_late_stays_near_the_moment_of_sending() -> None:
    (moved,) = Line().send(after(200), worked(191, 10, leased=0))
    assert moved.span == (after(190), after(200))


@pytest.mark.parametrize(("leased", "begins"), [(60, 43), (0, -2)])
def test_it_is_put_before_the_first_lease_that_came_with_it_or_else_behind(
    leased: float, begins: float
) -> None:
    (*_, moved) = Line().send(after(200), worked(120, 10, leased), read(15))
    assert (moved.rule, moved.span) == ("shifted", (after(begins), after(begins + 15)))


def test_what_comes_with_no_task_is_put_near_the_moment_of_sending() -> None:
    (moved,) = Line().send(after(200), read(15))
    assert moved.span == (after(185), after(200))


def test_right_dates_that_meet_a_moved_slice_are_moved_in_their_turn() -> None:
    her = Line()
    her.send(after(100), worked(IN_2040, 30, leased=0))
    (late,) = her.send(after(101), worked(5, 20, leased=0))
    assert (late.rule, late.counted_ms, late.span[0]) == ("shifted", 20 * 60_000, after(28))


@pytest.mark.parametrize("hours", [1, 9, 24])
def test_a_clock_wrong_by_hours_that_looks_right_loses_nothing(hours: float) -> None:
    """It was ahead, and set right before it sent: what stands at the time of other work waits for a person."""
    her = Line()
    wrong = her.send(after(60 * 26), worked(60 * hours, 20, leased=0, task=1))
    right = her.send(after(60 * 27), worked(60 * hours + 5, 30, leased=0, task=2))
    assert [one.waits for one in wrong] == [()]
    assert [(one.counted_ms, one.waits) for one in right] == [(15 * 60_000, ((OVERLAP, 15 * 60_000),))]


def test_one_that_begins_a_blink_before_the_last_has_ended_counts_whole() -> None:
    her = Line()
    first = worked(10, 5, leased=0, task=1)
    second = replace(worked(15, 5, leased=0, task=2), started_at=after(15) - dt.timedelta(milliseconds=40))
    both = her.send(after(60), first, second)
    assert [(one.counted_ms, one.rule, one.waits) for one in both] == [(5 * 60_000, "", ())] * 2
    assert both[1].span[0] == both[0].span[1]


def test_a_blink_a_thousand_times_is_no_hour() -> None:
    """Tasks of a second that all claim the same one: what finds no room beside it waits."""
    her = Line()
    many = [worked(10, 1 / 60, leased=0, task=n) for n in range(1_000)]
    assert sum(one.counted_ms for one in her.send(after(600), *many)) <= 3_000


@pytest.mark.parametrize("same", [True, False])
def test_answers_explain_time_for_the_same_payer_only(same: bool) -> None:
    """A deposit was spent at noon: the pause stands on the project's account, the answers after it on the operator's."""
    her, (payer, other) = Line(), (new_id(), new_id())
    her.days.payers = {1: payer, 2: payer if same else other}
    pause = replace(worked(0, 30, leased=0), explains_ms=0)
    answers = replace(worked(40, 10, leased=0), charge=2, explains_ms=60 * 60_000)
    her.send(after(60), pause, answers)
    released(her.days)
    counted = sum(one.counted_ms for of in her.days.tallies.values() for one in of.values())
    assert (counted == 40 * 60_000) is same
