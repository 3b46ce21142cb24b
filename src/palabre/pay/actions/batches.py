"""People of an operator carry payouts: one takes a batch on, sends it, and says what became of each.

A payout is in one batch at most, taken under the lock of its row, so that two people never send the same. A batch that
was not sent is put back whole; one that was sent never is, whatever it is not known of.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db import transaction

from palabre.errors import NotAllowed
from palabre.pay.actions.payouts import FINAL, State, change, check_wall, finish
from palabre.pay.errors import (
    BatchNotFound,
    BatchNotYours,
    BatchPutBack,
    BatchSent,
    KeyReused,
    NothingTicked,
    PayoutNotFound,
    PayoutsTaken,
)
from palabre.pay.models import Payout, PayoutBatch
from palabre.pay.providers import Outcome
from palabre.pay.results import Result, read_results
from palabre.pay.tables import CellProblem
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record


@transaction.atomic
def carry_payouts(
    batch_id: uuid.UUID, payouts: Collection[uuid.UUID], *, by: Actor, at: dt.datetime
) -> PayoutBatch:
    """Take payouts on: from now on nobody else sends them, and their members can't take them back.

    All of them or none. `batch_id` is made by whoever asks: the same one with the same payouts is the same batch.

    Raises: NotAllowed, NothingTicked, PayoutNotFound (also another operator's), PayoutsTaken, KeyReused.
    """
    by.require(Permission.PAY_OUT)
    if by.account is None or by.organisation is None:
        raise NotAllowed(permission=str(Permission.PAY_OUT))
    if not payouts:
        raise NothingTicked(path="payouts")
    wanted = set(payouts)
    before = PayoutBatch.objects.filter(id=batch_id).first()
    if before is not None:
        if before.carrier != by.account or before.operator_id != by.organisation or _ids(before) != wanted:
            raise KeyReused(key=str(batch_id))
        return before
    rows = list(Payout.objects.select_for_update().filter(id__in=wanted).order_by("id"))
    if len(rows) < len(wanted):
        raise PayoutNotFound
    for row in rows:
        check_wall(row, by)
    if taken := sum(row.state != State.PREPARED for row in rows):
        raise PayoutsTaken(count=taken)
    batch = PayoutBatch.objects.create(
        id=batch_id, operator_id=by.organisation, carrier=by.account, taken_at=at
    )
    for row in rows:
        row.batch = batch
        change(row, Outcome(State.CARRIED), by, at)
    _note("pay.batch.taken", batch, len(rows), by, at)
    return batch


@transaction.atomic
def put_batch_back(batch_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> PayoutBatch:
    """None of it was sent and none will be: what has not ended waits for somebody again.

    Anybody who pays out may, so that nothing is stuck with a person who is ill. Twice is once.
    Raises: NotAllowed, BatchNotFound, BatchSent.
    """
    batch = _locked(batch_id, by)
    if batch.put_back_at is not None:
        return batch
    if batch.sent_at is not None:
        raise BatchSent
    batch.put_back_at = at
    batch.save(update_fields=["put_back_at"])
    rows = _open(batch)
    for row in rows:
        row.batch = None
        change(row, Outcome(State.PREPARED), by, at)
    _note("pay.batch.put_back", batch, len(rows), by, at)
    return batch


@transaction.atomic
def mark_batch_sent(batch_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> PayoutBatch:
    """The bank or the service has the file, or the cash is out of the house. Twice is once.

    Raises: NotAllowed, BatchNotFound, BatchNotYours (another person carries it), BatchPutBack.
    """
    batch = _locked(batch_id, by)
    if batch.carrier != by.account:
        raise BatchNotYours
    if batch.put_back_at is not None:
        raise BatchPutBack
    if batch.sent_at is None:
        _send(batch, by, at)
    return batch


class Taken(NamedTuple):
    """What a file of results did: new ends, ends that were known, and what of it could not be taken."""

    new: int
    known: int
    problems: list[CellProblem]


@transaction.atomic
def take_results(data: bytes, *, by: Actor, at: dt.datetime) -> Taken:
    """Read what became of payouts from a file (CSV or pain.002) and note it, row by row.

    A row that is wrong is named and passed; it holds up no other. The same file again does nothing. `unknown` stays
    open: it is asked about by its reference, and never sent again.

    Raises: NotAllowed, TableRefused (this is no such file at all).
    """
    by.require(Permission.PAY_OUT)
    problems: list[CellProblem] = []
    results = list(read_results(data, problems))
    rows = _referenced(results, by)
    new = known = 0
    sent: dict[uuid.UUID, PayoutBatch] = {}
    for result in results:
        row = rows.get(result.reference)
        refusal = result.against(row)
        if row is None or refusal is not None:
            problems.append(refusal or result.not_there())
        elif row.state == result.state and (row.state in FINAL or row.reason == result.reason):
            known += 1
        else:
            if row.batch is not None and row.batch.sent_at is None and row.batch_id not in sent:
                sent[row.batch.id] = row.batch
            _end(row, result, by, at)
            new += 1
    for batch in sent.values():
        # Who knows what became of it has sent it.
        _send(PayoutBatch.objects.select_for_update().get(id=batch.id), by, at)
    return Taken(new, known, sorted(problems))


def _end(row: Payout, result: Result, by: Actor, at: dt.datetime) -> None:
    outcome = Outcome(result.state, result.reason)
    if result.state in FINAL:
        finish(row, outcome, by, at)
    else:
        change(row, outcome, by, at)


def _referenced(results: Sequence[Result], by: Actor) -> dict[uuid.UUID, Payout]:
    """Payouts of hers by reference, locked in the order of their ids."""
    found = Payout.objects.filter(reference__in={one.reference for one in results}, operator=by.organisation)
    # Nobody says of her own what became of it.
    found = found.exclude(member_id=by.account)
    # The lock is on payouts alone: a batch may be absent.
    rows = found.select_for_update(of=("self",)).select_related("batch").order_by("id")
    return {row.reference: row for row in rows}


def _send(batch: PayoutBatch, by: Actor, at: dt.datetime) -> None:
    if batch.sent_at is not None or batch.put_back_at is not None:
        return
    batch.sent_at = at
    batch.save(update_fields=["sent_at"])
    rows = [row for row in _open(batch) if row.state == State.CARRIED]
    for row in rows:
        change(row, Outcome(State.SENT), by, at)
    _note("pay.batch.sent", batch, len(rows), by, at)


def _open(batch: PayoutBatch) -> list[Payout]:
    rows = Payout.objects.select_for_update().filter(batch=batch).exclude(state__in=FINAL)
    return list(rows.order_by("id"))


def _ids(batch: PayoutBatch) -> set[uuid.UUID]:
    return set(Payout.objects.filter(batch=batch).values_list("id", flat=True))


def _locked(batch_id: uuid.UUID, by: Actor) -> PayoutBatch:
    by.require(Permission.PAY_OUT)
    found = PayoutBatch.objects.select_for_update().filter(id=batch_id, operator=by.organisation).first()
    if found is None:
        raise BatchNotFound
    return found


def _note(code: str, batch: PayoutBatch, payouts: int, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"payout_batch:{batch.id}",
        organisation=batch.operator_id,
        data={
            "carrier": str(batch.carrier),
            "payouts": payouts,
            "taken_at": batch.taken_at.isoformat(),
            "sent_at": batch.sent_at.isoformat() if batch.sent_at else None,
            "put_back_at": batch.put_back_at.isoformat() if batch.put_back_at else None,
        },
    )
