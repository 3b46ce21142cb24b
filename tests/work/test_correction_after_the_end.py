"""A correction that waits when her access ends is still answered, and the client's money is not stuck."""

import datetime as dt

import pytest

from palabre.decisions.models import Decision
from palabre.errors import NotFound
from palabre.pay.actions import settle_day
from palabre.people.actions import revoke_role
from palabre.people.models import Role
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Correction, Kind, TimeEntry
from palabre.work.actions.fund import check_settled
from palabre.work.errors import DaysOpen
from palabre.work.models import Project
from palabre.work.queries.waiting import corrections_due, waiting_corrections
from tests.people.door import browser_of
from tests.work.stage import AT, Stage
from tests.work.test_sync import answer, lease_of, send

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def waiting(stage: Stage) -> tuple[Project, Correction]:
    """She worked, asked for more time, and her only role ended before anybody answered."""
    project, member = stage.live(2), stage.cast.member
    (lease,) = lease_of(stage, project)
    send([answer(lease)], member)
    charge = project.escrow_id or 0
    asked = ask_correction(
        AT.date(),
        Kind.TASK,
        charge,
        90 * 60_000,
        "No network",
        by=member.actor,
        at=AT + dt.timedelta(hours=2),
    )
    assert asked.state == Correction.State.WAITING
    by = stage.cast.administrator.actor
    revoke_role(member.account, stage.cast.operator.id, Role.MEMBER, by=by, at=LATER)
    return project, asked


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_it_is_seen_and_counted(stage: Stage, waiting: tuple[Project, Correction], who: str) -> None:
    _project, asked = waiting
    by = getattr(stage.cast, who)
    assert corrections_due(by.actor)[0] == 1
    assert [one.id for one in waiting_corrections(by.actor)] == [asked.id]
    sent = {"accept": "yes", "answer": ""}
    assert browser_of(by).post(f"/team/corrections/{asked.id}/", sent).status_code == 302
    asked.refresh_from_db()
    assert asked.state == Correction.State.ACCEPTED
    assert TimeEntry.objects.filter(source="correction").get().counted_ms == 90 * 60_000


def test_a_no_is_a_decision_that_she_can_contest(stage: Stage, waiting: tuple[Project, Correction]) -> None:
    _project, asked = waiting
    answer_correction(asked.id, False, "The network was there.", by=stage.coordinator.actor, at=LATER)
    assert Decision.objects.get(member=stage.cast.member.account).state == Decision.State.STANDING


def test_the_money_is_held_only_until_it_is_answered(
    stage: Stage, waiting: tuple[Project, Correction]
) -> None:
    project, asked = waiting
    settle_day(stage.cast.member.account, asked.day, at=LATER)
    with pytest.raises(DaysOpen):
        check_settled(project)
    answer_correction(asked.id, False, "The network was there.", by=stage.coordinator.actor, at=LATER)
    settle_day(stage.cast.member.account, asked.day, at=LATER)
    check_settled(project)


def test_another_operator_answers_nothing(stage: Stage, waiting: tuple[Project, Correction]) -> None:
    with pytest.raises(NotFound):
        answer_correction(waiting[1].id, True, "", by=stage.cast.stranger.actor, at=LATER)
