"""Reads of one member for who looks after her: of her own operator's projects, and nothing of anybody else's.

What she did for another operator is not there; how she is reached is, where her own operator still keeps her.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from palabre.decisions.models import Decision
from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.models import Account, Grant
from palabre.people.permissions import WORKING, Permission
from palabre.people.walls import keeps
from palabre.timesheet.models import Correction
from palabre.work.access import charges_of
from palabre.work.models import Annotation, Project, Question, Task
from palabre.work.queries.looks import answer_in_words

# As many of each as a page shows.
SHOWN = 10
WEEKS = 4

# Her projects are those that she was handed, along `handout_first_uq`, and those that time of hers went to of late.
_PROJECTS = """
WITH run AS MATERIALIZED (SELECT id, name, state, escrow_id FROM work_project WHERE operator_id = %(operator)s
), spent AS MATERIALIZED (
    SELECT charge, sum(counted_ms) AS counted, sum(counted_ms) FILTER (WHERE day >= %(monday)s) AS week
    FROM timesheet_timeentry WHERE member_id = %(member)s AND day >= %(since)s GROUP BY charge
), handed AS MATERIALIZED (
    SELECT project_id, min(at) AS at FROM work_handout WHERE member_id = %(member)s GROUP BY project_id
), held AS MATERIALIZED (
    SELECT project_id, count(*) AS tasks, count(*) FILTER (WHERE expires_at < %(at)s) AS late
    FROM work_lease WHERE member_id = %(member)s AND state = 'open' GROUP BY project_id
)
SELECT r.id, r.name, r.state, h.at, coalesce(s.week, 0), coalesce(s.counted, 0),
    coalesce(o.tasks, 0), coalesce(o.late, 0),
    EXISTS (SELECT FROM decisions_decision d WHERE d.project = r.id AND d.member_id = %(member)s
            AND d.kind = 'work_ended' AND d.state <> 'reversed')
FROM run r LEFT JOIN handed h ON h.project_id = r.id LEFT JOIN spent s ON s.charge = r.escrow_id
LEFT JOIN held o ON o.project_id = r.id
WHERE h.at IS NOT NULL OR s.charge IS NOT NULL OR o.tasks IS NOT NULL ORDER BY lower(r.name), r.id LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class OneMember:
    """Who she is and how she is reached. `email` and `phone`: None where nobody knows them."""

    id: uuid.UUID
    name: str
    email: str | None
    phone: str | None
    language: str
    country: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class OfProject:
    """A project that she was handed. `ended`: a decision that stands says that she gets no more of it."""

    id: uuid.UUID
    name: str
    state: str
    since: dt.datetime | None
    week_ms: int
    counted_ms: int
    held: int
    late: int
    ended: bool

    @property
    def open(self) -> bool:
        """Whether tasks of it can be handed to her."""
        return self.state in (Project.State.PILOT, Project.State.LIVE) and not self.ended


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of hers in words."""

    task: Task
    project: Project
    answer: str
    note: str
    at: dt.datetime


def one_member(by: Actor, member: uuid.UUID) -> OneMember:
    """Who works, or worked, for the operator. Three statements. Raises: NotAllowed, NotFound."""
    by.require(Permission.ASSIGN_TASKS)
    works = Grant.objects.filter(account=member, organisation=by.organisation, role__in=WORKING)
    if not works.exists():
        raise NotFound
    found = Account.objects.select_related("personal_data", "residence").get(id=member)
    personal, lives = getattr(found, "personal_data", None), getattr(found, "residence", None)
    reached = personal if keeps(member, by.organisation) else None
    return OneMember(
        id=found.id,
        name=personal.name if personal else "",
        email=reached.email if reached else None,
        phone=reached.phone if reached else None,
        language=found.language,
        country=lives.country if lives else None,
        timezone=lives.timezone if lives else None,
    )


def projects_of(by: Actor, member: uuid.UUID, monday: dt.date, at: dt.datetime) -> list[OfProject]:
    """The operator's projects that she was handed, by name, with her time of this week and of the last four.

    One statement. Raises: NotAllowed.
    """
    by.require(Permission.ASSIGN_TASKS)
    asked = {
        "operator": by.organisation,
        "member": member,
        "monday": monday,
        "since": monday - dt.timedelta(weeks=WEEKS - 1),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PROJECTS, asked)
        return [OfProject(*row) for row in cursor.fetchall()]


def questions_of(by: Actor, member: uuid.UUID) -> list[Question]:
    """What she asked about the operator's projects, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.ASSIGN_TASKS)
    asked = Question.objects.filter(member=member, project__operator=by.organisation).select_related(
        "project"
    )
    return list(asked.order_by("-asked_at", "id")[:SHOWN])


def corrections_of(by: Actor, member: uuid.UUID) -> list[Correction]:
    """Her corrections of time that the operator bears, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.CORRECT_TIME)
    borne = Correction.objects.filter(member=member, charge__in=charges_of(by.organisation).values("id"))
    return list(borne.order_by("-asked_at", "id")[:SHOWN])


def decisions_about(by: Actor, member: uuid.UUID) -> list[Decision]:
    """Decisions of the operator about her, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.DECIDE)
    taken = Decision.objects.filter(member=member, organisation=by.organisation)
    return list(taken.order_by("-decided_at", "id")[:SHOWN])


def sample_of(by: Actor, member: uuid.UUID) -> Sequence[Said]:
    """Her newest answers to tasks of the operator's projects. One statement. Raises: NotAllowed."""
    by.require(Permission.ASSIGN_TASKS)
    hers = Annotation.objects.filter(member=member, project__operator=by.organisation)
    rows = hers.select_related("task", "project").order_by("-submitted_at", "-id")[:SHOWN]
    return [
        Said(
            one.task,
            one.project,
            answer_in_words(one.project_id, one.schema_version, one.result),
            one.note,
            one.submitted_at,
        )
        for one in rows
    ]
