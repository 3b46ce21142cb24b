"""How far the money goes: deposits, what they cover, and the shares that leave with the work."""

import dataclasses
import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.errors import NotAllowed, NotFound
from palabre.pay.actions import Move, open_account, post
from palabre.pay.errors import AmountNotPositive, KeyReused
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.pay.queries import balance
from palabre.people.actor import SYSTEM
from palabre.people.models import Role
from palabre.times import ManualClock
from palabre.work import marks
from palabre.work.actions.fund import record_deposit, refresh_funding, settle_shares
from palabre.work.actions.launch import close_project
from palabre.work.errors import NotReady, ProjectIs
from palabre.work.jobs import run_funding, run_shares
from palabre.work.models import Annotation, Batch, Project
from palabre.work.queries.books import deposited
from tests.cast import DAKAR, enter, gather
from tests.work.stage import AT, TERMS, Stage, events, set_stage


def covered(project: Project) -> list[int]:
    return [batch.funded_upto for batch in project.batches.order_by("number")]


def escrow(project: Project) -> int:
    assert project.escrow_id is not None
    return balance(project.escrow_id)


# -- deposits -------------------------------------------------------------------------------------


def test_the_price_covers_the_work(stage: Stage) -> None:
    assert covered(stage.ready(tasks=1000)) == [1000]


def test_a_smaller_deposit_covers_the_first_tasks(stage: Stage) -> None:
    """50 cents / (0.157 cents x 1.35) = 235 judgements: 117 tasks twice, and one left over."""
    project = stage.ready(tasks=1000, deposit=50)
    assert project.rates["SN"]["charge"] == "0.00157000"
    assert covered(project) == [117]
    record_deposit(project.id, 50, "bank 2", by=stage.cast.finance.actor, at=AT)
    assert covered(project) == [235]
    said = events(project.id, "work.deposit.recorded")
    assert [event.data["amount"] for event in said] == [50, 50]


def test_batches_are_covered_in_their_order(stage: Stage) -> None:
    project = stage.ready(tasks=1000, deposit=250)
    stage.add_tasks(project, 1000)
    assert covered(project) == [589, 0]
    record_deposit(project.id, 250, "bank 2", by=stage.cast.finance.actor, at=AT)
    assert covered(project) == [1000, 179]


def test_the_same_deposit_twice_is_one(stage: Stage) -> None:
    project, by = stage.ready(tasks=1000, deposit=50), stage.cast.finance.actor
    record_deposit(project.id, 50, "bank 1", by=by, at=AT)
    assert deposited(project) == 50
    with pytest.raises(KeyReused):
        record_deposit(project.id, 60, "bank 1", by=by, at=AT)


def test_deposits_need_an_account_and_an_amount(stage: Stage) -> None:
    by = stage.cast.finance.actor
    with pytest.raises(NotReady):
        record_deposit(stage.draft().id, 50, "bank 1", by=by, at=AT)
    with pytest.raises(AmountNotPositive):
        record_deposit(stage.quoted().project_id, 0, "bank 1", by=by, at=AT)


def test_who_may_not_record_one(stage: Stage) -> None:
    project = stage.live()
    for who in (stage.cast.client_person, stage.coordinator, stage.cast.member):
        with pytest.raises(NotAllowed):
            record_deposit(project.id, 50, "bank 2", by=who.actor, at=AT)
    with pytest.raises(NotFound):
        record_deposit(project.id, 50, "bank 2", by=stage.cast.stranger.actor, at=AT)


def test_a_closed_project_takes_no_money(stage: Stage) -> None:
    project = close_project(stage.live().id, by=stage.coordinator.actor, at=AT)
    with pytest.raises(ProjectIs):
        record_deposit(project.id, 50, "bank 2", by=stage.cast.finance.actor, at=AT)


# -- what is covered ------------------------------------------------------------------------------


def test_work_in_progress_changes_nothing(stage: Stage) -> None:
    project = stage.live(tasks=1000, deposit=50)
    for who in (stage.cast.member, stage.cast.reviewer):
        stage.work(project, who, most=7)
        settle_shares(project, at=AT)
        refresh_funding(project)
        assert covered(project) == [117]


def test_top_ups_that_eat_the_reserve_cover_less(stage: Stage) -> None:
    project = stage.live(tasks=1000, deposit=100)
    assert covered(project) == [235]
    platform = open_account(LedgerAccount.Kind.PLATFORM, None, "EUR")
    moves = [Move(project.escrow_id or 0, "EUR", -40), Move(platform.id, "EUR", 40)]
    post("top_up:test", "top_up", moves, by=SYSTEM, at=AT)
    assert run_funding(ManualClock(AT)) == 1
    assert covered(project) == [141]
    assert run_funding(ManualClock(AT)) == 0


def test_top_ups_use_the_reserve_first(stage: Stage) -> None:
    """50 judgements of 0.157 cents set 0.785 cents aside: a top-up of one cent takes 0.215 of others."""
    project = stage.live(tasks=1000, deposit=100)
    stage.work(project, stage.cast.member)
    platform = open_account(LedgerAccount.Kind.PLATFORM, None, "EUR")
    moves = [Move(project.escrow_id or 0, "EUR", -1), Move(platform.id, "EUR", 1)]
    post("top_up:test", "top_up", moves, by=SYSTEM, at=AT)
    refresh_funding(project)
    assert covered(project) == [235]


def test_money_that_is_gone_covers_what_is_done(stage: Stage) -> None:
    project = stage.live(tasks=100, deposit=10)
    stage.work(project, stage.cast.member)
    platform = open_account(LedgerAccount.Kind.PLATFORM, None, "EUR")
    left = escrow(project)
    moves = [Move(project.escrow_id or 0, "EUR", -left), Move(platform.id, "EUR", left)]
    post("top_up:test", "top_up", moves, by=SYSTEM, at=AT)
    refresh_funding(project)
    assert covered(project)[0] * project.overlap <= Annotation.objects.count()


def test_cheaper_places_leave_money_for_more(stage: Stage) -> None:
    """The price counts with the floor of France; all the work is done in Dakar."""
    terms = dataclasses.replace(TERMS, countries=["SN", "FR"], overlap=1)
    project = stage.live(tasks=500, terms=terms, deposit=1000)
    before = covered(project)[0]
    assert before < 500
    stage.work(project, stage.cast.member)
    refresh_funding(project)
    assert covered(project)[0] > before + 40


def test_closed_batches_neither_need_nor_give(stage: Stage) -> None:
    project = stage.live(tasks=1000, deposit=50)
    assert stage.work(project, stage.cast.member) == 50
    project.batches.update(state=Batch.State.CLOSED)
    stage.add_tasks(project, 1000)
    assert covered(project)[1] == (235 - 50) // 2


@pytest.mark.parametrize("uncovered", [1, 2, 3, 13, 14, 15, 39, 40])
def test_last_tasks_that_nobody_had_are_seen_as_they_are_counted(stage: Stage, uncovered: int) -> None:
    project = stage.live(tasks=7, deposit=1000)
    stage.add_tasks(project, 13)
    batches = list(project.batches.order_by("number"))
    seen = marks._untouched(project, batches, uncovered)
    assert seen == marks._kept_back(project, uncovered)
    assert list(seen or ()) == [one.id for one in batches]
    stage.work(project, stage.cast.member, most=20)
    assert marks._untouched(project, batches, uncovered) is None


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seconds=st.decimals(1, 4000, places=2),
    deposit=st.integers(1, 5_000),
    workers=st.integers(1, 4),
    often=st.booleans(),
)
def test_the_money_never_runs_out(
    shared_stage: Stage, seconds: Decimal, deposit: int, workers: int, often: bool
) -> None:
    """Whoever takes whatever is offered, the deposit pays all of it, with the shares that it owes."""
    terms = dataclasses.replace(TERMS, seconds_per_task=seconds, overlap=3, currency="XOF")
    project = shared_stage.live(tasks=30, terms=terms, deposit=deposit)
    for number in range(workers):
        name = f"{project.id}-{number}"
        shared_stage.work(project, enter(shared_stage.cast.operator, name, Role.MEMBER, home=DAKAR))
        if often:
            settle_shares(project, at=AT)
            refresh_funding(project)
    settle_shares(project, at=AT)
    assert escrow(project) >= 0
    refresh_funding(project)
    batch = project.batches.get()
    counted = Annotation.objects.filter(project=project, place__isnull=False).count()
    assert counted <= max(batch.funded_upto, 0) * project.overlap + project.overlap


@pytest.fixture
def shared_stage(db: None) -> Stage:
    """One cast for all examples of a property: each makes a project of its own."""
    return set_stage(gather())


# -- shares ---------------------------------------------------------------------------------------


def shares(project: Project) -> tuple[int, int]:
    kinds = (LedgerAccount.Kind.SHARE, LedgerAccount.Kind.SOCIAL)
    share, social = (balance(open_account(kind, project.id, project.currency).id) for kind in kinds)
    return share, social


def expensive(stage: Stage) -> Project:
    """100 seconds: 10.3 XOF a judgement, so that there are whole units to share."""
    terms = dataclasses.replace(TERMS, currency="XOF", seconds_per_task=Decimal(100))
    return stage.live(tasks=100, terms=terms)


def test_shares_follow_the_work(stage: Stage) -> None:
    project = expensive(stage)
    assert settle_shares(project, at=AT) is None
    stage.work(project, stage.cast.member)
    assert settle_shares(project, at=AT) is not None
    assert shares(project) == (77, 51)  # 15 % and 10 % of 514


def test_often_or_once_comes_to_the_same(stage: Stage) -> None:
    project = expensive(stage)
    for most in (1, 2, 3, 44):
        stage.work(project, stage.cast.member, most)
        settle_shares(project, at=AT)
        settle_shares(project, at=AT)
    assert shares(project) == (77, 51)
    assert LedgerTransaction.objects.filter(kind="shares").count() == 4


def test_money_taken_from_a_share_account_is_not_owed_again(stage: Stage) -> None:
    project = expensive(stage)
    stage.work(project, stage.cast.member)
    settle_shares(project, at=AT)
    share = open_account(LedgerAccount.Kind.SHARE, project.id, "XOF")
    world = open_account(LedgerAccount.Kind.WORLD, None, "XOF")
    post("rent", "expense", [Move(share.id, "XOF", -77), Move(world.id, "XOF", 77)], by=SYSTEM, at=AT)
    assert settle_shares(project, at=AT) is None


def test_a_day_after_the_close_there_may_be_more(stage: Stage) -> None:
    project = expensive(stage)
    stage.work(project, stage.cast.member)
    close_project(project.id, by=stage.coordinator.actor, at=AT)
    assert run_shares(ManualClock(AT + dt.timedelta(days=1))) == 0
    assert shares(project) == (77, 51)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_move_them_once(transactional_db: None) -> None:
    stage = set_stage(gather())
    project = expensive(stage)
    stage.work(project, stage.cast.member)

    def settle() -> None:
        settle_shares(project, at=AT)
        connection.close()

    jobs = [threading.Thread(target=settle) for _ in range(4)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert shares(project) == (77, 51)
