"""Counted time: one line for each member, published bounds, nothing cut in silence."""

import datetime as dt
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.ids import new_id
from palabre.pay.queries import lived_by
from palabre.people.actions import Home, move_residence
from palabre.people.actor import SYSTEM
from palabre.timesheet.actions import Counted, Slice, record_time
from palabre.timesheet.merging import TimeLine
from palabre.timesheet.models import Correction, Kind, TimeEntry
from palabre.timesheet.queries import entries
from tests.cast import Persona

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
NOW = START + dt.timedelta(hours=2)


def at(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


def piece(begins: float, seconds: float, key: uuid.UUID | None = None, leased: float | None = None) -> Slice:
    return Slice(
        key=key or new_id(),
        kind=Kind.TASK,
        charge=1,
        started_at=at(begins),
        measured_ms=int(seconds * 1000),
        task=None if leased is None else 1,
        not_before=None if leased is None else at(leased),
        explains_ms=int(seconds * 1000),
    )


def count(member: Persona, *slices: Slice, now: dt.datetime = NOW) -> list[Counted]:
    return record_time(member.account, slices, lived=lived_by(member.account), at=now)


spans = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 60)).map(lambda one: (at(one[0]), at(one[0] + one[1]))),
    max_size=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spans)
def test_a_line_covers_each_second_once_in_any_order(pieces: list[tuple[dt.datetime, dt.datetime]]) -> None:
    seconds = {
        second
        for start, end in pieces
        for second in range(int((start - START).seconds), int((end - START).seconds))
    }
    line = TimeLine()
    added = sum((line.add(span) for span in pieces), dt.timedelta())
    assert added == line.length() == dt.timedelta(seconds=len(seconds))
    assert TimeLine(reversed(pieces)).length() == line.length()


@pytest.mark.django_db
def test_measured_time_is_counted_whole(member: Persona) -> None:
    (counted,) = count(member, piece(0, 600))
    assert (counted.measured_ms, counted.counted_ms, counted.rule) == (600_000, 600_000, "")


@pytest.mark.django_db
def test_two_windows_count_once_and_both_values_are_kept(member: Persona) -> None:
    count(member, piece(0, 600))
    (second,) = count(member, piece(300, 600))
    assert (second.measured_ms, second.counted_ms, second.rule) == (600_000, 300_000, "waits")
    assert Correction.objects.get(member=member.account).delta_ms == 300_000


@pytest.mark.django_db
def test_a_slice_sent_twice_counts_once(member: Persona) -> None:
    one = piece(0, 60)
    (first,) = count(member, one)
    (again,) = count(member, one)
    assert (again.entry, again.counted_ms, again.repeated) == (first.entry, 60_000, True)
    assert TimeEntry.objects.count() == 1


@pytest.mark.django_db
def test_time_before_the_lease_and_after_now_is_moved_with_its_length_kept(member: Persona) -> None:
    (early,) = count(member, piece(0, 3_600, leased=3_000))
    assert (early.counted_ms, early.rule) == (3_600_000, "shifted")
    assert TimeEntry.objects.get(id=early.entry).started_at == at(3_000 - 120)
    (ahead,) = count(member, piece(7_000, 600))
    assert (ahead.counted_ms, ahead.rule) == (600_000, "shifted")
    assert TimeEntry.objects.get(id=ahead.entry).ended_at == NOW


@pytest.mark.django_db
def test_a_day_is_listed_as_it_went_page_by_page(member: Persona) -> None:
    """What a phone sent later, after an hour without a link, stands where it happened."""
    for begins in (600, 0, 1_200, 300):
        count(member, piece(begins, 60))
    listed = entries(member.account, START.date())
    assert [one.started_at for one in listed] == [at(0), at(300), at(600), at(1_200)]
    for place, last in enumerate(listed):
        assert entries(member.account, START.date(), after=last.id) == listed[place + 1 :]
    assert entries(new_id(), START.date(), after=listed[0].id) == []


@pytest.mark.django_db
def test_her_day_is_where_she_lives(member: Persona) -> None:
    late = Slice(new_id(), Kind.TASK, 1, dt.datetime(2026, 3, 2, 23, 30, tzinfo=dt.UTC), 60_000)
    now = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
    (here,) = record_time(member.account, [late], lived=lived_by(member.account), at=now)
    assert here.day == dt.date(2026, 3, 2)
    move_residence(member.account, Home("MG", "Indian/Antananarivo"), by=SYSTEM, at=now)
    evening = dt.datetime(2026, 3, 5, 23, 30, tzinfo=dt.UTC)
    there = record_time(
        member.account,
        [Slice(new_id(), Kind.TASK, 1, started, 60_000) for started in (late.started_at, evening)],
        lived=lived_by(member.account),
        at=evening + dt.timedelta(hours=9),
    )
    # What arrives later of the days before she moved stays on them.
    assert [one.day for one in there] == [dt.date(2026, 3, 2), dt.date(2026, 3, 6)]
