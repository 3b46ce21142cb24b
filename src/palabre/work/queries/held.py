"""Reads of tasks in members' hands, by member and project: what is late, and what soon will be."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from palabre.people.actor import Actor
from palabre.people.permissions import Permission

SOON = dt.timedelta(hours=24)

# Open leases only, along `lease_member_ix`: what members hold just now, not what they ever held.
_HELD = """
SELECT l.member_id, coalesce(n.name, ''), p.id, p.name, count(*),
    count(*) FILTER (WHERE l.expires_at < %(at)s),
    count(*) FILTER (WHERE l.expires_at >= %(at)s AND l.expires_at < %(soon)s),
    min(l.leased_at), min(l.expires_at)
FROM work_lease l JOIN work_project p ON p.id = l.project_id
LEFT JOIN people_personaldata n ON n.account_id = l.member_id
WHERE l.state = 'open' AND p.operator_id = %(operator)s
    AND (%(project)s::uuid IS NULL OR p.id = %(project)s) AND (%(member)s::uuid IS NULL OR l.member_id = %(member)s)
GROUP BY l.member_id, n.name, p.id
HAVING (NOT %(stuck)s OR min(l.expires_at) < %(soon)s)
    AND (min(l.expires_at), l.member_id, p.id) > (%(from)s, %(after)s, %(after_project)s)
ORDER BY min(l.expires_at), l.member_id, p.id LIMIT %(limit)s
"""
_STUCK = """
SELECT count(DISTINCT (l.member_id, l.project_id)) FROM work_lease l JOIN work_project p ON p.id = l.project_id
WHERE l.state = 'open' AND l.expires_at < %s AND p.operator_id = %s
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What one member holds of one project: `late` are over, `soon` will be within a day."""

    member: uuid.UUID
    name: str
    project: uuid.UUID
    project_name: str
    tasks: int
    late: int
    soon: int
    since: dt.datetime
    expires: dt.datetime


@dataclass(frozen=True, slots=True)
class After:
    """Where a page ended."""

    expires: dt.datetime
    member: uuid.UUID
    project: uuid.UUID


_BEGIN = After(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), uuid.UUID(int=0), uuid.UUID(int=0))


def held(
    by: Actor,
    at: dt.datetime,
    *,
    project: uuid.UUID | None = None,
    member: uuid.UUID | None = None,
    stuck: bool = False,
    after: After | None = None,
    limit: int = 50,
) -> list[Held]:
    """What members hold of the operator's projects, what ends first at the top. One statement.

    `stuck`: only what is over or ends within a day. Raises: NotAllowed.
    """
    by.require(Permission.ASSIGN_TASKS)
    begin = after or _BEGIN
    with connection.cursor() as cursor:
        cursor.execute(
            _HELD,
            {
                "at": at,
                "soon": at + SOON,
                "operator": by.organisation,
                "project": project,
                "member": member,
                "stuck": stuck,
                "from": begin.expires,
                "after": begin.member,
                "after_project": begin.project,
                "limit": limit,
            },
        )
        return [Held(*row) for row in cursor.fetchall()]


def stuck_count(by: Actor, at: dt.datetime) -> int:
    """How many members hold tasks of a project that are late or soon will be, along `lease_expiry_ix`."""
    by.require(Permission.ASSIGN_TASKS)
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, [at + SOON, by.organisation])
        count: int = cursor.fetchone()[0]
    return count
