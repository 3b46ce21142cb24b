"""What a device needs beside its tasks: the project in her words and money, her day, the pictures."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from palabre.errors import NotFound
from palabre.pay.days import days_of
from palabre.pay.queries import floor_of
from palabre.pay.worth import worth
from palabre.people.actor import Actor
from palabre.people.models import Account
from palabre.people.permissions import Permission
from palabre.people.residences import Residences, residences_of
from palabre.work.access import project_for, work_ended
from palabre.work.errors import NoRateHere, WorkEnded
from palabre.work.media import Link, sign_link
from palabre.work.models import Guideline, LabelSchema, Lease, Media, Project, Question
from palabre.work.queries.offers import Offer, offer_of

MOST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Today:
    """Her day so far. `brings` is what she gets for it as it stands, in minor units of `currency`, with what is still
    added at night; `floor` an hour in major units."""

    day: dt.date
    counted_ms: int
    currency: str
    brings: int
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

    Raises: NotAllowed, NotFound (unknown, another operator's, or not open to her); with nothing in her hands WorkEnded (by
    a decision), NoRateHere (no price for the place that she moved to).
    """
    project = project_for(by, project_id, Permission.WORK)
    if work_ended(project.id, by.account) and not _holds_any(project, by):
        raise WorkEnded
    account, lived = _who(by)
    country = lived.places[-1].country
    if country not in project.rates and not _holds_any(project, by):
        raise NoRateHere
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
        offer=offer_of(project, country, schema),
        schema=schema,
        guideline=guideline,
        today=_today(lived, at),
        answers=list(answered.distinct().order_by("-answered_at")[:MOST_ANSWERS]),
    )


def _holds_any(project: Project, by: Actor) -> bool:
    """What was handed to her before the end, or before she moved, she may finish."""
    return Lease.objects.filter(project=project, member=by.account, state=Lease.State.OPEN).exists()


def today_of(*, by: Actor, at: dt.datetime) -> Today:
    """Her day so far, by her own clock. Five statements. Raises: NotAllowed, NotFound."""
    by.require(Permission.WORK)
    return _today(_who(by)[1], at)


def language_of(by: Actor) -> str:
    """The language that she reads. One statement."""
    found = Account.objects.filter(id=by.account) if by.account else Account.objects.none()
    return found.values_list("language", flat=True).first() or ""


def _who(by: Actor) -> tuple[Account, Residences]:
    account = Account.objects.filter(id=by.account).first() if by.account else None
    lived = residences_of(account.id) if account else None
    if account is None or lived is None:
        raise NotFound()
    return account, lived


def _today(lived: Residences, at: dt.datetime) -> Today:
    day = lived.day_of(at)
    (of_day,) = days_of(lived.account_id, day, day)
    floor = floor_of(lived.on(day), day)
    found = {one.currency: one.total for one in worth(of_day, floor)}
    currency = floor.currency if floor else next(iter(found), "")
    return Today(day, of_day.counted_ms, currency, found.get(currency, 0), floor.hourly if floor else None)


def pictures_of(ids: Iterable[uuid.UUID], *, by: Actor, at: dt.datetime) -> list[tuple[Media, Link]]:
    """Pictures of tasks that were handed to her just now, each with its address. One statement, or none."""
    wanted = set(ids)
    if not wanted:
        return []
    return [(media, sign_link(media.id, by=by, at=at)) for media in Media.objects.filter(id__in=wanted)]
