"""Which tasks a project's money covers. Work stops being offered before the money could run out."""

import datetime as dt
import uuid
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Sum

from palabre.money import minor_units
from palabre.pay.actions import Move, open_account, post
from palabre.pay.actions import record_deposit as post_deposit
from palabre.pay.models import LedgerAccount
from palabre.pay.queries import balance
from palabre.people.actor import SYSTEM, Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.notes import note
from palabre.work.errors import NotReady, ProjectIs
from palabre.work.models import Annotation, Batch, Project, Quote


@transaction.atomic
def record_deposit(project_id: uuid.UUID, amount: int, reference: str, *, by: Actor, at: dt.datetime) -> int:
    """Money that came in for a project, in minor units of its currency; what it covers is offered.

    Raises: NotAllowed, NotFound, ProjectIs (closed), NotReady (no accepted quote), and what the
    ledger raises (AmountNotPositive, ReasonMissing, KeyReused).
    """
    project = locked_project(by, project_id, Permission.RECORD_DEPOSITS)
    if project.state == Project.State.CLOSED:
        raise ProjectIs(state=project.state)
    if project.escrow_id is None:
        raise NotReady(missing="quote")
    posted = post_deposit(project.id, project.escrow_id, amount, project.currency, reference, by=by, at=at)
    refresh_funding(project)
    note("work.deposit.recorded", project, {"transaction": posted, "amount": amount}, by=by, at=at)
    return posted


def refresh_funding(project: Project) -> None:
    """Set how far each open batch is covered. Called by whatever moves the project's money.

    A judgement costs the dearest place's charge, with the shares of the accepted quote on top
    (platform, social cover, and the reserve for top-ups, which so stays untouched by offers).
    With `b` on the escrow, a cost of `c` a judgement and `n` judgements counted so far, tasks
    are covered while their judgements, `overlap` each, number at most n + b / c. Open leases are
    judgements that are not counted yet, so their money is set aside by the same sum.
    """
    affordable = _affordable(project)
    for batch in Batch.objects.filter(project=project, state=Batch.State.OPEN).order_by("number"):
        upto = min(batch.size, affordable // project.overlap)
        affordable -= upto * project.overlap
        if upto != batch.funded_upto:
            Batch.objects.filter(id=batch.id).update(funded_upto=upto)


def _affordable(project: Project) -> int:
    """Judgements of the whole project, done ones included, that the money covers."""
    if project.escrow_id is None or not project.rates:
        return 0
    counted = Annotation.objects.filter(project=project, place__isnull=False).count()
    closed = Annotation.objects.filter(
        project=project, place__isnull=False, task__batch__state__in=[Batch.State.CLOSED, Batch.State.DISCARDED]
    ).count()
    dearest = max(Decimal(rate["charge"]) for rate in project.rates.values())
    cost = dearest * _with_shares(project) * 10 ** minor_units(project.currency)
    money = balance(project.escrow_id) - _shares_owed(project, counted)
    return counted - closed + max(int(money / cost) if cost else 0, 0)


def _with_shares(project: Project) -> Decimal:
    return 1 + sum(_percents(project).values(), Decimal(0)) / 100


def _percents(project: Project) -> dict[str, Decimal]:
    """platform_share, social_cover and topup_reserve of the accepted quote, in percent of base pay."""
    quote = Quote.objects.filter(project=project, accepted_at__isnull=False).order_by("-accepted_at").first()
    lines = quote.lines if quote else []
    return {line["line"]: Decimal(line["percent"]) for line in lines if "percent" in line}


def _shares_owed(project: Project, counted: int) -> int:
    """Platform share and social cover of the judgements so far that were not moved yet."""
    return sum(owed for _, owed in _owed(project))


def _owed(project: Project) -> list[tuple[LedgerAccount, int]]:
    base = _charged(project)
    percents = _percents(project)
    owed = []
    for kind, line in ((LedgerAccount.Kind.SHARE, "platform_share"), (LedgerAccount.Kind.SOCIAL, "social_cover")):
        account = open_account(kind, project.id, project.currency)
        due = int(base * percents.get(line, Decimal(0)) / 100)
        owed.append((account, due - balance(account.id)))
    return owed


def _charged(project: Project) -> int:
    """Base pay that was charged to the project so far, in minor units."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(charged), 0) FROM pay_accrual WHERE charge_id = %s", [project.escrow_id]
        )
        row = cursor.fetchone()
    return int(row[0])


@transaction.atomic
def settle_shares(project: Project, *, at: dt.datetime) -> int | None:
    """Move the platform's share and the social cover that the work so far has earned.

    Both are percents of the base pay charged to the project; what was moved before is
    subtracted, so that moving them often or once comes to the same. Never more than is there.
    """
    if project.escrow_id is None:
        return None
    owed = [(account, amount) for account, amount in _owed(project) if amount > 0]
    total = sum(amount for _, amount in owed)
    if not owed or total > balance(project.escrow_id):
        return None
    moves = [Move(account.id, project.currency, amount) for account, amount in owed]
    moves.append(Move(project.escrow_id, project.currency, -total))
    return post(f"shares:{project.id}:{_charged(project)}", "shares", moves, by=SYSTEM, at=at)


def deposited(project: Project) -> int:
    """What the client has paid in, in minor units."""
    from palabre.pay.models import Posting

    found = Posting.objects.filter(account=project.escrow_id, transaction__kind="deposit").aggregate(Sum("amount"))
    return found["amount__sum"] or 0
