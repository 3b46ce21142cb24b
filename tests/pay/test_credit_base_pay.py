import datetime as dt
import uuid
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.money import UnknownCurrency, minor_units
from palabre.pay import verify
from palabre.pay.actions import CreditResult, credit_base_pay, open_account
from palabre.pay.errors import BadRate, KeyReused, NoResidence, WrongCurrency
from palabre.pay.models import Accrual, DueDay, Posting
from palabre.pay.queries import balance, member_balances
from tests.pay.conftest import DAY, FUNDED, NOON, Book, Kind, book, funded, new_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def xof(db: None) -> Book:
    return funded(book("XOF"))


@pytest.fixture
def eur(db: None) -> Book:
    return funded(book("EUR"))


def credit(
    member: uuid.UUID,
    charge: Book,
    exact: str,
    exact_charge: str | None = None,
    *,
    currency: str = "XOF",
    day: dt.date = DAY,
    key: str | None = None,
) -> CreditResult:
    return credit_base_pay(
        member=member,
        charge_account=charge.escrow,
        day=day,
        currency=currency,
        exact=Decimal(exact),
        exact_charge=Decimal(exact_charge or exact),
        charge_currency=charge.currency,
        key=key or str(uuid.uuid4()),
        at=NOON,
    )


def test_the_whole_is_rounded_up_once(someone: uuid.UUID, xof: Book) -> None:
    credited = [credit(someone, xof, "1.029239").credited_minor for _ in range(40)]
    assert credited[:2] == [2, 1]
    assert sum(credited) == 42  # 41.16956
    assert member_balances(someone) == {"XOF": 42}
    assert balance(xof.escrow) == FUNDED - 41
    assert balance(open_account(Kind.ROUNDING, None, "XOF").id) == -1


def test_between_currencies_each_sums_to_zero(someone: uuid.UUID, eur: Book) -> None:
    for _ in range(10):
        credit(someone, eur, "1.029239", "0.00157")
    accrual = Accrual.objects.get()
    assert (accrual.exact, accrual.credited) == (Decimal("10.29239"), 11)
    assert (accrual.exact_charge, accrual.charged) == (Decimal("0.0157"), 1)
    assert balance(eur.escrow) == FUNDED - 1
    assert balance(open_account(Kind.EXCHANGE, None, "XOF").id) == -11
    assert balance(open_account(Kind.EXCHANGE, None, "EUR").id) == 1


def test_a_fraction_that_moves_nothing_waits(someone: uuid.UUID, xof: Book) -> None:
    assert credit(someone, xof, "0.4").credited_minor == 1
    assert credit(someone, xof, "0.4") == CreditResult(0, None)
    moved = credit(someone, xof, "0.4")
    assert (moved.credited_minor, moved.transaction_id is None) == (1, False)
    assert Accrual.objects.get().exact == Decimal("1.2")


def test_each_day_account_and_currency_has_its_own_sum(someone: uuid.UUID, xof: Book, eur: Book) -> None:
    credit(someone, xof, "0.1")
    credit(someone, xof, "0.1", day=DAY + dt.timedelta(days=1))
    credit(someone, eur, "0.1", "0.001")
    credit(someone, xof, "0.001", "0.6", currency="EUR")
    assert Accrual.objects.count() == 4
    assert member_balances(someone) == {"EUR": 1, "XOF": 3}


def test_the_day_becomes_due(someone: uuid.UUID, xof: Book) -> None:
    credit(someone, xof, "1")
    credit(someone, xof, "1")
    assert list(DueDay.objects.values_list("member_id", "day")) == [(someone, DAY)]


def test_it_takes_one_statement(someone: uuid.UUID, xof: Book, django_assert_num_queries: object) -> None:
    credit(someone, xof, "1")
    with django_assert_num_queries(1):  # type: ignore[operator]
        credit(someone, xof, "1")


def test_a_key_that_has_posted_is_refused(someone: uuid.UUID, xof: Book) -> None:
    credit(someone, xof, "1.5", key="one")
    for amount in ("1.5", "0.1"):
        with pytest.raises(KeyReused):
            credit(someone, xof, amount, key="one")
    assert member_balances(someone) == {"XOF": 2}


@pytest.mark.parametrize("amount", ["-0.1", "NaN", "Infinity", "0.123456789", "10000000000"])
def test_an_amount_that_is_none_is_refused(someone: uuid.UUID, xof: Book, amount: str) -> None:
    with pytest.raises(BadRate):
        credit(someone, xof, amount)
    with pytest.raises(BadRate):
        credit(someone, xof, "1", amount)


def test_nobody_is_credited_who_lives_nowhere(xof: Book) -> None:
    with pytest.raises(NoResidence):
        credit(uuid.uuid4(), xof, "1")


def test_currencies_are_known_and_the_accounts_own(someone: uuid.UUID, xof: Book) -> None:
    with pytest.raises(UnknownCurrency):
        credit(someone, xof, "1", currency="XXX")
    with pytest.raises(WrongCurrency):
        credit(someone, Book("EUR", xof.project, xof.world, xof.escrow), "1")


amounts = st.decimals(min_value=0, max_value=50, places=8)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), amounts, amounts), min_size=1, max_size=12),
    st.sampled_from(["XOF", "EUR", "TND"]),
)
def test_any_sequence_comes_to_the_rounded_sum(
    steps: list[tuple[int, int, Decimal, Decimal]], currency: str
) -> None:
    books = [funded(book("XOF")), funded(book("EUR"))]
    member = new_member()
    for which, day, exact, exact_charge in steps:
        one_day = DAY + dt.timedelta(days=day)
        credit(member, books[which], str(exact), str(exact_charge), currency=currency, day=one_day)
    _reconcile(member, books, currency)
    assert list(verify.problems()) == []


def _reconcile(member: uuid.UUID, books: list[Book], currency: str) -> None:
    rows = Accrual.objects.filter(member_id=member)
    for row in rows:
        scale = 10 ** minor_units(currency)
        assert row.credited == (row.exact * scale).to_integral_value(ROUND_CEILING)
        there = 10 ** minor_units(row.charge.currency)
        assert row.charged == (row.exact_charge * there).to_integral_value(ROUND_FLOOR)
    assert member_balances(member).get(currency, 0) == sum(row.credited for row in rows)
    for one in books:
        assert FUNDED - balance(one.escrow) == sum(row.charged for row in rows if row.charge_id == one.escrow)
    for posting in Posting.objects.values("transaction_id").distinct():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bool_and(s = 0) FROM (SELECT sum(amount) AS s FROM pay_posting"
                " WHERE transaction_id = %s GROUP BY currency) x",
                [posting["transaction_id"]],
            )
            assert cursor.fetchone()[0]
