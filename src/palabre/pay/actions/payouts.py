"""A member takes out what she has earned.

prepared > sent > accepted > pending > paid | failed, or unknown from anywhere between. What was sent
is only ever asked about, by the reference that was stored before; it is never sent again.
"""

import datetime as dt
import uuid

from django.db import transaction

from palabre.decisions.errors import NotAboutOneself
from palabre.errors import NotAllowed
from palabre.money import Money
from palabre.pay.actions.ledger import Move, open_account, post, post_once
from palabre.pay.errors import AmountNotPositive, PayoutFinal, PayoutNotFound, PayoutNotOpen, ReasonMissing
from palabre.pay.models import LedgerAccount, Payout
from palabre.pay.paper.names import PAYOUTS
from palabre.pay.providers import Outcome, PaymentProvider, ProviderUnreachableError
from palabre.people.actor import SYSTEM, Actor
from palabre.people.permissions import Permission
from palabre.people.walls import only_here
from palabre.record.actions import record

State = Payout.State
FINAL = frozenset({State.PAID, State.FAILED})
# How far a payout has come: an answer that overtook a newer one doesn't take it back.
_STEP = {State.PREPARED: 0, State.SENT: 1, State.UNKNOWN: 1, State.ACCEPTED: 2, State.PENDING: 3}


@transaction.atomic
def request_payout(payout_id: uuid.UUID, amount: int, currency: str, *, by: Actor, at: dt.datetime) -> Payout:
    """Take `amount` minor units from the member's own account and prepare their payment.

    It is her own money: the end of her roles takes nothing of it away.

    `payout_id` is made by whoever asks: the same one with the same amount is the same payout. The
    balance is held by the database, so that two requests at once can't spend it twice.

    Raises: NotAllowed, AmountNotPositive, UnknownCurrency, NotEnoughMoney, KeyReused.
    """
    if by.account is None:
        raise PayoutNotFound()
    if not by.may_with_her_own(Permission.ASK_PAYOUT):
        raise NotAllowed(permission=str(Permission.ASK_PAYOUT))
    if amount <= 0:
        raise AmountNotPositive(path="amount")
    payable = open_account(LedgerAccount.Kind.PAYABLE, by.account, currency)
    on_its_way = open_account(LedgerAccount.Kind.PAYOUT, None, currency)
    moves = [Move(payable.id, currency, -amount), Move(on_its_way.id, currency, amount)]
    if not post_once(f"payout:{payout_id}", "payout", moves, by=by, at=at).is_new:
        return Payout.objects.get(id=payout_id)
    payout = Payout.objects.create(
        id=payout_id,
        member_id=by.account,
        currency=currency,
        amount=amount,
        reference=uuid.uuid4(),
        asked_at=at,
        changed_at=at,
    )
    _note("pay.payout.requested", payout, by, at)
    return payout


def advance_payout(payout_id: uuid.UUID, provider: PaymentProvider, *, at: dt.datetime) -> Payout:
    """Send a prepared payout, or ask what became of a sent one, and note the answer.

    Three steps, each committed: it is marked as sent, then the provider is called outside of any
    transaction, then the answer is written. A process that dies in between leaves a payout that is
    asked about, never one that is sent twice.

    Raises: PayoutNotFound.
    """
    payout, to_send = _claim(payout_id, at)
    if payout.state in FINAL:
        return payout
    return _apply(payout_id, _call(payout, to_send, provider), SYSTEM, at)


@transaction.atomic
def close_payout(payout_id: uuid.UUID, paid: bool, reason: str, *, by: Actor, at: dt.datetime) -> Payout:
    """A person who has looked says that a pending or unknown payout was paid, or was not and never will be.

    Raises: NotAllowed, PayoutNotFound (also another organisation's member's), PayoutFinal,
    PayoutNotOpen, ReasonMissing.
    """
    by.require(Permission.PAY_OUT)
    payout = _locked(payout_id)
    _check_wall(payout, by)
    if payout.state in FINAL:
        raise PayoutFinal(state=PAYOUTS[State(payout.state)])
    if payout.state not in {State.PENDING, State.UNKNOWN}:
        raise PayoutNotOpen(state=PAYOUTS[State(payout.state)])
    if not reason.strip():
        raise ReasonMissing(path="reason")
    return _apply(payout_id, Outcome(State.PAID if paid else State.FAILED, reason.strip()), by, at)


@transaction.atomic
def _claim(payout_id: uuid.UUID, at: dt.datetime) -> tuple[Payout, bool]:
    """The payout and whether it is for us to send: only one caller ever finds it prepared."""
    payout = _locked(payout_id)
    to_send = payout.state == State.PREPARED
    if to_send:
        _change(payout, Outcome(State.SENT), SYSTEM, at)
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
    payout = _locked(payout_id)
    if payout.state in FINAL:
        return payout
    if outcome.state in FINAL:
        _finish(payout, outcome, by, at)
    elif _STEP[outcome.state] >= _STEP[State(payout.state)]:
        _change(payout, outcome, by, at)
    return payout


def _locked(payout_id: uuid.UUID) -> Payout:
    payout = Payout.objects.select_for_update().filter(id=payout_id).first()
    if payout is None:
        raise PayoutNotFound()
    return payout


def _check_wall(payout: Payout, by: Actor) -> None:
    """Of a member whom no other operator has or had; and nobody closes her own."""
    if by.account is None:
        return
    if not only_here(by.organisation).filter(id=payout.member_id).exists():
        raise PayoutNotFound()
    if by.account == payout.member_id:
        raise NotAboutOneself


def _finish(payout: Payout, outcome: Outcome, by: Actor, at: dt.datetime) -> None:
    """Paid: the money is outside. Failed: it is the member's again."""
    currency, amount = payout.currency, payout.amount
    paid = outcome.state == State.PAID
    kind, owner = (LedgerAccount.Kind.WORLD, None) if paid else (LedgerAccount.Kind.PAYABLE, payout.member_id)
    there = open_account(kind, owner, currency)
    on_its_way = open_account(LedgerAccount.Kind.PAYOUT, None, currency)
    moves = [Move(on_its_way.id, currency, -amount), Move(there.id, currency, amount)]
    name = "payout_paid" if paid else "payout_returned"
    post(f"payout:{payout.id}:{outcome.state.value}", name, moves, by=by, at=at)
    _change(payout, outcome, by, at)


def _change(payout: Payout, outcome: Outcome, by: Actor, at: dt.datetime) -> None:
    """`changed_at` moves at every answer, so that the next question waits; an event tells of a new state."""
    told = payout.state == outcome.state and payout.reason == outcome.reason
    payout.state, payout.reason, payout.changed_at = outcome.state, outcome.reason, at
    payout.save(update_fields=["state", "reason", "changed_at"])
    if not told:
        _note("pay.payout.changed", payout, by, at)


def _note(code: str, payout: Payout, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"payout:{payout.id}",
        organisation=by.organisation,
        data={
            "member": str(payout.member_id),
            "reference": str(payout.reference),
            "amount": payout.amount,
            "currency": payout.currency,
            "state": str(payout.state),
        },
    )
