"""The database holds the laws of the ledger against whoever writes past the actions."""

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, connection, transaction

from palabre.pay.actions import open_account, settle_day
from palabre.pay.models import LedgerTransaction
from palabre.pay.queries import balance
from tests.pay.conftest import DAY, HOUR_MS, NEXT_DAY, NOON, Book, Kind, new_member, work

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ["pay_posting", "pay_ledgertransaction"]


def write(size: int, postings: Sequence[tuple[int, str, int]], key: str = "k") -> int:
    """A ledger transaction written by hand, committed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pay_ledgertransaction (key, kind, at, body_hash, size, data)"
            " VALUES (%s, 'by hand', %s, '', %s, '{}') RETURNING id",
            [key, NOON, size],
        )
        number: int = cursor.fetchone()[0]
        for posting in postings:
            add(number, *posting)
    return number


def add(number: int, account: int, currency: str, amount: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pay_posting (transaction_id, account_id, currency, amount) VALUES (%s, %s, %s, %s)",
            [number, account, currency, amount],
        )


def refused(sql: str) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(caught.value)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_ever_changed(xof: Book, table: str) -> None:
    xof.fund(5)
    assert "never changed" in refused(f"UPDATE {table} SET id = id")  # noqa: S608
    assert "never changed" in refused(f"DELETE FROM {table}")  # noqa: S608
    assert "never changed" in refused(f"TRUNCATE {table} CASCADE")
    assert balance(xof.escrow) == 5


def test_a_settlement_is_never_changed(xof: Book, floors: None) -> None:
    member = new_member()
    work(member, xof.escrow, HOUR_MS)
    settle_day(member, DAY, at=NEXT_DAY)
    for sql in (
        "UPDATE pay_settlement SET top_up = 0",
        "DELETE FROM pay_settlement",
        "TRUNCATE pay_settlement",
    ):
        assert "never changed" in refused(sql)


@pytest.mark.parametrize(
    ("size", "amounts"),
    [(2, [-5, 6]), (1, [5]), (3, [-5, 5]), (1, []), (0, [])],
    ids=["unbalanced", "one side", "too few", "none", "an empty one of size nothing"],
)
def test_what_does_not_sum_to_zero_is_refused_at_commit(xof: Book, size: int, amounts: list[int]) -> None:
    places = [xof.world, xof.escrow]
    postings = [(place, "XOF", amount) for place, amount in zip(places, amounts, strict=False)]
    if size == 0:
        write(size, postings)  # says nothing and moves nothing
    else:
        with pytest.raises(IntegrityError, match="does not sum to zero"):
            write(size, postings)
    assert balance(xof.escrow) == 0


def test_each_currency_is_summed_by_itself(xof: Book, eur: Book) -> None:
    with pytest.raises(IntegrityError, match="does not sum to zero"):
        write(2, [(xof.world, "XOF", -5), (eur.escrow, "EUR", 5)])


def test_no_posting_is_added_later(xof: Book) -> None:
    number = write(2, [(xof.world, "XOF", -5), (xof.escrow, "XOF", 5)])
    with pytest.raises(IntegrityError, match="finished ledger transaction"):
        add(number, xof.escrow, "XOF", 1)


def test_not_even_two_that_sum_to_zero(xof: Book) -> None:
    number = write(2, [(xof.world, "XOF", -5), (xof.escrow, "XOF", 5)])
    both = f"({number}, {xof.escrow}, 'XOF', 1), ({number}, {xof.world}, 'XOF', -1)"
    insert = "INSERT INTO pay_posting (transaction_id, account_id, currency, amount) VALUES "
    assert "finished ledger transaction" in refused(insert + both)
    assert balance(xof.escrow) == 5


def test_a_posting_has_its_accounts_currency(xof: Book) -> None:
    with pytest.raises(IntegrityError, match="another currency"):
        write(2, [(xof.world, "EUR", -5), (xof.escrow, "EUR", 5)])


def test_a_posting_of_nothing_is_refused(xof: Book) -> None:
    with pytest.raises(IntegrityError, match="posting_not_zero_ck"):
        write(2, [(xof.world, "XOF", 0), (xof.escrow, "XOF", 0)])


def test_a_guarded_account_stays_above_zero(xof: Book) -> None:
    hers = open_account(Kind.PAYABLE, new_member(), "XOF").id
    write(2, [(xof.world, "XOF", -5), (hers, "XOF", 5)])
    with pytest.raises(IntegrityError, match="balance_not_negative_ck"):
        write(2, [(hers, "XOF", -6), (xof.world, "XOF", 6)], key="more")
    write(2, [(hers, "XOF", -5), (xof.world, "XOF", 5)], key="all")
    assert balance(hers) == 0


def test_a_key_is_used_once(xof: Book) -> None:
    write(2, [(xof.world, "XOF", -5), (xof.escrow, "XOF", 5)])
    with pytest.raises(IntegrityError, match="key"):
        write(2, [(xof.world, "XOF", -5), (xof.escrow, "XOF", 5)])
    assert LedgerTransaction.objects.count() == 1
