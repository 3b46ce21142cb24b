"""Reads of projects and what belongs to them."""

import uuid
from dataclasses import dataclass

from django.db import connection

from palabre.pay.queries import balance
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import projects_visible_to, visible_project
from palabre.work.models import Flag, Project, Quote
from palabre.work.queries.books import deposited
from palabre.work.queries.sizes import NOTHING, sizes_of


def projects(by: Actor, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Project]:
    """The projects that the actor may read, in the order of their ids."""
    found = projects_visible_to(by).order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


def quotes(
    by: Actor, project_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200
) -> list[Quote]:
    """A project's quotes in the order in which they were made. Raises: NotAllowed, NotFound."""
    by.require(Permission.READ_PROJECTS)
    found = visible_project(by, project_id).quotes.order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


def flags(
    by: Actor, project_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200
) -> list[Flag]:
    """What members marked in a project, in the order of its ids. Raises: NotAllowed, NotFound."""
    by.require(Permission.READ_PROJECTS)
    found = Flag.objects.filter(project=visible_project(by, project_id)).order_by("id")
    return list((found.filter(id__gt=after) if after else found)[:limit])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a project is, without what was taken out of it. `funded`: tasks that the money covers; money in minor
    units."""

    tasks: int
    funded: int
    wanted: int
    counted: int
    judgements: int
    open_leases: int
    members: int
    open_questions: int
    deposited: int
    left: int


_PROGRESS = """
SELECT a.counted, a.judgements,
    (SELECT count(*) FROM work_lease WHERE project_id = p.id AND state = 'open'),
    a.members,
    (SELECT count(*) FROM work_question WHERE project_id = p.id AND answered_at IS NULL)
FROM work_project p
CROSS JOIN LATERAL (
    SELECT count(*) AS judgements, count(place) AS counted, count(DISTINCT member_id) AS members
    FROM work_annotation WHERE project_id = p.id) a
WHERE p.id = %s
"""


def progress(project: Project) -> Progress:
    """Counts of a project. Four statements."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [project.id])
        counted, judgements, leases, members, waiting = cursor.fetchone()
    size = sizes_of([project.id]).get(project.id, NOTHING)
    return Progress(
        tasks=size.tasks,
        funded=size.funded,
        wanted=size.wanted,
        counted=counted,
        judgements=judgements,
        open_leases=leases,
        members=members,
        open_questions=waiting,
        deposited=deposited(project),
        left=balance(project.escrow_id) if project.escrow_id else 0,
    )
