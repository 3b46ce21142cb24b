"""Which tasks a project's money covers. Work stops being offered before the money could run out."""

import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.db import transaction
from django.db.models import Sum

from palabre.money import minor_units
from palabre.pay.actions import Move, open_account, post
from palabre.pay.actions import record_deposit as post_deposit
from palabre.pay.models import Accrual, LedgerAccount, Posting
from palabre.pay.queries import balance
from palabre.people.actor import SYSTEM, Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.notes import note
from palabre.work.errors import NotReady, ProjectIs
from palabre.work.models import Annotation, Batch, Project, Quote

# The lines of a quote that leave the escrow as the work comes in, and where they go.
_SHARES = {"platform_share": LedgerAccount.Kind.SHARE, "social_cover": LedgerAccount.Kind.SOCIAL}


@transaction.atomic
def record_deposit(project_id: uuid.UUID, amount: int, reference: str, *, by: Actor, at: dt.datetime) -> int:
    """Money that came in for a project, in minor units of its currency; what it covers is offered.

    The same reference twice is the same deposit.

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
def refresh_funding(project: Project) -> int:
    """Set how far each open batch is covered; the number of batches that changed is the answer.

    Called by whatever moves the project's money, and from time to time: never by a request for
    work, which only reads `Batch.funded_upto`. One count over the project's answers.

    With `m` on the escrow, less the shares that the work so far still owes, a cost of `c` a
    judgement and `n` counted judgements in open batches, the batches' first tasks are covered as
    long as their judgements, `overlap` each, number at most n + m / c. `c` is the dearest place's
    charge with every share of the accepted quote on top: platform, social cover, and the reserve
    for top-ups, which offers so leave untouched. A task in somebody's hands is covered and not yet
    counted, so its money is set aside by the same sum: whoever answers it, and however dear her
    place, finds it. Cheaper places leave money over, which covers further tasks at the next call.
    """
    project = _locked(project)
    affordable = _counted(project) + _affordable(project)
    changed = 0
    for batch in project.batches.filter(state=Batch.State.OPEN).order_by("number"):
        upto = min(batch.size, affordable // project.overlap)
        affordable -= upto * project.overlap
        if upto != batch.funded_upto:
            changed += project.batches.filter(id=batch.id).update(funded_upto=upto)
    return changed


@transaction.atomic
def settle_shares(project: Project, *, at: dt.datetime) -> int | None:
    """Move the platform's share and the social cover that the work so far has earned.

    Both are percents of the base pay charged to the project, whole units of the sum, rounded
    down; what was moved before is subtracted, so that moving them often or once comes to the
    same. Never more than is there. The ledger transaction's id, or None when nothing is owed.
    """
    project = _locked(project)
    charged = _charged(project)
    owed = {kind: amount for kind, amount in _owed(project, charged).items() if amount > 0}
    total = sum(owed.values())
    if project.escrow_id is None or not owed or total > balance(project.escrow_id):
        return None
    moves = [
        Move(open_account(kind, project.id, project.currency).id, project.currency, amount)
        for kind, amount in owed.items()
    ]
    moves.append(Move(project.escrow_id, project.currency, -total))
    return post(f"shares:{project.id}:{charged}", "shares", moves, by=SYSTEM, at=at)


def _locked(project: Project) -> Project:
    """The project as it stands, held so that two who move its money go one by one."""
    return Project.objects.select_for_update(no_key=True).get(id=project.id)


def _counted(project: Project) -> int:
    """Counted judgements of the open batches."""
    counted = Annotation.objects.filter(project=project, place__isnull=False)
    if project.batches.filter(state=Batch.State.CLOSED).exists():
        counted = counted.exclude(task__batch__state=Batch.State.CLOSED)
    return counted.count()


def _affordable(project: Project) -> int:
    """Further judgements that the money covers."""
    if project.escrow_id is None or not project.rates:
        return 0
    owed = sum(amount for amount in _owed(project, _charged(project)).values() if amount > 0)
    money = balance(project.escrow_id) - owed
    return max(floor(money / _cost(project)), 0)


def _cost(project: Project) -> Fraction:
    """What one more judgement may cost at most, shares included, in minor units."""
    dearest = max(Decimal(rate["charge"]) for rate in project.rates.values())
    factor = 1 + Fraction(sum(_percents(project).values(), Decimal(0))) / 100
    return Fraction(dearest) * factor * Fraction(10) ** minor_units(project.currency)


def _percents(project: Project) -> dict[str, Decimal]:
    """platform_share, social_cover and topup_reserve of the accepted quote, in percent of base pay."""
    accepted = Quote.objects.filter(project=project, accepted_at__isnull=False)
    quote = accepted.order_by("-accepted_at").first()
    lines = quote.lines if quote else []
    return {line["line"]: Decimal(line["percent"]) for line in lines if "percent" in line}


def _owed(project: Project, charged: int) -> dict[LedgerAccount.Kind, int]:
    """By account, the shares of `charged` that were not moved yet."""
    percents = _percents(project)
    # What came in, not what is there: taking money out of a share account later owes nothing again.
    came = dict(
        Posting.objects.filter(account__owner=project.id, account__kind__in=_SHARES.values(), amount__gt=0)
        .values_list("account__kind")
        .annotate(Sum("amount"))
    )
    return {
        kind: floor(charged * Fraction(percents.get(line, Decimal(0))) / 100) - came.get(kind, 0)
        for line, kind in _SHARES.items()
    }


def _charged(project: Project) -> int:
    """Base pay that was charged to the project so far, in minor units."""
    charged = Accrual.objects.filter(charge=project.escrow_id).aggregate(Sum("charged"))["charged__sum"]
    return charged or 0
