"""Which tasks a project's money covers. Work stops being offered before the money could run out."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction

from palabre.pay.actions import (
    Move,
    check_reference,
    collect_fractions,
    open_account,
    post,
    return_deposit,
    returned_before,
)
from palabre.pay.actions import record_deposit as post_deposit
from palabre.pay.models import LedgerAccount
from palabre.pay.queries import balance, days_due
from palabre.people.actor import SYSTEM, Actor
from palabre.people.permissions import Permission
from palabre.timesheet.models import Correction
from palabre.work.access import locked_project
from palabre.work.actions.notes import note
from palabre.work.errors import DaysOpen, NothingLeft, NotReady, ProjectIs
from palabre.work.marks import hold_dispatch, marks
from palabre.work.models import Project
from palabre.work.queries.books import SHARE, SOCIAL, books_of


@transaction.atomic
def record_deposit(project_id: uuid.UUID, amount: int, reference: str, *, by: Actor, at: dt.datetime) -> int:
    """Money that came in for a project, in minor units of its currency; what it covers is offered.

    The same reference twice is the same deposit. The ledger transaction's id is the answer.

    Raises: NotAllowed, NotFound, ProjectIs (closed), NotReady (no accepted quote), and what the
    ledger raises (AmountNotPositive, ReasonMissing, KeyReused).
    """
    project = locked_project(by, project_id, Permission.RECORD_DEPOSITS)
    if project.state == Project.State.CLOSED:
        raise ProjectIs(state=project.state)
    if project.escrow_id is None:
        raise NotReady(missing=["quote"])
    posted = post_deposit(project.id, project.escrow_id, amount, project.currency, reference, by=by, at=at)
    refresh_funding(project)
    note("work.deposit.recorded", project, {"transaction": posted, "amount": amount}, by=by, at=at)
    return posted


@transaction.atomic
def refund_deposit(project_id: uuid.UUID, reference: str, *, by: Actor, at: dt.datetime) -> int:
    """Give the client back what is left of the deposit of a closed project; the ledger transaction's id.

    First the shares that the work has earned are moved. Nothing goes back while a member's day with time or pay
    of the project is not settled, or a correction of hers waits: a top-up may still be due from this money.
    `reference` is the bank's or the payment's: the same one again is the same refund.

    Raises: NotAllowed, NotFound, ProjectIs (not closed), ReasonMissing (no reference), DaysOpen, NothingLeft.
    """
    project = locked_project(by, project_id, Permission.RECORD_DEPOSITS)
    check_reference(reference)
    before = returned_before(project.id, reference)
    if before is not None:
        return before
    if project.state != Project.State.CLOSED:
        raise ProjectIs(state=project.state)
    if project.escrow_id is None:
        raise NothingLeft
    check_settled(project)
    settle_shares(project, at=at)
    left = balance(project.escrow_id)
    if left <= 0:
        raise NothingLeft
    posted = return_deposit(project.id, project.escrow_id, left, project.currency, reference, by=by, at=at)
    note("work.deposit.returned", project, {"transaction": posted, "amount": left}, by=by, at=at)
    return posted


def check_settled(project: Project) -> None:
    """Nobody has a claim to the money of a closed project any more: late answers are the operator's to pay.

    Raises: DaysOpen, which says what holds it and who can end it.
    """
    escrow = project.escrow_id or 0
    corrections = Correction.objects.filter(charge=escrow, state=Correction.State.WAITING).count()
    days = days_due(escrow)
    if days or corrections:
        raise DaysOpen(days, corrections, project.operator.name)


@transaction.atomic
def refresh_funding(project: Project) -> int:
    """Set how far each open batch is covered; the number of batches that changed is the answer.

    Called by whatever moves the project's money, and from time to time: never by a request for
    work, which only reads `Batch.funded_upto`. One count over the project's answers; where money
    lacks, one look at the tasks from the end (`work.marks`).

    With `m` on the escrow, less what is spoken for by work that is done, and a cost of `c` a judgement, money is
    there for m / c judgements more. `c` is the dearest place's charge
    with every share of the accepted quote on top: platform, social cover, and the reserve for
    top-ups. A task in somebody's hands has its judgement's money set aside: whoever answers it, and however
    dear her place, finds it; so has a task in a reviewer's hands. Cheaper places leave
    money over, which covers further tasks; top-ups beyond the reserve take some away. A pilot covers
    its own tasks and no more.

    A mark that goes down waits for what is being handed out behind it, and looks again.
    """
    project = _locked(project)
    found = marks(project)
    if any(after < before for before, after in found.values()):
        hold_dispatch(project.id)
        found = marks(project)
    changed = {batch: after for batch, (before, after) in found.items() if after != before}
    for batch, upto in changed.items():
        project.batches.filter(id=batch).update(funded_upto=upto)
    return len(changed)


@transaction.atomic
def settle_shares(project: Project, *, at: dt.datetime) -> int | None:
    """Move the platform's share and the social cover that the work so far has earned.

    First the fractions of base pay are charged that rounding left over. Both are percents of the base pay charged
    to the project, whole units of the sum, rounded down; what was moved before is subtracted, so that moving them
    often or once comes to the same. Where the deposit has less, what is there is moved, social cover first: it is
    set aside for members. The ledger transaction's id, or None when nothing is moved.
    """
    project = _locked(project)
    if project.escrow is None or not project.rates:
        return None
    collect_fractions(project.escrow, at=at)
    books = books_of(project)
    moved = _what_is_there(books.owed(), books.balance)
    if not moved:
        return None
    moves = [
        Move(open_account(kind, project.id, project.currency).id, project.currency, amount)
        for kind, amount in moved.items()
    ]
    moves.append(Move(project.escrow.id, project.currency, -sum(moved.values())))
    # What was moved before grows with every one of them, whatever the quotes say: no two have the same key.
    return post(f"shares:{project.id}:{sum(books.moved.values())}", "shares", moves, by=SYSTEM, at=at)


def _what_is_there(owed: Mapping[LedgerAccount.Kind, int], left: int) -> dict[LedgerAccount.Kind, int]:
    moved: dict[LedgerAccount.Kind, int] = {}
    for kind in (SOCIAL, SHARE):
        amount = min(owed.get(kind, 0), max(left - sum(moved.values()), 0))
        if amount:
            moved[kind] = amount
    return moved


def _locked(project: Project) -> Project:
    """The project as it stands, held so that two who move its money go one by one."""
    return Project.objects.select_for_update(no_key=True).get(id=project.id)
