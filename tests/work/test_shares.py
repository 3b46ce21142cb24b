"""The platform's share and the social cover: moved whatever the quotes became, and as far as there is money."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest

from palabre.installation.verification import all_problems
from palabre.pay.actions import open_account
from palabre.pay.jobs import run_settlements
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.pay.queries import balance
from palabre.times import ManualClock
from palabre.work.actions.fund import refund_deposit, settle_shares
from palabre.work.actions.launch import close_project
from palabre.work.actions.pilot import conclude_pilot, start_pilot
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.errors import NothingLeft
from palabre.work.models import Project
from palabre.work.pricing import Shares
from tests.work.stage import AT, TERMS, Stage
from tests.work.test_pilot import confirmed, work

LATER = AT + dt.timedelta(hours=2)
XOF = dataclasses.replace(TERMS, currency="XOF", seconds_per_task=Decimal(100))


def moved(project: Project) -> tuple[int, int]:
    kinds = (LedgerAccount.Kind.SHARE, LedgerAccount.Kind.SOCIAL)
    share, social = (balance(open_account(kind, project.id, project.currency).id) for kind in kinds)
    return share, social


def piloted(stage: Stage, deposit: int | None = None) -> Project:
    """A pilot whose times were measured and whose shares were moved once."""
    project = start_pilot(stage.ready(terms=XOF, deposit=deposit).id, 10, by=stage.coordinator.actor, at=AT)
    for who in (stage.cast.member, stage.cast.reviewer):
        work(project, who, (100,))
    confirmed(stage, project)
    assert settle_shares(project, at=AT) is not None
    conclude_pilot(project.id, by=stage.coordinator.actor, at=LATER)
    return project


def priced_anew(stage: Stage, project: Project, shares: Shares) -> None:
    by = stage.coordinator.actor
    dearer = quote_project(project.id, 10, shares=shares, by=by, at=LATER)
    accept_quote(dearer.id, by=by, at=LATER)


def test_a_second_quote_of_a_pilot_owes_more_of_the_same_pay(stage: Stage) -> None:
    project = piloted(stage, deposit=1_000)
    assert moved(project) == (30, 20)
    priced_anew(stage, project, Shares(Decimal(30), Decimal(20)))
    closed = close_project(project.id, by=stage.coordinator.actor, at=LATER)
    assert closed.state == Project.State.CLOSED
    assert moved(project) == (61, 41)
    assert LedgerTransaction.objects.filter(kind="shares").count() == 2
    assert list(all_problems(at=LATER)) == []


def test_where_the_deposit_has_less_the_cover_comes_first(stage: Stage) -> None:
    project = piloted(stage)
    assert project.escrow_id is not None
    left = balance(project.escrow_id)
    priced_anew(stage, project, Shares(Decimal(90), Decimal(20)))
    close_project(project.id, by=stage.coordinator.actor, at=LATER)
    assert moved(project) == (30 + left - 21, 41)
    assert balance(project.escrow_id) == 0
    assert settle_shares(Project.objects.get(id=project.id), at=LATER) is None, "nothing is there to be moved"
    run_settlements(ManualClock(LATER + dt.timedelta(days=2)))
    with pytest.raises(NothingLeft):
        refund_deposit(project.id, "bank 2", by=stage.cast.finance.actor, at=LATER + dt.timedelta(days=3))
