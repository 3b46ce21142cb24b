"""A reviewer undoes her last review: consensus, money and task are as before; her time stays."""

import datetime as dt
from math import ceil

import pytest
from django.db.models import Sum

from palabre.errors import NotAllowed, NotFound
from palabre.money import minor_units
from palabre.pay.actions import Move, open_account, post
from palabre.pay.models import Accrual, Balance, LedgerAccount
from palabre.pay.verify import problems as pay_problems
from palabre.quality.actions import lease_review, submit_review, undo_review
from palabre.quality.models import Consensus
from palabre.timesheet.models import TimeEntry
from palabre.work.actions.launch import close_project
from palabre.work.actions.reviews import return_review
from palabre.work.errors import UndoOver
from palabre.work.models import Project, Review
from palabre.work.undo import WITHIN
from palabre.work.verify import problems
from tests.quality.disputed import HAPPY, LATER, SAD, disputed_project, reviewer
from tests.work.stage import Stage, events

SENT = LATER + dt.timedelta(minutes=3)
SOON = SENT + dt.timedelta(minutes=2)
WHY = "The text says so in its last line."


@pytest.fixture
def project(stage: Stage) -> Project:
    return disputed_project(stage)


@pytest.fixture
def review(stage: Stage, project: Project) -> Review:
    return lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)


def decide(stage: Stage, review: Review, at: dt.datetime = SENT) -> Review:
    return submit_review(review.id, SAD, WHY, by=stage.cast.reviewer.actor, at=at)


def undo(stage: Stage, review: Review, at: dt.datetime = SOON) -> Review:
    return undo_review(review.id, by=stage.cast.reviewer.actor, at=at)


def balances() -> dict[int, int]:
    """What stands on each account that anything stands on."""
    sums = Balance.objects.values_list("account").annotate(Sum("amount"))
    return {account: amount for account, amount in sums if amount}


def test_consensus_money_and_task_are_as_before_and_her_time_stays(stage: Stage, review: Review) -> None:
    found = Consensus.objects.filter(task=review.task_id)
    before, money = found.values().get(), balances()
    accruals = list(Accrual.objects.order_by("id").values())
    decide(stage, review)
    assert balances() != money
    undone = undo(stage, review)
    assert (undone.state, undone.undone, undone.opened_at) == (Review.State.OPEN, 1, SOON)
    assert found.values().get() == before
    assert balances() == money
    assert list(Accrual.objects.order_by("id").values()) == accruals
    assert TimeEntry.objects.get(member=undone.reviewer_id).counted_ms == 180_000
    assert [*problems(), *pay_problems()] == []
    (event,) = events(undone.project_id, "work.review.undone")
    assert (event.data["review"], event.data["was"]) == (review.id, "submitted")


def test_she_decides_afresh_and_is_paid_once(stage: Stage, review: Review) -> None:
    decide(stage, review)
    paid = balances()
    for number in range(3):
        undo(stage, review, SOON + dt.timedelta(minutes=number))
        at = SOON + dt.timedelta(minutes=number, seconds=30)
        submit_review(review.id, HAPPY, WHY, by=stage.cast.reviewer.actor, at=at)
    assert balances() == paid
    assert Consensus.objects.get(task=review.task_id).labels == {"mood": ["happy"]}
    assert Accrual.objects.get(member=review.reviewer_id).exact == review.pay
    assert [*problems(), *pay_problems()] == []


def test_beside_other_pay_of_the_day_every_fraction_stays(stage: Stage, project: Project) -> None:
    """Three reviews, the last undone: what stands is the exact sum of two, rounded up once."""
    for number in range(3):
        at = LATER + dt.timedelta(minutes=5 * number)
        last = lease_review(project.id, by=stage.cast.reviewer.actor, at=at)
        decide(stage, last, at + dt.timedelta(minutes=3))
        if number == 1:
            two = balances()
    undo(stage, last, LATER + dt.timedelta(minutes=14))
    accrual = Accrual.objects.get(member=last.reviewer_id)
    assert accrual.exact == 2 * last.pay
    assert accrual.credited == ceil(accrual.exact * 10 ** minor_units(accrual.currency))
    assert balances() == two
    assert [*problems(), *pay_problems()] == []


def test_what_she_took_meanwhile_is_laid_aside_and_comes_next(stage: Stage, review: Review) -> None:
    decide(stage, review)
    following = lease_review(review.project_id, by=stage.cast.reviewer.actor, at=SENT)
    undo(stage, review)
    following.refresh_from_db()
    assert following.state == Review.State.EXPIRED
    held = lease_review(review.project_id, by=stage.cast.reviewer.actor, at=SOON)
    assert held.id == review.id
    decide(stage, review, SOON)
    again = lease_review(review.project_id, by=stage.cast.reviewer.actor, at=SOON)
    assert (again.id, again.state) == (following.id, Review.State.OPEN)
    assert [*problems(), *pay_problems()] == []


def test_what_was_laid_aside_and_taken_by_another_is_not_taken_up(stage: Stage, review: Review) -> None:
    decide(stage, review)
    following = lease_review(review.project_id, by=stage.cast.reviewer.actor, at=SENT)
    undo(stage, review)
    other = lease_review(review.project_id, by=reviewer(stage, "other").actor, at=SOON)
    assert other.task_id == following.task_id
    decide(stage, review, SOON)
    assert lease_review(review.project_id, by=stage.cast.reviewer.actor, at=SOON).id != following.id


def test_giving_back_is_undone_while_nobody_has_the_task(stage: Stage, review: Review) -> None:
    by = stage.cast.reviewer.actor
    return_review(review.id, "I know who wrote it.", by=by, at=SENT)
    assert undo(stage, review).state == Review.State.OPEN
    return_review(review.id, "I know who wrote it.", by=by, at=SOON)
    lease_review(review.project_id, by=reviewer(stage, "other").actor, at=SOON)
    with pytest.raises(UndoOver):
        undo(stage, review)


def test_until_when(stage: Stage, review: Review) -> None:
    """A quarter of an hour, her last one only, and not after the project has ended."""
    decide(stage, review)
    with pytest.raises(UndoOver):
        undo(stage, review, SENT + WITHIN + dt.timedelta(seconds=1))
    second = lease_review(review.project_id, by=stage.cast.reviewer.actor, at=SENT)
    decide(stage, second, SOON)
    with pytest.raises(UndoOver):
        undo(stage, review, SOON)
    undo(stage, second, SENT + WITHIN)
    with pytest.raises(UndoOver):
        undo(stage, second, SENT + WITHIN)
    decide(stage, second, SENT + WITHIN)
    close_project(review.project_id, by=stage.coordinator.actor, at=SENT + WITHIN)
    with pytest.raises(UndoOver):
        undo(stage, second, SENT + WITHIN)


def test_not_once_the_money_was_paid_out(stage: Stage, review: Review) -> None:
    """Nothing is written then: her account never goes below zero."""
    decide(stage, review)
    hers = LedgerAccount.objects.get(kind=LedgerAccount.Kind.PAYABLE, owner=review.reviewer_id)
    out = open_account(LedgerAccount.Kind.PAYOUT, None, hers.currency)
    minor = balances()[hers.id]
    moves = [Move(hers.id, hers.currency, -minor), Move(out.id, hers.currency, minor)]
    post("payout:x", "payout", moves, by=stage.cast.reviewer.actor, at=SOON)
    stands = balances()
    with pytest.raises(UndoOver):
        undo(stage, review)
    review.refresh_from_db()
    assert (review.state, review.undone, balances()) == (Review.State.SUBMITTED, 0, stands)


def test_who_may_not(stage: Stage, review: Review) -> None:
    decide(stage, review)
    with pytest.raises(NotAllowed):
        undo_review(review.id, by=stage.cast.member.actor, at=SOON)
    for who in (reviewer(stage, "other"), stage.cast.stranger):
        with pytest.raises(NotFound):
            undo_review(review.id, by=who.actor, at=SOON)
