"""A member's figures on a project: the same for her coordinator and for herself. Never a ranking."""

import uuid
from dataclasses import dataclass
from typing import TypeAlias

from django.db import connection

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.queries import belongs
from palabre.quality.statistics.intervals import Interval, wilson_interval
from palabre.work.access import project_for
from palabre.work.models import Project

Values: TypeAlias = dict[str, uuid.UUID | str | int | None]

# Below this a share says more about chance than about anybody.
ENOUGH = 20

# Agreement is read as it was last computed for the whole project. The page is cut before anything is summed.
_FIGURES = """
WITH said AS MATERIALIZED (
    SELECT (one ->> 'member')::uuid AS member, (one ->> 'judged')::int AS judged,
           (one ->> 'compared')::int AS compared, (one ->> 'agreed')::int AS agreed
    FROM quality_agreement g CROSS JOIN jsonb_array_elements(g.reliability) one WHERE g.project_id = %(project)s
), shown AS MATERIALIZED (
    SELECT s.*, coalesce(p.name, '') AS name FROM said s
    LEFT JOIN people_personaldata p ON p.account_id = s.member
    WHERE {which} ORDER BY lower(coalesce(p.name, '')), s.member LIMIT %(limit)s
)
SELECT member, name, judged, compared, agreed,
    (SELECT count(*) FROM work_lease l
     WHERE l.project_id = %(project)s AND l.member_id = shown.member AND l.state = 'skipped'),
    (SELECT coalesce(sum(t.counted_ms), 0) FROM timesheet_timeentry t
     WHERE t.member_id = shown.member AND t.charge = %(escrow)s)
FROM shown ORDER BY lower(name), member
"""
_PAGE = "(lower(coalesce(p.name, '')), s.member) > (lower(%(name)s), %(after)s)"
_ONE = "s.member = %(member)s"


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """`judged`: tasks that she answered; `agreed` of `compared`: how often she said what most of the others said,
    where they had a majority without her. `skipped`: tasks that she left, with a reason. `counted_ms`: her time."""

    member: uuid.UUID
    name: str
    judged: int
    compared: int
    agreed: int
    skipped: int
    counted_ms: int

    @property
    def agreement(self) -> float | None:
        """None below `ENOUGH`: too few to say."""
        return self.agreed / self.compared if self.compared >= ENOUGH else None

    @property
    def agreement_interval(self) -> Interval:
        """Where her true share lies, at 95 % (Wilson)."""
        return wilson_interval(self.agreed, self.compared)

    @property
    def seen(self) -> int:
        return self.judged + self.skipped

    @property
    def skip_share(self) -> float | None:
        """None below `ENOUGH`."""
        return self.skipped / self.seen if self.seen >= ENOUGH else None

    @property
    def skip_interval(self) -> Interval:
        return wilson_interval(self.skipped, self.seen)


def figures_of(member: uuid.UUID, project_id: uuid.UUID, by: Actor) -> MemberFigures:
    """What her coordinator sees of her work on a project, and she too. At most four statements.

    Raises: NotAllowed (neither herself nor a coordinator), NotFound (a project or member of elsewhere).
    """
    project = _project_of_hers(project_id, by) if member == by.account else _project_of_team(project_id, by)
    if not belongs(member, project.operator_id):
        raise NotFound
    rows = _read(project, _ONE, {"member": member, "limit": 1})
    return rows[0] if rows else MemberFigures(member, "", 0, 0, 0, 0, 0)


def figures_of_members(
    project_id: uuid.UUID, by: Actor, *, after: tuple[str, uuid.UUID] | None = None, limit: int = 25
) -> list[MemberFigures]:
    """Members with answers in a project, by name, from after (name, id). Two statements.

    Raises: NotAllowed, NotFound.
    """
    project = _project_of_team(project_id, by)
    name, account = after or ("", uuid.UUID(int=0))
    return _read(project, _PAGE, {"name": name, "after": account, "limit": limit})


def _project_of_hers(project_id: uuid.UUID, by: Actor) -> Project:
    by.require(Permission.WORK)
    found = Project.objects.filter(id=project_id, operator=by.organisation).first()
    if found is None:
        raise NotFound
    return found


def _project_of_team(project_id: uuid.UUID, by: Actor) -> Project:
    """Who assigns tasks works for the operator."""
    return project_for(by, project_id, Permission.ASSIGN_TASKS)


def _read(project: Project, which: str, values: Values) -> list[MemberFigures]:
    asked: Values = {"project": project.id, "escrow": project.escrow_id, **values}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(which=which), asked)
        return [MemberFigures(*row) for row in cursor.fetchall()]
