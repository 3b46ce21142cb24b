"""Two sessions at one moment: each has a short critical section, and the sums are exact."""

import threading
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from palabre.pay import verify
from palabre.pay.actions import Move, credit_base_pay, open_account, post, request_payout, settle_day
from palabre.pay.errors import NotEnoughMoney
from palabre.pay.models import Accrual, DueDay, Payout, Settlement
from palabre.pay.queries import balance, member_balances
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Role
from tests.pay.conftest import (
    DAY,
    FUNDED,
    HOUR_MS,
    NEXT_DAY,
    NOON,
    Book,
    Kind,
    book,
    funded,
    give,
    new_member,
    work,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def xof(transactional_db: None) -> Book:
    return funded(book("XOF"))


def together(*actions: Callable[[], object]) -> list[object]:
    """Run at the same moment, each with a connection of its own: what each gave or raised."""
    start, results = threading.Barrier(len(actions), timeout=30), list[object]()

    def run(action: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            results.append(action())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    connection.close()  # the pool has few connections
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def as_member(member: uuid.UUID) -> Actor:
    return Actor(member, None, frozenset({Role.MEMBER}))


def test_a_balance_is_not_spent_twice(xof: Book) -> None:
    member = new_member()
    give(member, 100)

    def take() -> Payout:
        return request_payout(uuid.uuid4(), 60, "XOF", by=as_member(member), at=NOON)

    results = together(take, take, take)
    assert sum(isinstance(result, Payout) for result in results) == 1
    assert sum(isinstance(result, NotEnoughMoney) for result in results) == 2
    assert member_balances(member) == {"XOF": 40}


def test_the_same_payout_asked_twice_is_one(xof: Book) -> None:
    member, number = new_member(), uuid.uuid4()
    give(member, 100)

    def take() -> Payout:
        return request_payout(number, 60, "XOF", by=as_member(member), at=NOON)

    results = together(take, take, take)
    assert {result.id for result in results if isinstance(result, Payout)} == {number}
    assert len(results) == sum(isinstance(result, Payout) for result in results)
    assert member_balances(member) == {"XOF": 40}


def test_credits_of_one_member_come_to_the_exact_sum(xof: Book) -> None:
    member = new_member()

    def credit_thirty() -> None:
        for _ in range(30):
            credit_base_pay(
                member=member,
                charge_account=xof.escrow,
                day=DAY,
                currency="XOF",
                exact=Decimal("0.37000001"),
                exact_charge=Decimal("0.37000001"),
                charge_currency="XOF",
                key=str(uuid.uuid4()),
                at=NOON,
            )

    assert together(credit_thirty, credit_thirty, credit_thirty) == [None, None, None]
    assert Accrual.objects.get().exact == Decimal("33.3000009")
    assert member_balances(member) == {"XOF": 34}
    assert list(verify.problems()) == []


def test_a_credit_beside_a_settlement_is_in_it_or_leaves_the_day_due(xof: Book, floors: None) -> None:
    for _ in range(5):
        member = new_member()
        work(member, xof.escrow, HOUR_MS)

        def late(member: uuid.UUID = member) -> object:
            return credit_base_pay(
                member=member,
                charge_account=xof.escrow,
                day=DAY,
                currency="XOF",
                exact=Decimal(10),
                exact_charge=Decimal(10),
                charge_currency="XOF",
                key=str(uuid.uuid4()),
                at=NOON,
            )

        def settle(member: uuid.UUID = member) -> object:
            return settle_day(member, DAY, at=NEXT_DAY)

        together(late, settle)
        settled = Settlement.objects.get(member_id=member)
        due = DueDay.objects.filter(member_id=member).exists()
        assert (settled.earned, due) in {(10, False), (0, True)}


def test_a_day_is_settled_once(xof: Book, floors: None) -> None:
    member = new_member()
    work(member, xof.escrow, HOUR_MS)

    def settle() -> object:
        return settle_day(member, DAY, at=NEXT_DAY)

    together(settle, settle, settle)
    assert Settlement.objects.get().top_up == 371
    assert member_balances(member) == {"XOF": 371}


def test_one_key_at_one_moment_is_one_transaction(xof: Book) -> None:
    moves = [Move(xof.world, "XOF", -5), Move(xof.escrow, "XOF", 5)]

    def send() -> int:
        return post("k", "deposit", moves, by=SYSTEM, at=NOON)

    assert len(set(together(send, send, send))) == 1
    assert balance(xof.escrow) == FUNDED + 5


def test_an_account_opened_by_several_is_one() -> None:
    owner = uuid.uuid4()
    results = together(*[lambda: open_account(Kind.PAYABLE, owner, "XOF").id] * 3)
    assert len(set(results)) == 1
