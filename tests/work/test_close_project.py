import pytest

from palabre.pay.actions import open_account
from palabre.pay.models import Accrual, LedgerAccount
from palabre.pay.queries import balance
from palabre.work.actions.launch import close_project, launch_project
from palabre.work.actions.leases import lease_tasks
from palabre.work.errors import NotOffered, ProjectIs
from palabre.work.queries.books import deposited
from palabre.work.queries.projects import progress
from palabre.work.verify import problems
from tests.work.stage import AT, Stage, events


def test_it_ends_the_offer_and_settles_the_shares(stage: Stage) -> None:
    project = stage.live(tasks=1000)
    stage.work(project, stage.cast.member)
    closed = close_project(project.id, by=stage.coordinator.actor, at=AT)
    assert (closed.state, closed.closed_at) == ("closed", AT)
    charged = Accrual.objects.get(charge=project.escrow).charged
    share, social = (
        balance(open_account(kind, project.id, "EUR").id)
        for kind in (LedgerAccount.Kind.SHARE, LedgerAccount.Kind.SOCIAL)
    )
    # 50 answers × 0.00157 EUR = 7.85 cents: 7 with the answers, the fraction at the close, so 8, rounded up once.
    # 15 % of 8 is 1.2 and 10 % is 0.8, in whole cents 1 and 0.
    assert (charged, share, social) == (8, 1, 0)
    left = progress(closed).left
    assert left == deposited(closed) - charged - share - social
    assert events(project.id, "work.project.closed")[0].data == {"left": left, "currency": "EUR"}
    with pytest.raises(NotOffered):
        lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)


def test_what_is_out_is_still_taken_and_paid(stage: Stage) -> None:
    project = stage.live(tasks=100)
    held = lease_tasks(project.id, count=20, by=stage.cast.member.actor, at=AT)
    close_project(project.id, by=stage.coordinator.actor, at=AT)
    assert set(stage.answer(held, stage.cast.member)) <= {"stored", "late"}
    assert Accrual.objects.get(member=stage.cast.member.account).credited == 21
    assert list(problems()) == [], "the places that she held are free"


def test_twice_is_once(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    close_project(project.id, by=by, at=AT)
    assert close_project(project.id, by=by, at=AT.replace(hour=20)).closed_at == AT
    assert len(events(project.id, "work.project.closed")) == 1


def test_a_draft_has_nothing_to_close(stage: Stage) -> None:
    with pytest.raises(ProjectIs):
        close_project(stage.ready().id, by=stage.coordinator.actor, at=AT)


def test_closed_is_for_good(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    close_project(project.id, by=by, at=AT)
    with pytest.raises(ProjectIs):
        launch_project(project.id, by=by, at=AT)
