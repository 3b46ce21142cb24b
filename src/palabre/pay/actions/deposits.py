"""Money that a client has paid in, for one project."""

import datetime as dt
import uuid
from hashlib import sha256

from django.db import transaction

from palabre.errors import NotFound
from palabre.pay.actions.ledger import Move, open_account, post
from palabre.pay.errors import AmountNotPositive, DepositReversed, ReasonMissing
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.pay.queries import deposit_of, reversal_key, reversal_of
from palabre.people.actor import Actor
from palabre.people.permissions import Permission


@transaction.atomic
def record_deposit(
    project_id: uuid.UUID,
    escrow_id: int,
    amount: int,
    currency: str,
    reference: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Put `amount` minor units from the outside on a project's escrow; the ledger transaction's id.

    `reference` is the bank's or the payment's: the same one twice for a project is the same
    deposit, until that deposit is reversed. The caller has made sure that `by` may see the project, and lets
    those who move its money go one by one.

    Raises: NotAllowed, AmountNotPositive, ReasonMissing (no reference), NotFound (no such escrow of
    that project and currency), KeyReused (same reference, other amount).
    """
    by.require(Permission.RECORD_DEPOSITS)
    if amount <= 0:
        raise AmountNotPositive(path="amount")
    check_reference(reference)
    escrow = LedgerAccount.objects.filter(
        id=escrow_id, kind=LedgerAccount.Kind.ESCROW, owner=project_id, currency=currency
    )
    if not escrow.exists():
        raise NotFound()
    world = open_account(LedgerAccount.Kind.WORLD, None, currency)
    return post(
        _deposit_key(project_id, reference),
        "deposit",
        [Move(world.id, currency, -amount), Move(escrow_id, currency, amount)],
        by=by,
        at=at,
        data={"project": str(project_id), "reference": reference.strip()},
    )


def _deposit_key(project_id: uuid.UUID, reference: str) -> str:
    """The key of the deposit under a reference; a new one when the last was reversed."""
    # The reference itself may name a person, and the key goes into the record.
    key = f"deposit:{project_id}:{sha256(reference.strip().encode()).hexdigest()}"
    before = list(
        LedgerTransaction.objects.filter(key__startswith=key).order_by("id").values_list("id", "key")
    )
    if not before:
        return key
    number, last = before[-1]
    return f"{key}:{len(before) + 1}" if reversal_of(project_id, number) else str(last)


def reverse_deposit(
    project_id: uuid.UUID, deposit: int, reason: str, *, by: Actor, at: dt.datetime
) -> LedgerTransaction:
    """Take back the whole of one deposit that was recorded wrongly; the ledger transaction that does.

    Postings are never changed: this one has the same moves with the other sign. Once for a deposit: again for
    the same reason is the same. The caller has made sure that nobody else has a claim to the money.

    Raises: NotAllowed, ReasonMissing, NotFound (no deposit of that project), DepositReversed (for another reason).
    """
    by.require(Permission.RECORD_DEPOSITS)
    if not reason.strip():
        raise ReasonMissing(path="reason")
    found = deposit_of(project_id, deposit)
    before = reversal_of(project_id, deposit)
    if before is not None:
        if before.data["reason"] == reason.strip():
            return before
        raise DepositReversed(day=before.at.date(), reason=before.data["reason"])
    number = post(
        reversal_key(project_id, deposit),
        "deposit_reversed",
        [Move(one.account_id, one.currency, -one.amount) for one in found.postings.all()],
        by=by,
        at=at,
        data={
            "project": str(project_id),
            "reverses": deposit,
            "reference": found.data["reference"],
            "reason": reason.strip(),
        },
    )
    return LedgerTransaction.objects.get(id=number)


def return_deposit(
    project_id: uuid.UUID,
    escrow_id: int,
    amount: int,
    currency: str,
    reference: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> int:
    """Give `amount` minor units of a project's escrow back to the outside; the ledger transaction's id.

    The caller has made sure that nobody else has a claim to them.
    Raises: NotAllowed, AmountNotPositive, KeyReused (same reference, other amount).
    """
    by.require(Permission.RECORD_DEPOSITS)
    if amount <= 0:
        raise AmountNotPositive(path="amount")
    world = open_account(LedgerAccount.Kind.WORLD, None, currency)
    return post(
        _returned_key(project_id, reference),
        "refund",
        [Move(escrow_id, currency, -amount), Move(world.id, currency, amount)],
        by=by,
        at=at,
        data={"project": str(project_id), "reference": reference.strip()},
    )


def check_reference(reference: str) -> None:
    """Raises: ReasonMissing."""
    if not reference.strip():
        raise ReasonMissing(path="reference")


def returned_before(project_id: uuid.UUID, reference: str) -> int | None:
    """The ledger transaction of a deposit that was given back under `reference`."""
    found = LedgerTransaction.objects.filter(key=_returned_key(project_id, reference))
    return found.values_list("id", flat=True).first()


def _returned_key(project_id: uuid.UUID, reference: str) -> str:
    """Beside the deposits of the project, so that one range of keys has all that came and went."""
    return f"deposit:{project_id}:returned:{sha256(reference.strip().encode()).hexdigest()}"
