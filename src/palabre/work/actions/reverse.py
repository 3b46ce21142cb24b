"""Taking back a deposit that was recorded by mistake."""

import datetime as dt
import uuid
from fractions import Fraction
from math import ceil

from django.db import transaction

from palabre.money import Money
from palabre.pay.actions import reverse_deposit as post_reversal
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.pay.queries import deposit_of, reversal_of
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.transactions import retried
from palabre.work.access import locked_project
from palabre.work.actions.fund import check_settled, refresh_funding, settle_shares
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
from palabre.work.errors import DepositNeeded
from palabre.work.marks import hold_dispatch, in_hands
from palabre.work.models import Project
from palabre.work.queries.books import books_of

LONGEST_REASON = 500


@retried
@transaction.atomic
def reverse_deposit(
    project_id: uuid.UUID, deposit: int, reason: str, *, by: Actor, at: dt.datetime
) -> LedgerTransaction:
    """Take back the whole of one deposit, named by its ledger transaction; what does is the answer.

    Only money that nobody has a claim to: not what is spent, what belongs to work that is done, or what is set
    aside for tasks in somebody's hands. Of a closed project, once its days are settled. Work is offered as far as
    the rest covers it, from the same moment; nothing is handed out while that is worked out. Afterwards the right
    deposit can be recorded, under the same reference if need be. Once for a deposit: again for the same reason is
    the same.

    Raises: NotAllowed, NotFound (no such project, or deposit of it), TextWrong (no reason, or a long one),
    DepositReversed (for another reason), DepositNeeded (says how much is free), DaysOpen (of a closed project).
    """
    project = locked_project(by, project_id, Permission.RECORD_DEPOSITS)
    check_text("reason", reason, LONGEST_REASON)
    found = deposit_of(project.id, deposit)
    before = reversal_of(project.id, deposit)
    if before is None:
        hold_dispatch(project.id)
        _check_free(project, project.escrow_id or 0, _amount(found, project), at)
    done = post_reversal(project.id, deposit, reason, by=by, at=at)
    if before is None:
        refresh_funding(project)
        said = {"transaction": done.id, "reverses": deposit, "amount": _amount(found, project)}
        note("work.deposit.reversed", project, said, by=by, at=at)
    return done


def free_money(project: Project) -> int:
    """What of the deposit nobody has a claim to, in minor units."""
    # Before the money: an answer in between is paid and still in hand, never neither.
    hands = in_hands(project)
    books = books_of(project)
    if project.state == Project.State.CLOSED:
        return max(books.balance, 0)
    return max(books.balance - ceil(max(books.spoken_for, Fraction(0)) + hands * books.cost), 0)


def _check_free(project: Project, escrow: int, amount: int, at: dt.datetime) -> None:
    """Raises: DepositNeeded, DaysOpen."""
    # A settlement holds it as well while it looks whether a top-up can be taken from it.
    LedgerAccount.objects.select_for_update(no_key=True).get(id=escrow)
    if project.state == Project.State.CLOSED:
        check_settled(project)
        settle_shares(project, at=at)
    free = free_money(project)
    if amount > free:
        raise DepositNeeded(
            amount=str(Money(amount, project.currency)),
            free=str(Money(free, project.currency)),
            free_minor=free,
        )


def _amount(deposit: LedgerTransaction, project: Project) -> int:
    return sum(one.amount for one in deposit.postings.all() if one.account_id == project.escrow_id)
