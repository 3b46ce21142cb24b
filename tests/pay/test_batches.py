"""Payouts in people's hands: taken on by one, sent by nobody else, read back row by row, taken back before."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from palabre.errors import NotAllowed, PalabreError
from palabre.pay import verify
from palabre.pay.actions import (
    advance_payout,
    carry_payouts,
    close_payout,
    mark_batch_sent,
    put_batch_back,
    request_payout,
    take_back_payout,
    take_results,
)
from palabre.pay.errors import (
    BatchNotFound,
    BatchNotYours,
    BatchPutBack,
    BatchSent,
    KeyReused,
    NothingTicked,
    PayoutCarried,
    PayoutFinal,
    PayoutNotFound,
    PayoutNotOpen,
    PayoutsTaken,
)
from palabre.pay.jobs import run_payouts
from palabre.pay.models import Payout, PayoutBatch
from palabre.pay.queries import member_balances
from palabre.people.actions import grant_role
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Role
from palabre.record.models import Event
from palabre.times import ManualClock
from tests.cast import Cast
from tests.pay.conftest import NOON, give
from tests.pay.leading import Silent
from tests.pay.test_races import together

pytestmark = pytest.mark.django_db
State = Payout.State
LATER = NOON + dt.timedelta(hours=3)


def asked(cast: Cast, *amounts: int) -> list[Payout]:
    give(cast.member.account, sum(amounts))
    return [request_payout(uuid.uuid4(), one, "XOF", by=cast.member.actor, at=NOON) for one in amounts]


def carried(cast: Cast, *amounts: int) -> tuple[PayoutBatch, list[Payout]]:
    rows = asked(cast, *amounts)
    return carry_payouts(uuid.uuid4(), [row.id for row in rows], by=cast.finance.actor, at=NOON), rows


def states() -> list[str]:
    return [str(row.state) for row in Payout.objects.order_by("amount")]


def other_finance(cast: Cast) -> Actor:
    grant_role(cast.administrator.account, cast.operator.id, Role.FINANCE, by=SYSTEM, at=NOON)
    return cast.administrator.actor


def test_who_takes_them_on_has_them_alone(cast: Cast) -> None:
    batch, rows = carried(cast, 10, 20)
    assert states() == ["carried", "carried"]
    with pytest.raises(PayoutsTaken):
        carry_payouts(uuid.uuid4(), [rows[0].id], by=other_finance(cast), at=LATER)
    with pytest.raises(PayoutCarried):
        take_back_payout(rows[0].id, by=cast.member.actor, at=LATER)
    event = Event.objects.get(code="pay.batch.taken")
    assert (event.actor, event.data["payouts"]) == (cast.finance.account, 2)
    again = carry_payouts(batch.id, [row.id for row in rows], by=cast.finance.actor, at=LATER)
    assert (again.id, again.taken_at) == (batch.id, NOON)
    for ids, who in (
        ([rows[0].id], cast.finance.actor),
        ([row.id for row in rows], cast.administrator.actor),
    ):
        with pytest.raises(KeyReused):
            carry_payouts(batch.id, ids, by=who, at=LATER)
    assert list(verify.problems()) == []


def test_all_of_a_batch_or_none(cast: Cast) -> None:
    rows = asked(cast, 10, 20)
    take_back_payout(rows[0].id, by=cast.member.actor, at=NOON)
    with pytest.raises(PayoutsTaken):
        carry_payouts(uuid.uuid4(), [row.id for row in rows], by=cast.finance.actor, at=NOON)
    assert states() == ["taken_back", "prepared"]
    with pytest.raises(NothingTicked):
        carry_payouts(uuid.uuid4(), [], by=cast.finance.actor, at=NOON)
    with pytest.raises(PayoutNotFound):
        carry_payouts(uuid.uuid4(), [rows[1].id, uuid.uuid4()], by=cast.finance.actor, at=NOON)


def test_who_may_not(cast: Cast) -> None:
    batch, rows = carried(cast, 10)
    for who in (cast.member, cast.coordinator, cast.auditor, cast.client_person):
        refused: list[Callable[[], object]] = [
            lambda who=who: carry_payouts(uuid.uuid4(), [rows[0].id], by=who.actor, at=NOON),  # type: ignore[misc]
            lambda who=who: mark_batch_sent(batch.id, by=who.actor, at=NOON),  # type: ignore[misc]
            lambda who=who: put_batch_back(batch.id, by=who.actor, at=NOON),  # type: ignore[misc]
            lambda who=who: take_results(b"", by=who.actor, at=NOON),  # type: ignore[misc]
        ]
        for one in refused:
            with pytest.raises(NotAllowed):
                one()
    stranger = cast.stranger.actor
    with pytest.raises(PayoutNotFound):
        carry_payouts(uuid.uuid4(), [rows[0].id], by=stranger, at=NOON)
    for action in (mark_batch_sent, put_batch_back):
        with pytest.raises(BatchNotFound):
            action(batch.id, by=stranger, at=NOON)
    with pytest.raises(NotAllowed):
        carry_payouts(uuid.uuid4(), [rows[0].id], by=SYSTEM, at=NOON)


def test_sent_is_sent_and_put_back_is_back(cast: Cast) -> None:
    batch, rows = carried(cast, 10, 20)
    with pytest.raises(BatchNotYours):
        mark_batch_sent(batch.id, by=other_finance(cast), at=LATER)
    for _ in range(2):
        put_batch_back(batch.id, by=cast.administrator.actor, at=LATER)
    assert states() == ["prepared", "prepared"]
    with pytest.raises(BatchPutBack):
        mark_batch_sent(batch.id, by=cast.finance.actor, at=LATER)
    second = carry_payouts(uuid.uuid4(), [row.id for row in rows], by=cast.administrator.actor, at=LATER)
    for _ in range(2):
        sent = mark_batch_sent(second.id, by=cast.administrator.actor, at=LATER)
    assert (sent.sent_at, states()) == (LATER, ["sent", "sent"])
    with pytest.raises(BatchSent):
        put_batch_back(second.id, by=cast.administrator.actor, at=LATER)
    assert list(verify.problems()) == []


def test_what_a_person_carries_no_program_sends(cast: Cast) -> None:
    batch, rows = carried(cast, 10)
    clock = ManualClock(LATER)
    assert run_payouts(clock, Silent()) == 0
    assert advance_payout(rows[0].id, Silent(), at=LATER).state == State.CARRIED
    mark_batch_sent(batch.id, by=cast.finance.actor, at=LATER)
    clock.advance(dt.timedelta(days=1))
    assert run_payouts(clock, Silent()) == 0
    assert states() == ["sent"]


def test_she_takes_back_what_nobody_carries_yet(cast: Cast) -> None:
    (row,) = asked(cast, 10)
    assert member_balances(cast.member.account) == {"XOF": 0}
    for _ in range(2):
        assert take_back_payout(row.id, by=cast.member.actor, at=LATER).state == State.TAKEN_BACK
    assert member_balances(cast.member.account) == {"XOF": 10}
    for who in (cast.colleague, cast.finance):
        with pytest.raises(PayoutNotFound):
            take_back_payout(row.id, by=who.actor, at=LATER)
    with pytest.raises(PayoutFinal):
        close_payout(row.id, True, "why", by=cast.finance.actor, at=LATER)
    narrow = Actor(cast.member.account, cast.operator.id, cast.member.actor.roles, scopes=frozenset())
    with pytest.raises(NotAllowed):
        take_back_payout(row.id, by=narrow, at=LATER)
    assert list(verify.problems()) == []


@pytest.mark.parametrize("sent", [True, False])
def test_a_person_closes_what_is_in_hands(cast: Cast, sent: bool) -> None:
    waiting = asked(cast, 5)[0]
    with pytest.raises(PayoutNotOpen):
        close_payout(waiting.id, True, "why", by=cast.finance.actor, at=LATER)
    batch, (one, two) = carried(cast, 10, 20)
    if sent:
        mark_batch_sent(batch.id, by=cast.finance.actor, at=LATER)
    close_payout(one.id, True, "receipt 12", by=cast.finance.actor, at=LATER)
    close_payout(two.id, False, "she was away", by=cast.finance.actor, at=LATER)
    assert states() == ["prepared", "paid", "failed"]
    assert member_balances(cast.member.account) == {"XOF": 20}
    assert list(verify.problems()) == []


# The walls: who pays, not who once had a role with whom


def test_a_payout_is_of_the_operator_that_she_asks(cast: Cast) -> None:
    """She is with two operators; finance of the other is a stranger to what this one pays."""
    (row,) = asked(cast, 10)
    other = cast.stranger_operator
    grant_role(cast.member.account, other.id, Role.MEMBER, by=SYSTEM, at=NOON)
    assert row.operator_id == cast.operator.id
    with pytest.raises(PayoutNotFound):
        carry_payouts(uuid.uuid4(), [row.id], by=cast.stranger.actor, at=NOON)
    with pytest.raises(PayoutNotFound):
        close_payout(row.id, True, "why", by=cast.stranger.actor, at=NOON)
    there = Actor(cast.member.account, other.id, frozenset({Role.MEMBER}))
    give(cast.member.account, 10)
    hers = request_payout(uuid.uuid4(), 10, "XOF", by=there, at=NOON)
    assert hers.operator_id == other.id
    with pytest.raises(PayoutNotFound):
        carry_payouts(uuid.uuid4(), [hers.id], by=cast.finance.actor, at=NOON)


# Results


def results(cast: Cast, text: str) -> tuple[int, int, list[tuple[int, str]]]:
    taken = take_results(text.encode(), by=cast.finance.actor, at=LATER)
    return taken.new, taken.known, [(one.line, one.column) for one in taken.problems]


def test_a_file_of_results_says_what_became_of_each(cast: Cast) -> None:
    batch, (one, two, three) = carried(cast, 10, 20, 30)
    text = (
        "reference,result,reason,amount\r\n"
        f"{one.reference.hex},paid,,10\r\n{two.reference},FAILED,No such number,20\r\n"
        f"{three.reference.hex},unknown,,\r\n"
    )
    assert results(cast, text) == (3, 0, [])
    assert states() == ["paid", "failed", "unknown"]
    assert member_balances(cast.member.account) == {"XOF": 20}
    batch.refresh_from_db()
    assert batch.sent_at == LATER, "who knows what became of it has sent it"
    assert results(cast, text) == (0, 3, [])
    assert Event.objects.filter(code="pay.payout.changed", data__state="paid").count() == 1
    with pytest.raises(PayoutsTaken):  # what is unknown is never sent again
        carry_payouts(uuid.uuid4(), [three.id], by=cast.finance.actor, at=LATER)
    assert results(cast, f"reference;result\n{three.reference.hex};succeeded\n") == (1, 0, [])
    assert list(verify.problems()) == []


def test_wrong_rows_are_named_and_hold_up_no_other(cast: Cast) -> None:
    _batch, (one, two, three, four) = carried(cast, 10, 20, 30, 40)
    (waiting,) = asked(cast, 5)
    close_payout(four.id, True, "cash", by=cast.finance.actor, at=NOON)
    text = "\n".join(
        [
            "amount,Reference,Result,reason,currency",
            f"10,{one.reference.hex},paid,,XOF",
            f"20,{two.reference.hex},perhaps,,XOF",
            f"20,{two.reference.hex},failed,,XOF",
            f"31,{three.reference.hex},paid,,XOF",
            f"1e1,{three.reference.hex},paid,,XOF",
            f"10,{one.reference.hex},failed,no,XOF",
            f",{uuid.uuid4()},paid,,",
            ",12,paid,,",
            f"40,{four.reference.hex},failed,came back,XOF",
            f"5,{waiting.reference.hex},paid,,XOF",
        ]
    )
    assert results(cast, text) == (
        1,
        0,
        [
            (3, "result"),
            (4, "reason"),
            (5, "amount"),
            (6, "reference"),
            (7, "reference"),
            (8, "reference"),
            (9, "reference"),
            (10, "result"),
            (11, "reference"),
        ],
    )
    assert states() == ["prepared", "paid", "sent", "sent", "paid"]
    assert list(verify.problems()) == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"reference\n",
        b"a,b\n1,2\n",
        b"reference,reference,result\n",
        b'reference,result\n"x,paid\n',
        b"\xff\xfe",
        b"reference,result\n\0\n",
        b"<a/>",
        b"<a",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    ],
)
def test_what_is_no_file_of_results_is_refused_whole(cast: Cast, data: bytes) -> None:
    with pytest.raises(PalabreError) as found:
        take_results(data, by=cast.finance.actor, at=LATER)
    assert str(found.value)


def test_another_operators_results_are_not_ours(cast: Cast) -> None:
    _batch, (one,) = carried(cast, 10)
    text = f"reference,result\n{one.reference.hex},paid\n"
    taken = take_results(text.encode(), by=cast.stranger.actor, at=LATER)
    assert (taken.new, [one.column for one in taken.problems]) == (0, ["reference"])
    assert states() == ["carried"]


# The database


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"batch": None}, "payout_carried_by_ck"),
        ({"state": "prepared"}, "payout_waits_free_ck"),
        ({"destination": None}, "payout_goes_somewhere_ck"),
    ],
)
def test_the_database_refuses_what_is_none(cast: Cast, changed: dict[str, object], constraint: str) -> None:
    carried(cast, 10)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Payout.objects.update(**changed)


def test_a_batch_is_not_sent_and_put_back(cast: Cast) -> None:
    batch, _rows = carried(cast, 10)
    mark_batch_sent(batch.id, by=cast.finance.actor, at=LATER)
    with pytest.raises(IntegrityError, match="batch_sent_or_put_back_ck"), transaction.atomic():
        PayoutBatch.objects.update(put_back_at=LATER)


@pytest.mark.django_db(transaction=True)
def test_two_people_never_carry_the_same_and_she_never_takes_back_what_is_carried(cast: Cast) -> None:
    """One of the three wins, whoever it is; the money is in one place."""
    other = other_finance(cast)
    for _ in range(5):
        (row,) = asked(cast, 10)

        def by(who: Actor, row: Payout = row) -> Callable[[], object]:
            return lambda: carry_payouts(uuid.uuid4(), [row.id], by=who, at=LATER)

        def back(row: Payout = row) -> object:
            return take_back_payout(row.id, by=cast.member.actor, at=LATER)

        done = together(by(cast.finance.actor), by(other), back)
        assert sum(isinstance(one, Payout | PayoutBatch) for one in done) == 1, done
        assert sum(isinstance(one, PayoutsTaken | PayoutCarried) for one in done) == 2, done
    assert list(verify.problems()) == []
