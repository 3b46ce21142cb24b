"""What a superuser changes behind the database's back is named."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection, transaction

from palabre.pay.actions import advance_payout, credit_base_pay, request_payout, settle_day
from palabre.pay.verify import CHECKS, problems
from palabre.people.actor import Actor
from palabre.people.models import Role
from tests.pay.conftest import DAY, HOUR_MS, NEXT_DAY, NOON, Book, book, work
from tests.pay.leading import Silent, lead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def life(someone: uuid.UUID, xof: Book, eur: Book, floors: None) -> uuid.UUID:
    """A member with base pay in two currencies, a top-up, a correction, and payouts."""
    xof.fund(5000)
    eur.fund(500)
    for number, charge in enumerate((xof, eur, xof)):
        credit_base_pay(
            member=someone,
            charge_account=charge.escrow,
            day=DAY,
            currency="XOF",
            exact=Decimal("100.3"),
            exact_charge=Decimal("1.57"),
            charge_currency=charge.currency,
            key=f"base {number}",
            at=NOON,
        )
    work(someone, xof.escrow, HOUR_MS)
    settle_day(someone, DAY, at=NEXT_DAY)
    work(someone, xof.escrow, HOUR_MS)
    settle_day(someone, DAY, at=NEXT_DAY)
    by = Actor(someone, None, frozenset({Role.MEMBER}))
    lead(someone, at=NOON)
    payout = request_payout(uuid.uuid4(), 50, "XOF", by=by, at=NOON)
    advance_payout(payout.id, Silent(), at=NOON)
    return someone


def damage(*statements: str) -> list[str]:
    """What is named after statements for which every trigger and constraint trigger was set aside."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount > 0, statement
        cursor.execute("SET LOCAL session_replication_role = origin")
        found = list(problems())
        transaction.set_rollback(True)
    return found


def test_an_honest_ledger_has_no_problem() -> None:
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE pay_posting SET amount = amount + 1 WHERE id = (SELECT max(id) FROM pay_posting)",
            "sum to zero",
        ),
        ("DELETE FROM pay_posting WHERE id = (SELECT max(id) FROM pay_posting)", "says 2 postings and has 1"),
        ("DELETE FROM pay_posting", "is not what the record says"),
        ("UPDATE pay_ledgertransaction SET size = 9 WHERE kind = 'payout'", "says 9 postings and has 2"),
        ("UPDATE pay_balance SET amount = amount + 1 WHERE guarded", "its postings sum to"),
        ("DELETE FROM pay_balance WHERE guarded", "its postings sum to"),
        ("UPDATE pay_balance SET guarded = false WHERE guarded", "is guarded, but its balance is not"),
        ("UPDATE pay_ledgeraccount SET guarded = false WHERE guarded", "is guarded, but its balance is not"),
        ("UPDATE pay_ledgeraccount SET currency = 'EUR' WHERE kind = 'payable'", "its account"),
        ("UPDATE pay_accrual SET credited = credited + 1", "rounded up"),
        ("UPDATE pay_accrual SET charged = charged - 1", "rounded down"),
        ("UPDATE pay_accrual SET exact = exact + 1, credited = credited + 1", "was accrued and"),
        (
            "UPDATE pay_accrual SET charge_id = 0 WHERE id = (SELECT min(id) FROM pay_accrual)",
            "was accrued and",
        ),
        ("UPDATE pay_settlement SET due = due + 1", "at its floor are not"),
        ("UPDATE pay_settlement SET counted_ms = counted_ms + 60000", "at its floor are not"),
        ("UPDATE pay_floor SET amount = amount / 2", "at its floor are not"),
        ("UPDATE pay_settlement SET top_up = top_up + 1", "is not a top-up of"),
        ("UPDATE pay_settlement SET topped_up_before = 1 WHERE revision = 1", "is not a top-up of"),
        ("DELETE FROM pay_settlement WHERE revision = 1", "is not a top-up of"),
        ("UPDATE pay_settlement SET transaction_id = NULL", "its ledger transaction pays 0"),
        ("DELETE FROM pay_settlement", "neither settled nor due"),
        ("UPDATE timesheet_timeentry SET counted_ms = counted_ms - 1", "neither settled nor due"),
        ("UPDATE pay_payout SET amount = amount - 1", "are on their way"),
        ("UPDATE pay_payout SET state = 'paid'", "gave 0 on"),
        ("DELETE FROM pay_payout", "are on their way"),
        (
            "UPDATE pay_ledgertransaction SET key = key || '!' WHERE kind = 'top_up'",
            "is not what the record says",
        ),
        ("UPDATE pay_ledgertransaction SET at = at + interval '1 day'", "is not what the record says"),
        ("DELETE FROM record_event WHERE code = 'pay.posted'", "is not what the record says"),
        ("DELETE FROM pay_ledgertransaction WHERE kind = 'payout'", "which is not there"),
        ("UPDATE pay_settlement SET hourly = 1", "is not what the record says"),
        ("DELETE FROM record_event WHERE code = 'pay.day.settled'", "is not what the record says"),
    ],
)
def test_damage_is_named(statement: str, said: str) -> None:
    assert any(said in problem for problem in damage(statement))


def test_a_change_of_both_sides_contradicts_the_record() -> None:
    """Postings and balances altered together sum up; the event that told of them doesn't change with them."""
    found = damage(
        "UPDATE pay_posting SET amount = amount * 2 WHERE transaction_id ="
        " (SELECT min(id) FROM pay_ledgertransaction WHERE kind = 'deposit')",
        "UPDATE pay_balance b SET amount = CASE WHEN b.shard = f.shard THEN s.amount ELSE 0 END FROM"
        " (SELECT account_id, sum(amount) AS amount FROM pay_posting GROUP BY 1) s,"
        " (SELECT account_id, min(shard) AS shard FROM pay_balance GROUP BY 1) f"
        " WHERE s.account_id = b.account_id AND f.account_id = b.account_id",
    )
    assert [problem for problem in found if "record says" in problem] == found != []


def test_time_that_was_forgotten_is_named(life: uuid.UUID) -> None:
    work(life, book("XOF").escrow, HOUR_MS, day=DAY.replace(day=9))
    assert list(problems()) == []  # it is due
    assert any("neither settled nor due" in problem for problem in damage("DELETE FROM pay_dueday"))


def test_each_check_is_one_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(5 * len(CHECKS)):  # type: ignore[operator]
        list(problems())
