"""Tallies: whatever is counted when, pages say what the rows say."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count, Sum

from palabre.impact.actions import tally_annotations, tally_time
from palabre.impact.actions.tallies import SETTLED
from palabre.impact.jobs import run_tallies
from palabre.impact.models import DayTally, TallyMark, TimeTally
from palabre.impact.queries.work_done import counted_ms, done_in
from palabre.times import ManualClock
from palabre.timesheet.models import TimeEntry
from palabre.work.models import Annotation, Project
from tests.cast import Cast
from tests.impact.tiny import Tiny
from tests.work.stage import AT, Stage, set_stage

DAY = dt.timedelta(days=1)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def reconciled(project: Project) -> None:
    """The figures of the page are those of the rows, and so are the tallies up to their mark."""
    rows = Annotation.objects.filter(project=project)
    said = rows.aggregate(judgements=Count("id"), counted=Count("place"))
    done = done_in([project.id])[project.id]
    assert (done.judgements, done.counted) == (said["judgements"], said["counted"])
    assert sum(done.by_day.values()) == done.counted
    mark = TallyMark.objects.filter(table="annotations").first()
    through = mark.through if mark else 0
    tallied = DayTally.objects.filter(project=project).aggregate(Sum("judgements"))["judgements__sum"] or 0
    assert tallied == rows.filter(id__lte=through).count()


def test_figures_hold_before_between_and_after(stage: Stage) -> None:
    project = stage.live(tasks=60)
    reconciled(project)
    for day, who in enumerate((stage.cast.member, stage.cast.member, stage.cast.reviewer)):
        at = AT + day * DAY
        stage.work(project, who, most=20, at=at)
        reconciled(project)
        tally_annotations(at=at + SETTLED / 2)  # too early for today's
        reconciled(project)
        tally_annotations(at=at + SETTLED)
        reconciled(project)
    days = [(row.day, row.counted) for row in DayTally.objects.order_by("day")]
    assert days == [((AT + n * DAY).date(), 20) for n in range(3)]


def test_running_again_counts_nothing_twice(stage: Stage) -> None:
    project = stage.live(tasks=20)
    stage.work(project, stage.cast.member)
    clock = ManualClock(AT + DAY)
    assert run_tallies(clock) > 0
    assert run_tallies(clock) == 0
    reconciled(project)


def test_what_is_younger_waits_with_all_that_follows(stage: Stage) -> None:
    project = stage.live(tasks=20)
    stage.work(project, stage.cast.member, at=AT)
    stage.work(project, stage.cast.reviewer, at=AT + SETTLED)
    tally_annotations(at=AT + SETTLED)
    assert DayTally.objects.get().judgements == 20
    reconciled(project)


@pytest.mark.django_db(transaction=True)
def test_two_processes_take_turns(stage: Stage) -> None:
    project = stage.live(tasks=20)
    stage.work(project, stage.cast.member)

    def run(_: int) -> int:
        try:
            return tally_annotations(at=AT + DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sum(moved > 0 for moved in threads.map(run, range(4))) == 1
    reconciled(project)


def test_time_by_account(tiny: Tiny) -> None:
    said = TimeEntry.objects.filter(charge=tiny.escrow).aggregate(Sum("counted_ms"))["counted_ms__sum"]
    assert counted_ms(tiny.escrow) == said > 0
    newest = TimeEntry.objects.order_by("-received_at").values_list("received_at", flat=True)[0]
    assert tally_time(at=newest + SETTLED) > 0
    assert TimeTally.objects.get(charge=tiny.escrow).counted_ms == said
    assert counted_ms(tiny.escrow) == said
    assert counted_ms(tiny.escrow + 10_000) == 0
