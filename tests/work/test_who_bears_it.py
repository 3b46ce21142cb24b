"""What comes after the close, or where the deposit is spent, is the operator's to bear; no escrow goes below zero."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from palabre.ids import new_id
from palabre.installation.verification import all_problems
from palabre.pay.actions import Move, open_account, post
from palabre.pay.models import Accrual, LedgerAccount, LedgerTransaction
from palabre.pay.queries import balance
from palabre.people.actor import SYSTEM
from palabre.timesheet.models import TimeEntry
from palabre.work.actions.launch import close_project
from palabre.work.actions.leases import lease_tasks, return_expired_leases
from palabre.work.actions.reverse import free_money, reverse_deposit
from palabre.work.actions.sync import sync
from palabre.work.models import Project
from tests.work.stage import AT, TERMS, Stage

XOF = dataclasses.replace(TERMS, currency="XOF", seconds_per_task=Decimal(100))
LATER = AT + dt.timedelta(days=4)


def own(project: Project) -> int:
    """The operator's own account."""
    return open_account(LedgerAccount.Kind.PLATFORM, project.operator_id, project.currency).id


def test_late_answers_after_a_reversal_leave_it_at_zero(stage: Stage) -> None:
    project = stage.live(terms=XOF)
    leased = lease_tasks(project.id, count=10, by=stage.cast.member.actor, at=AT)
    return_expired_leases(at=LATER)
    deposit = LedgerTransaction.objects.get(kind="deposit")
    reverse_deposit(project.id, deposit.id, "Another's money", by=stage.cast.finance.actor, at=LATER)
    assert stage.answer(leased, stage.cast.member, LATER) == ["late"] * 10
    assert project.escrow_id is not None
    assert balance(project.escrow_id) == 0
    assert {one.charge_id for one in Accrual.objects.all()} == {own(project)}
    assert balance(own(project)) < 0
    assert list(all_problems(at=LATER)) == []


def test_what_the_deposit_still_holds_is_not_left_short(stage: Stage) -> None:
    """Between nothing and enough: an outbox that it doesn't bear whole is the operator's whole."""
    project = stage.live(terms=XOF)
    leased = lease_tasks(project.id, count=10, by=stage.cast.member.actor, at=AT)
    escrow, world = project.escrow_id or 0, open_account(LedgerAccount.Kind.WORLD, None, "XOF").id
    taken = balance(escrow) - 5
    post("taken", "expense", [Move(escrow, "XOF", -taken), Move(world, "XOF", taken)], by=SYSTEM, at=AT)
    stage.answer(leased, stage.cast.member)
    assert balance(escrow) == 5
    assert free_money(project) >= 0
    assert {one.charge_id for one in Accrual.objects.all()} == {own(project)}


@pytest.mark.parametrize("kind", ["skip", "flag", "question", "time"])
def test_time_after_the_close_is_the_operator_s(stage: Stage, kind: str) -> None:
    project = stage.live()
    leased = lease_tasks(project.id, count=2, by=stage.cast.member.actor, at=AT)
    close_project(project.id, by=stage.coordinator.actor, at=AT + dt.timedelta(minutes=1))
    came = AT + dt.timedelta(minutes=5)
    slices = [{"key": str(new_id()), "kind": "task", "started_at": AT.isoformat(), "ms": 60_000}]
    item: dict[str, object] = {"type": kind, "key": str(new_id()), "slices": slices}
    lease = leased.tasks[0].lease
    more: dict[str, dict[str, object]] = {
        "skip": {"lease": lease, "reason": "unclear", "comment": ""},
        "flag": {"lease": lease, "reason": "harmful", "comment": ""},
        "question": {"project": str(project.id), "text": "Both?"},
        "time": {"project": str(project.id)},
    }
    sync([item | more[kind]], device_now=came, by=stage.cast.member.actor, at=came)
    assert [one.charge for one in TimeEntry.objects.all()] == [own(project)]
