"""Reads of a member's time sheet."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, Subquery, Sum

from palabre.people.actor import Actor
from palabre.timesheet import bounds
from palabre.timesheet.charges import PAYERS
from palabre.timesheet.figures import figures
from palabre.timesheet.models import Correction, Tally, TimeEntry


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day's entries of one kind, charged to one account and counted by one rule."""

    kind: str
    charge: int
    rule: str
    entries: int
    measured_ms: int
    counted_ms: int


def stretches(member: uuid.UUID, day: dt.date) -> list[Stretch]:
    """What a day is made of. One statement."""
    rows = (
        TimeEntry.objects.filter(member_id=member, day=day)
        .values_list("kind", "charge", "rule")
        .annotate(Count("id"), Sum("measured_ms"), Sum("counted_ms"))
        .order_by("kind", "charge", "rule")
    )
    return [Stretch(*row) for row in rows]


def entries(
    member: uuid.UUID, day: dt.date, *, after: int | None = None, limit: int = 100
) -> list[TimeEntry]:
    """Every entry of a day as the day went, from after the one numbered `after`. One statement."""
    of_day = TimeEntry.objects.filter(member_id=member, day=day).order_by("started_at", "id")
    if after is not None:
        begun = Subquery(TimeEntry.objects.filter(member_id=member, id=after).values("started_at"))
        of_day = of_day.filter(Q(started_at__gt=begun) | Q(started_at=begun, id__gt=after))
    return list(of_day[:limit])


def corrections(member: uuid.UUID, first: dt.date, last: dt.date) -> list[Correction]:
    """What she asked to change on these days, the newest first. One statement."""
    return list(
        Correction.objects.filter(member_id=member, day__range=(first, last)).order_by("-asked_at", "id")
    )


def corrections_on_her_mind(by: Actor, since: dt.datetime) -> list[Correction]:
    """Her corrections that wait for an answer, or were accepted after `since`. One statement.

    One that was refused is a decision about her, and stands among those.
    """
    waiting = Q(state=Correction.State.WAITING)
    accepted = Q(state=Correction.State.ACCEPTED, answered_at__gte=since)
    return list(Correction.objects.filter(waiting | accepted, member=by.account).order_by("-asked_at", "id"))


def days_around(member: uuid.UUID, day: dt.date) -> bounds.Days:
    """What is counted on the days of that week, as the bounds see it. Two statements."""
    monday = day - dt.timedelta(days=day.weekday())
    rows = Tally.objects.filter(member=member, day__range=(monday, monday + dt.timedelta(days=6)))
    found = bounds.Days(figures())
    for row in rows.values_list("day", "charge", "device_ms", "word_ms", "other_ms", "explained_ms"):
        found.tallies[row[0]][row[1]] = bounds.Tally(*row[2:])
    charges = sorted({charge for of in found.tallies.values() for charge in of})
    if charges:
        with connection.cursor() as cursor:
            cursor.execute(f"{PAYERS} WHERE a.id = ANY(%s)", [charges])
            found.payers = dict(cursor.fetchall())
    return found
