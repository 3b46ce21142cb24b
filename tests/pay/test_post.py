import pytest

from palabre.pay.actions import Move, open_account, post
from palabre.pay.errors import (
    AmountTooLarge,
    KeyReused,
    NotEnoughMoney,
    NothingMoved,
    Unbalanced,
    WrongCurrency,
)
from palabre.pay.models import LedgerTransaction, Posting
from palabre.pay.queries import balance, balances
from palabre.people.actor import SYSTEM
from palabre.record.models import Event
from tests.cast import Cast
from tests.pay.conftest import NOON, Book, Kind, give, payable

pytestmark = pytest.mark.django_db


def test_balances_follow_the_postings(xof: Book) -> None:
    number = post(
        "k", "deposit", [Move(xof.world, "XOF", -70), Move(xof.escrow, "XOF", 70)], by=SYSTEM, at=NOON
    )
    assert balances([xof.world, xof.escrow]) == {xof.world: -70, xof.escrow: 70}
    assert LedgerTransaction.objects.get(id=number).size == 2


def test_moves_to_one_account_are_one_posting(xof: Book) -> None:
    moves = [Move(xof.world, "XOF", -7), Move(xof.escrow, "XOF", 3), Move(xof.escrow, "XOF", 4)]
    number = post("k", "deposit", moves, by=SYSTEM, at=NOON)
    assert list(Posting.objects.filter(transaction=number).values_list("amount", flat=True)) == [-7, 7]


def test_it_stands_in_the_record(xof: Book, cast: Cast) -> None:
    moves = [Move(xof.world, "XOF", -7), Move(xof.escrow, "XOF", 7)]
    number = post("k", "deposit", moves, by=cast.finance.actor, at=NOON)
    event = Event.objects.get(code="pay.posted", subject=f"transaction:{number}")
    assert event.actor == cast.finance.account
    assert event.organisation == cast.operator.id
    assert event.data == {"key": "k", "kind": "deposit", "moves": [list(move) for move in sorted(moves)]}


def test_the_same_key_and_content_is_the_first(xof: Book) -> None:
    moves = [Move(xof.world, "XOF", -7), Move(xof.escrow, "XOF", 7)]
    first = post("k", "deposit", moves, by=SYSTEM, at=NOON)
    events = Event.objects.count()
    assert post("k", "deposit", list(reversed(moves)), by=SYSTEM, at=NOON) == first
    assert balance(xof.escrow) == 7
    assert Event.objects.count() == events


@pytest.mark.parametrize(("kind", "amount"), [("deposit", 8), ("refund", 7)])
def test_the_same_key_and_other_content_is_refused(xof: Book, kind: str, amount: int) -> None:
    post("k", "deposit", [Move(xof.world, "XOF", -7), Move(xof.escrow, "XOF", 7)], by=SYSTEM, at=NOON)
    with pytest.raises(KeyReused):
        post(
            "k", kind, [Move(xof.world, "XOF", -amount), Move(xof.escrow, "XOF", amount)], by=SYSTEM, at=NOON
        )
    assert balance(xof.escrow) == 7


def test_each_currency_sums_to_zero(xof: Book, eur: Book) -> None:
    with pytest.raises(Unbalanced):
        post("k", "deposit", [Move(xof.world, "XOF", -7), Move(eur.escrow, "EUR", 7)], by=SYSTEM, at=NOON)


def test_something_must_move(xof: Book) -> None:
    for moves in ([], [Move(xof.world, "XOF", 0)], [Move(xof.world, "XOF", 5), Move(xof.world, "XOF", -5)]):
        with pytest.raises(NothingMoved):
            post("k", "deposit", moves, by=SYSTEM, at=NOON)


def test_an_account_keeps_its_currency(xof: Book) -> None:
    with pytest.raises(WrongCurrency):
        post("k", "deposit", [Move(xof.world, "EUR", -7), Move(xof.escrow, "EUR", 7)], by=SYSTEM, at=NOON)


def test_an_amount_is_bounded(xof: Book) -> None:
    with pytest.raises(AmountTooLarge):
        post(
            "k",
            "deposit",
            [Move(xof.world, "XOF", -(10**18)), Move(xof.escrow, "XOF", 10**18)],
            by=SYSTEM,
            at=NOON,
        )


def test_a_member_takes_what_she_has_and_no_more(xof: Book, cast: Cast) -> None:
    give(cast.member.account, 10)
    hers = payable(cast.member.account).id
    post("a", "payout", [Move(hers, "XOF", -10), Move(xof.world, "XOF", 10)], by=SYSTEM, at=NOON)
    with pytest.raises(NotEnoughMoney):
        post("b", "payout", [Move(hers, "XOF", -1), Move(xof.world, "XOF", 1)], by=SYSTEM, at=NOON)
    assert balance(hers) == 0


def test_a_refusal_leaves_the_callers_transaction_whole(xof: Book, cast: Cast) -> None:
    hers = open_account(Kind.PAYABLE, cast.member.account, "XOF").id
    with pytest.raises(NotEnoughMoney):
        post("a", "payout", [Move(hers, "XOF", -1), Move(xof.world, "XOF", 1)], by=SYSTEM, at=NOON)
    assert not LedgerTransaction.objects.exists()


def test_balances_cost_one_statement(xof: Book, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        balances([xof.world, xof.escrow])
