"""request_payout, advance_payout, close_payout and the job that moves them on."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from palabre.errors import NotAllowed
from palabre.money import Money, UnknownCurrency
from palabre.pay import verify
from palabre.pay.actions import advance_payout, close_payout, open_account, request_payout
from palabre.pay.errors import (
    AmountNotPositive,
    KeyReused,
    NotEnoughMoney,
    PayoutFinal,
    PayoutNotFound,
    PayoutNotOpen,
    ReasonMissing,
)
from palabre.pay.jobs import run_payouts
from palabre.pay.models import Payout
from palabre.pay.providers import Outcome, ProviderUnreachableError
from palabre.pay.queries import balance, member_balances
from palabre.people.actor import SYSTEM, Actor
from palabre.people.permissions import Permission
from palabre.record.models import Event
from palabre.times import ManualClock
from tests.cast import Cast, Persona
from tests.pay.conftest import NOON, Kind, give

pytestmark = pytest.mark.django_db
State = Payout.State


class Rail:
    """A provider that answers as it is told and remembers what it was asked."""

    def __init__(self, *answers: State | Exception) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[uuid.UUID, uuid.UUID, Money]] = []
        self.asked: list[uuid.UUID] = []

    def send(self, reference: uuid.UUID, *, member: uuid.UUID, amount: Money) -> Outcome:
        self.sent.append((reference, member, amount))
        return self._answer()

    def status(self, reference: uuid.UUID) -> Outcome:
        self.asked.append(reference)
        return self._answer()

    def _answer(self) -> Outcome:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Outcome(answer, "so it is")


@pytest.fixture
def payout(member: Persona) -> Payout:
    give(member.account, 500)
    return request_payout(uuid.uuid4(), 200, "XOF", by=member.actor, at=NOON)


def on_its_way() -> int:
    return balance(open_account(Kind.PAYOUT, None, "XOF").id)


def outside() -> int:
    return balance(open_account(Kind.WORLD, None, "XOF").id)


def test_a_request_takes_it_from_her_account(payout: Payout, member: Persona) -> None:
    assert (payout.state, payout.amount, payout.member_id) == (State.PREPARED, 200, member.account)
    assert member_balances(member.account) == {"XOF": 300}
    assert on_its_way() == 200
    event = Event.objects.get(code="pay.payout.requested")
    assert event.actor == member.account
    assert event.data["reference"] == str(payout.reference)


def test_the_same_request_is_the_same_payout(payout: Payout, member: Persona) -> None:
    again = request_payout(payout.id, 200, "XOF", by=member.actor, at=NOON + dt.timedelta(days=1))
    assert (again.id, again.reference, again.asked_at) == (payout.id, payout.reference, NOON)
    assert member_balances(member.account) == {"XOF": 300}


def test_its_id_is_used_once(payout: Payout, cast: Cast) -> None:
    give(cast.colleague.account, 500)
    for who, amount in ((cast.member, 201), (cast.colleague, 200)):
        with pytest.raises(KeyReused):
            request_payout(payout.id, amount, "XOF", by=who.actor, at=NOON)


def test_what_is_not_right_is_refused(cast: Cast) -> None:
    give(cast.member.account, 100)
    for amount in (0, -1):
        with pytest.raises(AmountNotPositive):
            request_payout(uuid.uuid4(), amount, "XOF", by=cast.member.actor, at=NOON)
    with pytest.raises(NotEnoughMoney):
        request_payout(uuid.uuid4(), 101, "XOF", by=cast.member.actor, at=NOON)
    with pytest.raises(NotEnoughMoney):
        request_payout(uuid.uuid4(), 1, "EUR", by=cast.member.actor, at=NOON)
    with pytest.raises(UnknownCurrency):
        request_payout(uuid.uuid4(), 1, "XXX", by=cast.member.actor, at=NOON)
    with pytest.raises(NotEnoughMoney):  # finance pays others out, and has nothing of her own
        request_payout(uuid.uuid4(), 1, "XOF", by=cast.finance.actor, at=NOON)
    with pytest.raises(PayoutNotFound):
        request_payout(uuid.uuid4(), 1, "XOF", by=SYSTEM, at=NOON)
    assert not Payout.objects.exists()
    assert member_balances(cast.member.account)["XOF"] == 100


def test_all_the_way_to_paid(payout: Payout, member: Persona) -> None:
    rail = Rail(State.ACCEPTED, State.PENDING, State.PAID)
    states = [advance_payout(payout.id, rail, at=NOON).state for _ in range(3)]
    assert states == [State.ACCEPTED, State.PENDING, State.PAID]
    assert rail.sent == [(payout.reference, member.account, Money(200, "XOF"))]
    assert rail.asked == [payout.reference] * 2
    assert (on_its_way(), outside(), member_balances(member.account)) == (0, -300, {"XOF": 300})
    assert list(verify.problems()) == []


def test_a_failure_gives_the_money_back(payout: Payout, member: Persona) -> None:
    assert advance_payout(payout.id, Rail(State.FAILED), at=NOON).reason == "so it is"
    assert (on_its_way(), member_balances(member.account)) == (0, {"XOF": 500})
    assert list(verify.problems()) == []


def test_what_is_unknown_is_asked_about_and_never_sent_again(payout: Payout) -> None:
    rail = Rail(ProviderUnreachableError("no line"), ProviderUnreachableError(), State.UNKNOWN, State.PAID)
    states = [advance_payout(payout.id, rail, at=NOON).state for _ in range(4)]
    assert states == [State.UNKNOWN, State.UNKNOWN, State.UNKNOWN, State.PAID]
    assert (len(rail.sent), rail.asked) == (1, [payout.reference] * 3)


def test_a_process_that_dies_while_sending_leaves_something_to_ask_about(payout: Payout) -> None:
    rail = Rail(RuntimeError("it dies here"), State.PAID)
    with pytest.raises(RuntimeError):
        advance_payout(payout.id, rail, at=NOON)
    assert Payout.objects.get().state == State.SENT
    assert advance_payout(payout.id, rail, at=NOON).state == State.PAID
    assert (len(rail.sent), len(rail.asked)) == (1, 1)


def test_an_answer_that_was_overtaken_changes_nothing(payout: Payout) -> None:
    rail = Rail(State.PENDING, State.ACCEPTED)
    assert [advance_payout(payout.id, rail, at=NOON).state for _ in range(2)] == [State.PENDING] * 2


@pytest.mark.parametrize("end", [State.PAID, State.FAILED])
def test_an_end_is_an_end(payout: Payout, end: State) -> None:
    advance_payout(payout.id, Rail(end), at=NOON)
    rail = Rail()
    assert advance_payout(payout.id, rail, at=NOON).state == end
    assert not rail.asked


def test_each_new_state_stands_in_the_record_once(payout: Payout) -> None:
    rail = Rail(State.PENDING, State.PENDING, State.PAID)
    for _ in range(3):
        advance_payout(payout.id, rail, at=NOON)
    events = Event.objects.filter(code="pay.payout.changed").order_by("seq")
    assert [event.data["state"] for event in events] == ["sent", "pending", "paid"]


def test_an_unknown_payout_is_not_found(cast: Cast) -> None:
    with pytest.raises(PayoutNotFound):
        advance_payout(uuid.uuid4(), Rail(), at=NOON)


def pending(payout: Payout) -> None:
    advance_payout(payout.id, Rail(State.PENDING), at=NOON)


@pytest.mark.parametrize(("paid", "left"), [(True, 300), (False, 500)])
def test_a_person_closes_what_is_on_its_way(payout: Payout, cast: Cast, paid: bool, left: int) -> None:
    pending(payout)
    closed = close_payout(payout.id, paid, "carried by hand", by=cast.finance.actor, at=NOON)
    assert closed.state == (State.PAID if paid else State.FAILED)
    assert member_balances(cast.member.account) == {"XOF": left}
    assert Event.objects.filter(code="pay.payout.changed").latest("seq").actor == cast.finance.account
    with pytest.raises(PayoutFinal):
        close_payout(payout.id, not paid, "no", by=cast.finance.actor, at=NOON)


def test_who_may_not_close(payout: Payout, cast: Cast) -> None:
    pending(payout)
    for who in (cast.member, cast.coordinator, cast.auditor):
        with pytest.raises(NotAllowed):
            close_payout(payout.id, True, "why", by=who.actor, at=NOON)
    refusals: list[Callable[[], object]] = [
        lambda: close_payout(payout.id, True, "why", by=cast.stranger.actor, at=NOON),
        lambda: close_payout(uuid.uuid4(), True, "why", by=cast.finance.actor, at=NOON),
    ]
    for refusal in refusals:
        with pytest.raises(PayoutNotFound):
            refusal()


def test_only_what_is_on_its_way_is_closed_and_with_a_reason(payout: Payout, cast: Cast) -> None:
    with pytest.raises(PayoutNotOpen):
        close_payout(payout.id, True, "why", by=cast.finance.actor, at=NOON)
    pending(payout)
    with pytest.raises(ReasonMissing):
        close_payout(payout.id, True, " ", by=cast.finance.actor, at=NOON)


def test_the_job_sends_at_once_and_asks_after_a_while(payout: Payout) -> None:
    clock, rail = ManualClock(NOON), Rail(State.PENDING, State.PENDING, State.PAID)
    assert run_payouts(clock, rail) == 1
    assert run_payouts(clock, rail) == 0
    for _ in range(2):
        clock.advance(dt.timedelta(minutes=1))
        assert run_payouts(clock, rail) == 1
    clock.advance(dt.timedelta(days=1))
    assert run_payouts(clock, rail) == 0
    assert Payout.objects.get().state == State.PAID


def test_the_end_of_her_role_leaves_her_money_hers(member: Persona, cast: Cast) -> None:
    give(member.account, 500)
    nobody = Actor(member.account, member.organisation, frozenset())
    assert request_payout(uuid.uuid4(), 500, "XOF", by=nobody, at=NOON).state == State.PREPARED
    assert member_balances(member.account) == {"XOF": 0}


def test_a_token_without_the_scope_takes_nothing_out(member: Persona) -> None:
    give(member.account, 500)
    narrow = Actor(
        member.account, member.organisation, member.actor.roles, scopes=frozenset({Permission.WORK})
    )
    with pytest.raises(NotAllowed):
        request_payout(uuid.uuid4(), 100, "XOF", by=narrow, at=NOON)
