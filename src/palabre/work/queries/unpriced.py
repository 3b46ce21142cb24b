"""Reads of work that stops for a member because she moved to where a project has no price."""

import uuid
from dataclasses import dataclass

from django.db import connection

from palabre.people.actor import Actor
from palabre.people.permissions import WORKING, Permission
from palabre.work.access import OFFERED
from palabre.work.decisions import ENDED
from palabre.work.models import Project

# From the few who moved, along what they were handed.
_UNPRICED = """
SELECT DISTINCT r.account_id, coalesce(n.name, ''), r.country, p.id
FROM people_earlierresidence e JOIN people_residence r ON r.account_id = e.account_id
JOIN work_handout h ON h.member_id = r.account_id JOIN work_project p ON p.id = h.project_id
LEFT JOIN people_personaldata n ON n.account_id = r.account_id
WHERE p.operator_id = %(operator)s AND p.state = ANY(%(offered)s) AND NOT p.rates ? r.country
    AND (%(member)s::uuid IS NULL OR r.account_id = %(member)s)
    AND EXISTS (SELECT FROM people_grant g WHERE g.account_id = r.account_id AND g.organisation_id = p.operator_id
                AND g.role = ANY(%(working)s) AND g.revoked_at IS NULL)
    AND NOT EXISTS (SELECT FROM decisions_decision d WHERE d.project = p.id AND d.member_id = r.account_id
                    AND d.kind = %(ended)s AND d.state <> 'reversed')
ORDER BY 2, 1, 4 LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A member who gets no more of a project that she was handed something of, for want of a price for `country`.

    `can_quote`: a new quote of this very project can bring one. Once it is live its price is fixed.
    """

    member: uuid.UUID
    name: str
    country: str
    project: Project

    @property
    def can_quote(self) -> bool:
        measured = self.project.state == Project.State.PILOT and self.project.piloted_at is not None
        return measured and (not self.project.countries or self.country in self.project.countries)


def unpriced_members(by: Actor) -> list[Unpriced]:
    """Those of the operator, by name. One statement, and one more where there are any. Raises: NotAllowed."""
    by.require(Permission.ASSIGN_TASKS)
    return _unpriced(by, None)


def unpriced_for_her(by: Actor) -> list[Unpriced]:
    """What stops for the member who asks. One statement, and one more where there is any. Raises: NotAllowed."""
    by.require(Permission.WORK)
    return _unpriced(by, by.account)


def _unpriced(by: Actor, member: uuid.UUID | None) -> list[Unpriced]:
    asked = {
        "operator": by.organisation,
        "member": member,
        "offered": [str(state) for state in OFFERED],
        "working": [str(role) for role in WORKING],
        "ended": ENDED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_UNPRICED, asked)
        rows = cursor.fetchall()
    projects = Project.objects.in_bulk({row[3] for row in rows}) if rows else {}
    return [Unpriced(who, name, country, projects[project]) for who, name, country, project in rows]
