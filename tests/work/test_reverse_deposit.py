"""A deposit that was recorded by mistake is taken back whole, and only while nobody has a claim to its money."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.installation.verification import all_problems
from palabre.pay.errors import DepositReversed
from palabre.pay.jobs import run_settlements
from palabre.pay.models import LedgerTransaction
from palabre.pay.queries import balance
from palabre.times import ManualClock
from palabre.work.actions.fund import record_deposit, refund_deposit
from palabre.work.actions.launch import close_project
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.reverse import free_money, reverse_deposit
from palabre.work.actions.stuck import return_leases
from palabre.work.errors import DaysOpen, DepositNeeded, TextWrong
from palabre.work.marks import in_hands
from palabre.work.models import Project, Task
from palabre.work.queries.books import books_of, deposited
from tests.work.meeting import meet
from tests.work.stage import AT, Stage, events

LATER = AT + dt.timedelta(days=3)
WHY = "It was for another project."


def deposit_in(project: Project, reference: str) -> int:
    return LedgerTransaction.objects.get(kind="deposit", data__reference=reference).id


def reverse(stage: Stage, project: Project, reference: str = "bank 2", why: str = WHY) -> int:
    by = stage.cast.finance.actor
    return reverse_deposit(project.id, deposit_in(project, reference), why, by=by, at=LATER).id


def mark(project: Project) -> int:
    return project.batches.get().funded_upto


@pytest.fixture
def twice(stage: Stage) -> Project:
    """A deposit of 50 cents that is right, and one that is not."""
    project = stage.live(tasks=1000, deposit=50)
    record_deposit(project.id, 50, "bank 2", by=stage.cast.finance.actor, at=AT)
    return project


def test_it_is_taken_back_whole(stage: Stage, twice: Project) -> None:
    assert mark(twice) == 235
    wrong = deposit_in(twice, "bank 2")
    done = reverse(stage, twice)
    assert (deposited(twice), balance(twice.escrow_id or 0), mark(twice)) == (50, 50, 117)
    row = LedgerTransaction.objects.get(id=done)
    assert (row.kind, row.data["reverses"], row.data["reason"]) == ("deposit_reversed", wrong, WHY)
    (said,) = events(twice.id, "work.deposit.reversed")
    assert said.data == {"transaction": done, "reverses": wrong, "amount": 50}
    assert list(all_problems(at=LATER)) == []


def test_once_for_a_deposit(stage: Stage, twice: Project) -> None:
    first = reverse(stage, twice)
    assert reverse(stage, twice, why=f" {WHY} ") == first
    with pytest.raises(DepositReversed):
        reverse(stage, twice, why="Another")
    assert len(events(twice.id, "work.deposit.reversed")) == 1


def test_the_right_one_is_recorded_under_the_same_reference(stage: Stage, twice: Project) -> None:
    reverse(stage, twice)
    by, old = stage.cast.finance.actor, deposit_in(twice, "bank 2")
    right = record_deposit(twice.id, 20, "bank 2", by=by, at=LATER)
    assert record_deposit(twice.id, 20, " bank 2", by=by, at=LATER) == right != old
    assert deposited(twice) == 70
    assert reverse_deposit(twice.id, right, WHY, by=by, at=LATER).data["reverses"] == right
    assert record_deposit(twice.id, 50, "bank 2", by=by, at=LATER) not in (right, old)
    assert list(all_problems(at=LATER)) == []


def test_money_that_is_spent_stays(stage: Stage, twice: Project) -> None:
    for _ in range(3):
        stage.work(twice, stage.cast.member)
        stage.work(twice, stage.cast.reviewer)
    free = free_money(twice)
    assert 0 < free < 50
    with pytest.raises(DepositNeeded) as refused:
        reverse(stage, twice, "bank 1")
    assert refused.value.fields["free_minor"] == free
    assert f"0.{free} EUR of this project’s money are free; the deposit is 0.50 EUR" in str(refused.value)
    assert deposited(twice) == 100


def test_money_of_tasks_in_hands_stays_until_they_come_back(stage: Stage, twice: Project) -> None:
    member = stage.cast.member
    for _ in range(3):
        lease_tasks(twice.id, count=50, holding=range(10**6, 10**6 + 200), by=member.actor, at=AT)
    assert in_hands(twice) == 150
    assert free_money(twice) == 68, "100 less 150 times 0.157 times 1.35, rounded up"
    reverse(stage, twice)
    assert free_money(twice) == 18
    with pytest.raises(DepositNeeded):
        reverse(stage, twice, "bank 1")
    return_leases(twice.id, member.account, by=stage.coordinator.actor, at=AT)
    reverse(stage, twice, "bank 1")
    assert (deposited(twice), mark(twice)) == (0, 0)
    assert lease_tasks(twice.id, count=50, by=stage.cast.reviewer.actor, at=AT).tasks == []


def test_what_is_offered_afterwards_is_covered(stage: Stage, twice: Project) -> None:
    """Answers and tasks in hands lie beyond the new mark; what may still be handed out, all of it, is paid for."""
    for _ in range(3):
        stage.work(twice, stage.cast.member)
    held = lease_tasks(twice.id, count=20, by=stage.cast.member.actor, at=AT)
    reverse(stage, twice)
    assert mark(twice) < held.tasks[0].position
    offered = sum(one.free.bit_count() for one in Task.objects.filter(position__lte=mark(twice)))
    assert offered > 0
    assert books_of(twice).affordable() - in_hands(twice) - offered in (0, 1)
    return_leases(twice.id, stage.cast.member.account, by=stage.coordinator.actor, at=AT)
    while stage.work(twice, stage.cast.reviewer):
        pass
    assert books_of(twice).affordable() >= 0
    assert balance(twice.escrow_id or 0) >= 0


def test_a_task_that_came_back_beyond_the_mark_waits_for_money(stage: Stage, twice: Project) -> None:
    member, colleague, by = stage.cast.member, stage.cast.reviewer, stage.cast.finance.actor
    for _ in range(4):
        lease_tasks(twice.id, count=50, holding=range(10**6, 10**6 + 200), by=member.actor, at=AT)
    lease_tasks(twice.id, count=1, by=colleague.actor, at=AT)
    return_leases(twice.id, member.account, by=stage.coordinator.actor, at=AT)
    reverse(stage, twice)
    seen: set[int] = set()
    while given := lease_tasks(
        twice.id, count=50, holding=range(10**6, 10**6 + 200), by=colleague.actor, at=AT
    ).tasks:
        seen |= {one.position for one in given}
    assert max(seen) <= mark(twice) < 200
    return_leases(twice.id, colleague.account, by=stage.coordinator.actor, at=AT)
    record_deposit(twice.id, 50, "bank 3", by=by, at=AT)
    again = set()
    while given := lease_tasks(
        twice.id, count=50, holding=range(10**6, 10**6 + 200), by=colleague.actor, at=AT
    ).tasks:
        again |= {one.position for one in given}
    assert set(range(mark(twice) - 30, mark(twice) + 1)) <= again, "passed then, offered now"


def test_of_a_closed_project(stage: Stage, twice: Project) -> None:
    stage.work(twice, stage.cast.member)
    held = lease_tasks(twice.id, count=5, by=stage.cast.member.actor, at=AT)
    close_project(twice.id, by=stage.coordinator.actor, at=AT)
    with pytest.raises(DaysOpen):
        reverse(stage, twice)
    run_settlements(ManualClock(LATER))
    reverse(stage, twice)
    refund_deposit(twice.id, "back", by=stage.cast.finance.actor, at=LATER)
    assert stage.answer(held, stage.cast.member) == ["late"] * 5, "the operator pays them"
    assert balance(twice.escrow_id or 0) == 0
    assert list(all_problems(at=LATER)) == []


def test_who_may_not(stage: Stage, twice: Project) -> None:
    number = deposit_in(twice, "bank 2")
    for who in (stage.coordinator, stage.cast.client_person, stage.cast.member, stage.cast.auditor):
        with pytest.raises(NotAllowed):
            reverse_deposit(twice.id, number, WHY, by=who.actor, at=AT)
    with pytest.raises(NotFound):
        reverse_deposit(twice.id, number, WHY, by=stage.cast.stranger.actor, at=AT)


def test_what_is_no_deposit_of_it(stage: Stage, twice: Project) -> None:
    by = stage.cast.finance.actor
    other = stage.quoted().project
    done = reverse(stage, twice)
    for project, number in ((other.id, deposit_in(twice, "bank 1")), (twice.id, done), (twice.id, 10**9)):
        with pytest.raises(NotFound):
            reverse_deposit(project, number, WHY, by=by, at=AT)
    for reason in (" ", "a\0b", "a" * 501):
        with pytest.raises(TextWrong):
            reverse_deposit(twice.id, deposit_in(twice, "bank 1"), reason, by=by, at=AT)


@pytest.mark.django_db(transaction=True)
def test_at_the_same_time_it_is_taken_back_once(stage: Stage, twice: Project) -> None:
    def one(_: int) -> int:
        try:
            return reverse(stage, twice)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(one, range(4)))) == 1
    assert deposited(twice) == 50


@pytest.mark.django_db(transaction=True)
def test_money_that_is_being_handed_out_counts(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member has read the mark and not taken her tasks yet: taking the money back waits for her."""
    project = stage.live(tasks=100, deposit=5)
    assert mark(project) == 11

    def take_back() -> None:
        with pytest.raises(DepositNeeded):
            reverse(stage, project, "bank 1")

    assert meet(stage, project, take_back, monkeypatch) == 11
    assert deposited(project) == 5
