"""What is charged to an account is the exact sum of its pay, rounded up once, however it came in."""

import datetime as dt
import uuid
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.pay import verify
from palabre.pay.actions import collect_fractions, open_account
from palabre.pay.models import Accrual, LedgerAccount, LedgerTransaction
from palabre.pay.queries import balance, member_balances
from tests.pay.conftest import DAY, FUNDED, NOON, Book, Kind, book, funded, new_member
from tests.pay.test_credit_base_pay import credit

pytestmark = pytest.mark.django_db


def account(one: Book) -> LedgerAccount:
    return LedgerAccount.objects.get(id=one.escrow)


def test_a_project_of_many_small_parts_is_charged_in_full() -> None:
    """Each of 40 members earned 0.9 of a cent: rounded down alone, the client would have paid nothing."""
    eur = funded(book("EUR"))
    for _ in range(40):
        credit(new_member(), eur, "5.9", "0.009")
    assert balance(eur.escrow) == FUNDED
    assert collect_fractions(account(eur), at=NOON) == 36
    assert FUNDED - balance(eur.escrow) == 36
    assert balance(open_account(Kind.EXCHANGE, None, "EUR").id) == 36
    assert collect_fractions(account(eur), at=NOON) == 0
    assert list(verify.problems()) == []


def test_what_was_charged_too_early_is_given_back(someone: uuid.UUID) -> None:
    xof = funded(book("XOF"))
    others = [new_member() for _ in range(4)]
    for one in others:
        credit(one, xof, "0.5")
    assert collect_fractions(account(xof), at=NOON) == 2
    raised = list(Accrual.objects.filter(charged=1).values_list("member_id", flat=True))
    for one in set(others) - set(raised):
        credit(one, xof, "0.5")
    assert FUNDED - balance(xof.escrow) == 4, "3 are right: two of 0.5 and two of 1"
    assert collect_fractions(account(xof), at=NOON) == -1
    assert FUNDED - balance(xof.escrow) == 3
    assert list(verify.problems()) == []


def test_a_deposit_that_does_not_hold_them_stays_at_zero(someone: uuid.UUID, xof: Book) -> None:
    xof.fund(2)
    for day in range(5):
        credit(someone, xof, "0.9", day=DAY + dt.timedelta(days=day))
    assert collect_fractions(account(xof), at=NOON) == 2
    assert balance(xof.escrow) == 0
    assert member_balances(someone) == {"XOF": 5}
    assert collect_fractions(account(xof), at=NOON) == 0
    xof.fund(10)
    assert collect_fractions(account(xof), at=NOON) == 3
    assert LedgerTransaction.objects.filter(kind="fractions").count() == 2
    assert list(verify.problems()) == []


amounts = st.decimals(min_value=0, max_value=3, places=8)
steps = st.lists(
    st.one_of(st.just(None), st.tuples(st.integers(0, 2), st.integers(0, 2), amounts)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(steps, st.sampled_from(["XOF", "EUR", "TND"]), st.sampled_from(["XOF", "EUR"]))
def test_any_split_comes_to_the_rounded_sum(
    steps: list[tuple[int, int, Decimal] | None], charged_in: str, paid_in: str
) -> None:
    one, members = funded(book(charged_in)), [new_member() for _ in range(3)]
    exact = Decimal(0)
    for step in steps:
        if step is None:
            collect_fractions(account(one), at=NOON)
            continue
        who, day, amount = step
        exact += amount
        one_day = DAY + dt.timedelta(days=day)
        credit(members[who], one, str(amount), str(amount), currency=paid_in, day=one_day)
    collect_fractions(account(one), at=NOON)
    units = {"XOF": 1, "EUR": 100, "TND": 1000}[charged_in]
    assert FUNDED - balance(one.escrow) == (exact * units).to_integral_value(ROUND_CEILING)
    assert list(verify.problems()) == []
