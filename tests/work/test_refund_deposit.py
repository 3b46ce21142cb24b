"""What is left of a deposit goes back when nobody else has a claim to it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.installation.verification import all_problems
from palabre.pay.actions import open_account
from palabre.pay.errors import ReasonMissing
from palabre.pay.jobs import run_settlements
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.pay.queries import balance
from palabre.times import ManualClock
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.models import Kind
from palabre.work.actions.fund import refund_deposit
from palabre.work.actions.launch import close_project
from palabre.work.errors import DaysOpen, NothingLeft, ProjectIs
from palabre.work.jobs import run_shares
from palabre.work.models import Project, Quote
from palabre.work.queries.books import deposited
from tests.work.stage import AT, Stage, events

LATER = AT + dt.timedelta(days=3)


def closed(stage: Stage, *, settled: bool = True) -> Project:
    project = stage.live(tasks=1_000)
    stage.work(project, stage.cast.member)
    ended = close_project(project.id, by=stage.coordinator.actor, at=AT)
    if settled:
        run_settlements(ManualClock(LATER))
    return ended


def test_the_rest_goes_back(stage: Stage) -> None:
    project = closed(stage)
    assert project.escrow_id is not None
    left, paid_in = balance(project.escrow_id), deposited(project)
    posted = refund_deposit(project.id, "bank 2", by=stage.cast.finance.actor, at=LATER)
    assert balance(project.escrow_id) == 0
    assert deposited(project) == paid_in - left
    assert LedgerTransaction.objects.get(id=posted).kind == "refund"
    world = open_account(LedgerAccount.Kind.WORLD, None, "EUR")
    assert balance(world.id) == -(paid_in - left)
    assert events(project.id, "work.deposit.returned")[0].data == {"transaction": posted, "amount": left}
    assert list(all_problems(at=LATER)) == []


def test_the_same_reference_is_the_same_refund(stage: Stage) -> None:
    project, by = closed(stage), stage.cast.finance.actor
    first = refund_deposit(project.id, "bank 2", by=by, at=LATER)
    assert refund_deposit(project.id, " bank 2 ", by=by, at=LATER) == first
    with pytest.raises(NothingLeft):
        refund_deposit(project.id, "bank 3", by=by, at=LATER)
    assert len(events(project.id, "work.deposit.returned")) == 1


def test_a_day_that_is_not_settled_keeps_it(stage: Stage) -> None:
    project = closed(stage, settled=False)
    with pytest.raises(DaysOpen):
        refund_deposit(project.id, "bank 2", by=stage.cast.finance.actor, at=LATER)


def test_a_correction_that_waits_keeps_it(stage: Stage) -> None:
    project = closed(stage)
    assert project.escrow_id is not None
    ask_correction(
        AT.date(),
        Kind.TASK,
        project.escrow_id,
        3_600_000 * 5,
        "I worked longer",
        by=stage.cast.member.actor,
        at=LATER,
    )
    with pytest.raises(DaysOpen):
        refund_deposit(project.id, "bank 2", by=stage.cast.finance.actor, at=LATER)


def test_an_open_project_keeps_it(stage: Stage) -> None:
    with pytest.raises(ProjectIs):
        refund_deposit(stage.live().id, "bank 2", by=stage.cast.finance.actor, at=AT)


def test_a_reference_is_needed(stage: Stage) -> None:
    with pytest.raises(ReasonMissing):
        refund_deposit(closed(stage).id, " ", by=stage.cast.finance.actor, at=LATER)


def test_who_may_not(stage: Stage) -> None:
    project = closed(stage)
    for who in (stage.coordinator, stage.cast.client_person, stage.cast.member):
        with pytest.raises(NotAllowed):
            refund_deposit(project.id, "bank 2", by=who.actor, at=LATER)
    with pytest.raises(NotFound):
        refund_deposit(project.id, "bank 2", by=stage.cast.stranger.actor, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_time_it_goes_back_once(stage: Stage) -> None:
    project, by = closed(stage), stage.cast.finance.actor
    assert project.escrow_id is not None

    def one(reference: str) -> bool:
        try:
            return refund_deposit(project.id, reference, by=by, at=LATER) > 0
        except NothingLeft:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one, ["a", "b", "c", "d"])) == [False, False, False, True]
    assert balance(project.escrow_id) == 0


def test_what_holds_it_is_said_and_who_can_end_it(stage: Stage) -> None:
    project = closed(stage, settled=False)
    charge, hours = project.escrow_id or 0, 3_600_000 * 5
    by = stage.cast.member.actor
    ask_correction(AT.date(), Kind.TASK, charge, hours, "I worked longer", by=by, at=LATER)
    with pytest.raises(DaysOpen) as held:
        refund_deposit(project.id, "bank 2", by=stage.cast.finance.actor, at=LATER)
    assert (held.value.fields["days"], held.value.fields["corrections"]) == (1, 1)
    said = str(held.value)
    assert "1 day of members is not settled" in said
    assert f"a coordinator of {project.operator.name}" in said


def test_shares_that_are_owed_are_no_refund(stage: Stage) -> None:
    """A cover that is more than what is left takes what is left; nothing of it goes back."""
    project = closed(stage)
    quote = project.quotes.get()
    lines = [line | {"percent": "100000"} if line["line"] == "social_cover" else line for line in quote.lines]
    Quote.objects.filter(id=quote.id).update(lines=lines)
    with pytest.raises(NothingLeft):
        refund_deposit(project.id, "bank 2", by=stage.cast.finance.actor, at=LATER)
    assert not LedgerTransaction.objects.filter(kind="refund").exists()
    assert run_shares(ManualClock(LATER)) == 1
    assert project.escrow_id is not None
    assert balance(project.escrow_id) == 0
    assert balance(open_account(LedgerAccount.Kind.SOCIAL, project.id, "EUR").id) > 0
