"""Reads of what waits for a coordinator: corrections, decisions, projects that run out."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from palabre.decisions.models import Decision
from palabre.errors import NotFound
from palabre.pay.models import LedgerAccount
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.walls import kept_here
from palabre.timesheet.models import Correction
from palabre.timesheet.queries import Stretch, stretches
from palabre.work.access import charges_of

# Projects on offer whose money, or whose tasks, come to their end.
_RUNNING_OUT = """
SELECT p.id, p.name,
    coalesce((SELECT sum(b.size - b.funded_upto - (SELECT count(*) FROM work_task t WHERE t.batch_id = b.id
                AND t.taken_out_at IS NOT NULL AND t.position > b.funded_upto))
              FROM work_batch b WHERE b.project_id = p.id AND b.state = 'open'), 0)::int,
    EXISTS (SELECT FROM work_batch b JOIN work_task t ON t.batch_id = b.id AND t.is_open AND t.position <= b.funded_upto
            WHERE b.project_id = p.id AND b.state = 'open')
FROM work_project p WHERE p.operator_id = %s AND p.state = 'live' ORDER BY p.name, p.id LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class RunsOut:
    """`uncovered`: tasks that the money does not cover. `has_tasks`: whether any is left to hand out."""

    project: uuid.UUID
    name: str
    uncovered: int
    has_tasks: bool


def running_out(by: Actor) -> list[RunsOut]:
    """Live projects without money for all of their tasks, or without a task to hand out. One statement."""
    by.require(Permission.READ_PROJECTS)
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING_OUT, [by.organisation])
        found = [RunsOut(*row) for row in cursor.fetchall()]
    return [one for one in found if one.uncovered or not one.has_tasks]


def waiting_corrections(
    by: Actor, *, after: tuple[dt.datetime, uuid.UUID] | None = None, limit: int = 50
) -> list[Correction]:
    """Corrections of time that the organisation bears and that wait, what is due first at the top. One statement.

    Raises: NotAllowed.
    """
    found = _corrections(by).filter(state=Correction.State.WAITING).order_by("answer_due", "id")
    if after is not None:
        due, last = after
        found = found.filter(answer_due__gte=due).exclude(answer_due=due, id__lte=last)
    return list(found[:limit])


def correction_for(by: Actor, correction: uuid.UUID) -> Correction:
    """One of them, answered or not. Raises: NotAllowed, NotFound."""
    found = _corrections(by).filter(id=correction).first()
    if found is None:
        raise NotFound
    return found


def counted_here(by: Actor, member: uuid.UUID, day: dt.date) -> list[Stretch]:
    """What is counted of a member's day and borne by the organisation; what another one bears is not its to see.

    Two statements.
    """
    counted = stretches(member, day)
    borne = charges_of(by.organisation).filter(id__in={one.charge for one in counted})
    here = set(borne.values_list("id", flat=True))
    return [one for one in counted if one.charge in here]


def corrections_due(by: Actor) -> tuple[int, dt.datetime | None]:
    """How many wait, and when the first is due. One statement."""
    waiting = list(
        _corrections(by)
        .filter(state=Correction.State.WAITING)
        .order_by("answer_due")
        .values_list("answer_due")
    )
    return len(waiting), waiting[0][0] if waiting else None


def _corrections(by: Actor) -> QuerySet[Correction]:
    by.require(Permission.CORRECT_TIME)
    found = Correction.objects.select_related("member__personal_data")
    if by.account is None:
        return found
    borne = Q(charge__in=charges_of(by.organisation).values("id"))
    nobodys = ~Q(Exists(LedgerAccount.objects.filter(id=OuterRef("charge"))))
    return found.filter(borne | (nobodys & kept_here(by.organisation, "member")))


def team_decisions(
    by: Actor, *, open_appeals: bool = False, before: uuid.UUID | None = None, limit: int = 50
) -> list[Decision]:
    """Decisions of the organisation, the newest first; or its open appeals, what is due first at the top.

    One statement. Raises: NotAllowed.
    """
    _sees_decisions(by)
    found = Decision.objects.filter(organisation=by.organisation)
    found = found.select_related("appeal", "member__personal_data")
    if open_appeals:
        return list(found.filter(state=Decision.State.APPEALED).order_by("appeal__answer_due", "id")[:limit])
    return list((found.filter(id__lt=before) if before else found).order_by("-id")[:limit])


def appeals_due(by: Actor) -> tuple[int, dt.datetime | None]:
    """How many appeals wait, and when the first is due. One statement. Raises: NotAllowed."""
    _sees_decisions(by)
    waiting = Decision.objects.filter(organisation=by.organisation, state=Decision.State.APPEALED)
    due = list(waiting.order_by("appeal__answer_due").values_list("appeal__answer_due", flat=True))
    return len(due), due[0] if due else None


def _sees_decisions(by: Actor) -> None:
    if not by.may(Permission.DECIDE):
        by.require(Permission.ANSWER_APPEALS)
