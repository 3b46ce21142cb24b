"""What a device needs beside its tasks: the project in her words and money, her day, the pictures."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from palabre.errors import NotFound
from palabre.pay.errors import NoFloor
from palabre.pay.floors import floor_at
from palabre.pay.models import Accrual
from palabre.people.actor import Actor
from palabre.people.models import Account
from palabre.people.permissions import Permission
from palabre.people.residences import Residences, residences_of
from palabre.timesheet.models import TimeEntry
from palabre.work.access import project_for, work_ended
from palabre.work.errors import WorkEnded
from palabre.work.media import Link, sign_link
from palabre.work.models import Guideline, LabelSchema, Lease, Media, Project, Question
from palabre.work.queries.offers import Offer, offer_of

MOST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Today:
    """Her day so far. `earned` is base pay in minor units of `currency`; `floor` an hour in major units."""

    day: dt.date
    counted_ms: int
    currency: str
    earned: int
    floor: Decimal | None


@dataclass(frozen=True, slots=True)
class Pack:
    """One project, as a device keeps it. `answers`: her own questions that were answered, the newest first."""

    account: uuid.UUID
    language: str
    offer: Offer
    schema: LabelSchema
    guideline: Guideline
    today: Today
    answers: list[Question]


def pack_of(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Pack:
    """What the member who asks needs to work on a project. Ten statements at the most.

    Raises: NotAllowed, NotFound (unknown, another operator's, or not open to her), WorkEnded (by a decision, with nothing
    in her hands).
    """
    project = project_for(by, project_id, Permission.WORK)
    if work_ended(project.id, by.account) and not _holds_any(project, by):
        raise WorkEnded
    account, lived = _who(by)
    schema = project.schemas.order_by("-version").first()
    guideline = project.guidelines.order_by("-version").first()
    if schema is None or guideline is None:
        raise NotFound()
    answered = Question.objects.filter(
        Q(member=account) | Q(task__lease__member=account), project=project, answered_at__isnull=False
    )
    return Pack(
        account=account.id,
        language=account.language,
        offer=offer_of(project, lived.places[-1].country, schema),
        schema=schema,
        guideline=guideline,
        today=_today(lived, at),
        answers=list(answered.distinct().order_by("-answered_at")[:MOST_ANSWERS]),
    )


def _holds_any(project: Project, by: Actor) -> bool:
    """What was handed to her before the end she may finish."""
    return Lease.objects.filter(project=project, member=by.account, state=Lease.State.OPEN).exists()


def today_of(*, by: Actor, at: dt.datetime) -> Today:
    """Her day so far, by her own clock. Five statements. Raises: NotAllowed, NotFound."""
    by.require(Permission.WORK)
    return _today(_who(by)[1], at)


def _who(by: Actor) -> tuple[Account, Residences]:
    account = Account.objects.filter(id=by.account).first() if by.account else None
    lived = residences_of(account.id) if account else None
    if account is None or lived is None:
        raise NotFound()
    return account, lived


def _today(lived: Residences, at: dt.datetime) -> Today:
    day = lived.day_of(at)
    home = lived.on(day)
    hers = {"member": home.account_id, "day": day}
    counted = TimeEntry.objects.filter(**hers).aggregate(ms=Sum("counted_ms"))["ms"] or 0
    earned = dict(Accrual.objects.filter(**hers).values_list("currency").annotate(Sum("credited")))
    try:
        floor = floor_at(home.country, home.region, day)
    except NoFloor:
        currency = next(iter(earned), "")
        return Today(day, counted, currency, int(earned.get(currency, 0)), None)
    return Today(day, counted, floor.currency, int(earned.get(floor.currency, 0)), floor.hourly)


def pictures_of(ids: Iterable[uuid.UUID], *, by: Actor, at: dt.datetime) -> list[tuple[Media, Link]]:
    """Pictures of tasks that were handed to her just now, each with its address. One statement, or none."""
    wanted = set(ids)
    if not wanted:
        return []
    return [(media, sign_link(media.id, by=by, at=at)) for media in Media.objects.filter(id__in=wanted)]
