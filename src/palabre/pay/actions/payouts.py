"""A member takes out what she has earned.

What a person carries: prepared > carried > sent > paid | failed | unknown (`batches`). What a provider carries:
prepared > sent > accepted > pending > paid | failed, or unknown from anywhere between. What was sent is only ever
asked about, by the reference that was stored before; it is never sent again. While it is prepared it is nobody's,
and she may take it back.
"""

import datetime as dt
import uuid

from django.db import transaction

from palabre.decisions.errors import NotAboutOneself
from palabre.errors import NotAllowed
from palabre.money import Money
from palabre.pay.actions.destinations import in_use
from palabre.pay.actions.ledger import Move, open_account, post, post_once
from palabre.pay.errors import (
    AmountNotPositive,
    NoDestination,
    NotEnoughMoney,
    PayoutCarried,
    PayoutFinal,
    PayoutNotFound,
    PayoutNotOpen,
    ReasonMissing,
)
from palabre.pay.models import LedgerAccount, Payout
from palabre.pay.paper.names import PAYOUTS
from palabre.pay.providers import Outcome, PaymentProvider, ProviderUnreachableError
from palabre.pay.ways import terms_of
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Grant, Organisation
from palabre.people.permissions import Permission
from palabre.people.residences import residences_of
from palabre.record.actions import record
from palabre.record.canonical import Json
from palabre.times import day_of

State = Payout.State
FINAL = frozenset({State.PAID, State.FAILED, State.TAKEN_BACK})
# How far a payout has come: an answer that overtook a newer one doesn't take it back.
_STEP = {State.PREPARED: 0, State.SENT: 1, State.UNKNOWN: 1, State.ACCEPTED: 2, State.PENDING: 3}
# Where the money goes when it ends, and what the ledger calls it.
_ENDS = {
    State.PAID: (LedgerAccount.Kind.WORLD, "payout_paid"),
    State.FAILED: (LedgerAccount.Kind.PAYABLE, "payout_returned"),
    State.TAKEN_BACK: (LedgerAccount.Kind.PAYABLE, "payout_taken_back"),
}


@transaction.atomic
def request_payout(
    payout_id: uuid.UUID,
    amount: int,
    currency: str,
    *,
    operator: uuid.UUID | None = None,
    by: Actor,
    at: dt.datetime,
) -> Payout:
    """Take `amount` minor units of what an operator owes the member, for where her money goes now.

    `operator`: which of those that owe her something, also one that she works for no more; without, the one that
    she acts for. None pays what another one owes.

    It is her own money: the end of her roles takes nothing of it away. What she was told of fee and day stays with it,
    and so does its destination: a later change leads only later payouts elsewhere.

    `payout_id` is made by whoever asks: the same one with the same amount is the same payout. The
    balance is held by the database, so that two requests at once can't spend it twice.

    Raises: NotAllowed, AmountNotPositive, UnknownCurrency, NotEnoughMoney, KeyReused, NoDestination.
    """
    if by.account is None:
        raise PayoutNotFound()
    if not by.may_with_her_own(Permission.ASK_PAYOUT):
        raise NotAllowed(permission=str(Permission.ASK_PAYOUT))
    if amount <= 0:
        raise AmountNotPositive(path="amount")
    if operator is not None and not _owes(operator, by.account, currency):
        raise NotEnoughMoney
    operator = operator or payer_of(by)
    payable = open_account(LedgerAccount.Kind.PAYABLE, by.account, currency, owed_by=operator)
    on_its_way = open_account(LedgerAccount.Kind.PAYOUT, None, currency)
    moves = [Move(payable.id, currency, -amount), Move(on_its_way.id, currency, amount)]
    if not post_once(f"payout:{payout_id}", "payout", moves, by=by, at=at).is_new:
        return Payout.objects.get(id=payout_id)
    there = in_use(by.account, at)
    if there is None:
        raise NoDestination
    terms = terms_of(operator, there)
    payout = Payout.objects.create(
        id=payout_id,
        member_id=by.account,
        operator_id=operator,
        currency=currency,
        amount=amount,
        destination=there,
        fee=terms.fee(amount),
        likely_on=terms.likely_on(_today(by.account, at)),
        reference=uuid.uuid4(),
        asked_at=at,
        changed_at=at,
    )
    note("pay.payout.requested", payout, by, at)
    return payout


@transaction.atomic
def take_back_payout(payout_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Payout:
    """Her payout that nobody carries yet is not to be paid after all: the money is on her account again.

    Twice is once. Raises: NotAllowed, PayoutNotFound (also another's), PayoutCarried.
    """
    if not by.may_with_her_own(Permission.ASK_PAYOUT):
        raise NotAllowed(permission=str(Permission.ASK_PAYOUT))
    payout = locked(payout_id)
    if payout.member_id != by.account:
        raise PayoutNotFound()
    if payout.state == State.TAKEN_BACK:
        return payout
    if payout.state != State.PREPARED:
        raise PayoutCarried(state=PAYOUTS[State(payout.state)])
    finish(payout, Outcome(State.TAKEN_BACK), by, at)
    return payout


def advance_payout(payout_id: uuid.UUID, provider: PaymentProvider, *, at: dt.datetime) -> Payout:
    """Send a prepared payout, or ask what became of a sent one, and note the answer.

    Three steps, each committed: it is marked as sent, then the provider is called outside of any
    transaction, then the answer is written. A process that dies in between leaves a payout that is
    asked about, never one that is sent twice. What a person carries no provider is asked about.

    Raises: PayoutNotFound.
    """
    payout, to_send = _claim(payout_id, at)
    if payout.state in FINAL or payout.batch_id is not None:
        return payout
    return _apply(payout_id, _call(payout, to_send, provider), SYSTEM, at)


@transaction.atomic
def close_payout(payout_id: uuid.UUID, paid: bool, reason: str, *, by: Actor, at: dt.datetime) -> Payout:
    """A person who has looked says that a payout in somebody's hands was paid, or was not and never will be.

    Raises: NotAllowed, PayoutNotFound (also another operator's), PayoutFinal, PayoutNotOpen (nobody carries it yet,
    or a provider is still to be asked), ReasonMissing.
    """
    by.require(Permission.PAY_OUT)
    payout = locked(payout_id)
    check_wall(payout, by)
    if payout.state in FINAL:
        raise PayoutFinal(state=PAYOUTS[State(payout.state)])
    if not can_be_closed(payout):
        raise PayoutNotOpen(state=PAYOUTS[State(payout.state)])
    if not reason.strip():
        raise ReasonMissing(path="reason")
    finish(payout, Outcome(State.PAID if paid else State.FAILED, reason.strip()), by, at)
    return payout


def can_be_closed(payout: Payout) -> bool:
    """Whether a person can know its end: somebody carries it, or a provider has left it open."""
    if payout.batch_id is not None:
        return payout.state not in FINAL
    return payout.state in {State.PENDING, State.UNKNOWN}


def payer_of(by: Actor) -> uuid.UUID | None:
    """The operator that she asks: the one she acts for, or where she was last."""
    operators = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR)
    if by.organisation is not None and operators.filter(id=by.organisation).exists():
        return by.organisation
    if by.account is None:
        return None
    grants = Grant.objects.filter(account_id=by.account, organisation__in=operators)
    return grants.order_by("-granted_at").values_list("organisation_id", flat=True).first()


def _owes(operator: uuid.UUID, member: uuid.UUID, currency: str) -> bool:
    hers = LedgerAccount.objects.filter(kind=LedgerAccount.Kind.PAYABLE, owner=member, currency=currency)
    return hers.filter(owed_by=operator).exists()


def _today(member: uuid.UUID, at: dt.datetime) -> dt.date:
    lived = residences_of(member)
    return lived.day_of(at) if lived else day_of(at, "UTC")


@transaction.atomic
def _claim(payout_id: uuid.UUID, at: dt.datetime) -> tuple[Payout, bool]:
    """The payout and whether it is for us to send: only one caller ever finds it prepared."""
    payout = locked(payout_id)
    to_send = payout.state == State.PREPARED
    if to_send:
        change(payout, Outcome(State.SENT), SYSTEM, at)
    return payout, to_send


def _call(payout: Payout, to_send: bool, provider: PaymentProvider) -> Outcome:
    try:
        if to_send:
            amount = Money(payout.amount, payout.currency)
            return provider.send(payout.reference, member=payout.member_id, amount=amount)
        return provider.status(payout.reference)
    except ProviderUnreachableError as error:
        return Outcome(State.UNKNOWN, str(error))


@transaction.atomic
def _apply(payout_id: uuid.UUID, outcome: Outcome, by: Actor, at: dt.datetime) -> Payout:
    payout = locked(payout_id)
    if payout.state in FINAL:
        return payout
    if outcome.state in FINAL:
        finish(payout, outcome, by, at)
    elif _STEP[outcome.state] >= _STEP[State(payout.state)]:
        change(payout, outcome, by, at)
    return payout


def locked(payout_id: uuid.UUID) -> Payout:
    """Raises: PayoutNotFound."""
    payout = Payout.objects.select_for_update().filter(id=payout_id).first()
    if payout is None:
        raise PayoutNotFound()
    return payout


def check_wall(payout: Payout, by: Actor) -> None:
    """What another operator pays is not there, whoever she is; and nobody carries her own.

    Raises: PayoutNotFound, NotAboutOneself.
    """
    if by.account is None:
        return
    if by.organisation is None or payout.operator_id != by.organisation:
        raise PayoutNotFound()
    if by.account == payout.member_id:
        raise NotAboutOneself


def finish(payout: Payout, outcome: Outcome, by: Actor, at: dt.datetime) -> None:
    """Paid: the money is outside. Failed or taken back: it is the member's again."""
    currency, amount = payout.currency, payout.amount
    kind, name = _ENDS[outcome.state]
    if kind == LedgerAccount.Kind.WORLD:
        there = open_account(kind, None, currency)
    else:
        there = open_account(kind, payout.member_id, currency, owed_by=payout.operator_id)
    on_its_way = open_account(LedgerAccount.Kind.PAYOUT, None, currency)
    moves = [Move(on_its_way.id, currency, -amount), Move(there.id, currency, amount)]
    post(f"payout:{payout.id}:{outcome.state.value}", name, moves, by=by, at=at)
    change(payout, outcome, by, at)


def change(payout: Payout, outcome: Outcome, by: Actor, at: dt.datetime) -> None:
    """`changed_at` moves at every answer, so that the next question waits; an event tells of a new state."""
    told = payout.state == outcome.state and payout.reason == outcome.reason
    payout.state, payout.reason, payout.changed_at = outcome.state, outcome.reason, at
    payout.save(update_fields=["state", "reason", "changed_at", "batch"])
    if not told:
        note("pay.payout.changed", payout, by, at)


def note(code: str, payout: Payout, by: Actor, at: dt.datetime) -> None:
    """What it is and where it stands. Of words, nothing."""
    data: dict[str, Json] = {
        "member": str(payout.member_id),
        "operator": str(payout.operator_id) if payout.operator_id else None,
        "reference": str(payout.reference),
        "amount": payout.amount,
        "currency": payout.currency,
        "destination": str(payout.destination_id) if payout.destination_id else None,
        "fee": payout.fee,
        "likely_on": payout.likely_on.isoformat() if payout.likely_on else None,
        "state": str(payout.state),
        "batch": str(payout.batch_id) if payout.batch_id else None,
    }
    record(
        code,
        by=by.account,
        at=at,
        subject=f"payout:{payout.id}",
        organisation=payout.operator_id or by.organisation,
        data=data,
    )
