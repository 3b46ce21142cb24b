"""Tasks in members' hands: seen, given back, given more time."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.stuck import extend_leases, return_leases
from palabre.work.errors import NumberWrong
from palabre.work.models import Annotation, Lease, Project
from palabre.work.queries.held import After, held, stuck_count
from palabre.work.verify import problems
from tests.work.stage import AT, Stage, events

OVER = AT + dt.timedelta(hours=73)


@pytest.fixture
def project(stage: Stage) -> Project:
    """The member holds three tasks, until 72 hours after AT."""
    made = stage.live()
    lease_tasks(made.id, count=3, by=stage.cast.member.actor, at=AT)
    return made


def test_given_back(stage: Stage, project: Project) -> None:
    member, by = stage.cast.member, stage.coordinator.actor
    assert return_leases(project.id, member.account, by=by, at=AT) == 3
    assert set(Lease.objects.values_list("state", flat=True)) == {"expired"}
    (event,) = events(project.id, "work.leases.returned")
    assert event.data["member"] == str(member.account)
    assert return_leases(project.id, member.account, by=by, at=AT) == 0
    assert len(events(project.id, "work.leases.returned")) == 1
    again = lease_tasks(project.id, count=10, by=stage.cast.reviewer.actor, at=AT)
    assert len(again.tasks) == 10
    assert list(problems()) == []


def test_what_she_sends_later_is_kept_and_paid(stage: Stage) -> None:
    project = stage.live()
    leased = lease_tasks(project.id, count=2, by=stage.cast.member.actor, at=AT)
    return_leases(project.id, stage.cast.member.account, by=stage.coordinator.actor, at=AT)
    assert stage.answer(leased, stage.cast.member) == ["late", "late"]
    assert Annotation.objects.filter(pay__gt=0).count() == 2


def test_more_time(stage: Stage, project: Project) -> None:
    member, by = stage.cast.member.account, stage.coordinator.actor
    assert extend_leases(project.id, member, 24, by=by, at=AT) == 0
    assert extend_leases(project.id, member, 168, by=by, at=AT) == 3
    assert set(Lease.objects.values_list("expires_at", flat=True)) == {AT + dt.timedelta(hours=168)}
    for hours in (0, 23, 337):
        with pytest.raises(NumberWrong):
            extend_leases(project.id, member, hours, by=by, at=AT)


def test_who_may_not(stage: Stage, project: Project) -> None:
    member = stage.cast.member.account
    for who in (stage.cast.member, stage.cast.client_person, stage.cast.finance):
        with pytest.raises(NotAllowed):
            return_leases(project.id, member, by=who.actor, at=AT)
        with pytest.raises(NotAllowed):
            extend_leases(project.id, member, 72, by=who.actor, at=AT)
    for number in (project.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            return_leases(number, member, by=stage.cast.stranger.actor, at=AT)
        with pytest.raises(NotFound):
            extend_leases(number, member, 72, by=stage.cast.stranger.actor, at=AT)


def test_what_is_late_stands_first(stage: Stage, project: Project) -> None:
    by, reviewer = stage.coordinator.actor, stage.cast.reviewer
    lease_tasks(project.id, count=1, by=reviewer.actor, at=AT + dt.timedelta(hours=40))
    rows = held(by, OVER)
    assert [(row.member, row.tasks, row.late, row.soon) for row in rows] == [
        (stage.cast.member.account, 3, 3, 0),
        (reviewer.account, 1, 0, 0),
    ]
    assert [row.member for row in held(by, OVER, stuck=True)] == [stage.cast.member.account]
    assert stuck_count(by, OVER) == 1
    first = rows[0]
    after = After(first.expires, first.member, first.project)
    assert [row.member for row in held(by, OVER, after=after)] == [reviewer.account]
    assert held(stage.cast.stranger.actor, OVER) == []
    assert stuck_count(stage.cast.stranger.actor, OVER) == 0
    with pytest.raises(NotAllowed):
        held(stage.cast.member.actor, OVER)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_give_back_once(stage: Stage, project: Project) -> None:
    def give_back(_: int) -> int:
        try:
            return return_leases(project.id, stage.cast.member.account, by=stage.coordinator.actor, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(give_back, range(4))) == [0, 0, 0, 3]
