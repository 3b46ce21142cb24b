"""Reads of the people who work for an operator: when they were heard of last, and what of theirs needs somebody.

Never a ranking: by name, all of them or only those who need something.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection

from palabre.people.actor import Actor
from palabre.people.permissions import WORKING, Permission
from palabre.people.walls import ONLY_HERE
from palabre.work.queries.held import SOON

# Silent: she worked before, and nothing was heard of her for a week.
SILENT = dt.timedelta(days=7)

# Each subquery is a probe of an index by her account: cost grows with the number of members, not of their work.
# What another operator had of her counts for nothing here; her visits are hers where she works for several.
_PEOPLE = f"""
WITH run AS MATERIALIZED (SELECT id FROM work_project WHERE operator_id = %(operator)s
), charges AS MATERIALIZED (
    SELECT id FROM pay_ledgeraccount WHERE owner = %(operator)s OR owner IN (SELECT id FROM run)
), alone AS MATERIALIZED (SELECT * FROM {ONLY_HERE} alone
), people AS MATERIALIZED (
    SELECT DISTINCT g.account_id AS id FROM people_grant g JOIN people_account a ON a.id = g.account_id
    WHERE g.organisation_id = %(operator)s AND g.revoked_at IS NULL AND g.role = ANY(%(roles)s) AND a.is_active
), known AS MATERIALIZED (
    SELECT p.id, coalesce(n.name, '') AS name, r.country,
        greatest(
            (SELECT max(s.used_at) FROM people_session s WHERE s.account_id = p.id AND p.id IN (SELECT * FROM alone)),
            (SELECT t.ended_at FROM timesheet_timeentry t WHERE t.member_id = p.id AND t.charge IN (SELECT * FROM charges)
             ORDER BY t.started_at DESC LIMIT 1),
            (SELECT max(l.leased_at) FROM work_lease l WHERE l.member_id = p.id AND l.state = 'open'
             AND l.project_id IN (SELECT * FROM run))) AS heard,
        EXISTS (SELECT FROM timesheet_timeentry t WHERE t.member_id = p.id
            AND t.charge IN (SELECT * FROM charges)) AS worked,
        (SELECT count(*) FROM work_lease l WHERE l.member_id = p.id AND l.state = 'open'
            AND l.project_id IN (SELECT * FROM run) AND l.expires_at < %(soon)s) AS late,
        (SELECT count(*) FROM timesheet_correction c WHERE c.member_id = p.id AND c.state = 'waiting'
            AND c.charge IN (SELECT * FROM charges)) AS corrections,
        (SELECT count(*) FROM decisions_decision d WHERE d.member_id = p.id AND d.state = 'appealed'
            AND d.organisation_id = %(operator)s) AS appeals
    FROM people p LEFT JOIN people_personaldata n ON n.account_id = p.id
    LEFT JOIN people_residence r ON r.account_id = p.id
), seen AS MATERIALIZED (
    SELECT *, worked AND (heard IS NULL OR heard < %(silent)s) AS quiet FROM known
)
"""  # noqa: S608 - text of our own
_PAGE = f"""{_PEOPLE}
SELECT s.id, s.name, s.country, s.heard, s.worked, s.quiet, s.late, s.corrections, s.appeals,
    (SELECT count(*) FROM work_lease l WHERE l.member_id = s.id AND l.state = 'open'
     AND l.project_id IN (SELECT * FROM run)),
    (SELECT coalesce(sum(t.counted_ms), 0) FROM timesheet_timeentry t
     WHERE t.member_id = s.id AND t.day >= %(monday)s AND t.charge IN (SELECT * FROM charges))
FROM (
    SELECT * FROM seen WHERE (lower(name), id) > (lower(%(name)s), %(after)s)
        AND strpos(lower(name), lower(%(find)s)) > 0
        AND (NOT %(silent_only)s OR quiet)
        AND (NOT %(working)s OR worked AND NOT quiet)
        AND (NOT %(needing)s OR quiet OR late > 0 OR corrections > 0 OR appeals > 0)
    ORDER BY lower(name), id LIMIT %(limit)s
) s ORDER BY lower(s.name), s.id
"""  # noqa: S608 - text of our own
_SILENT = f"{_PEOPLE} SELECT count(*) FROM seen WHERE quiet"  # noqa: S608 - text of our own


@dataclass(frozen=True, slots=True)
class AtWork:
    """One person. `late`: tasks that are over or will be within a day; `held`: all that she holds."""

    id: uuid.UUID
    name: str
    country: str | None
    heard: dt.datetime | None
    worked: bool
    silent: bool
    late: int
    corrections: int
    appeals: int
    held: int
    counted_ms: int


def people_at_work(
    by: Actor,
    at: dt.datetime,
    monday: dt.date,
    *,
    show: str = "",
    find: str = "",
    after: tuple[str, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[AtWork]:
    """Members and reviewers of the operator by name, from after (name, id). One statement.

    `show`: "working", "silent", "needs" (somebody), or all. `find`: only those whose name has this in it.
    `counted_ms`: since `monday`. Raises: NotAllowed.
    """
    by.require(Permission.ASSIGN_TASKS)
    name, account = after or ("", uuid.UUID(int=0))
    asked = _asked(by, at) | {
        "monday": monday,
        "find": find,
        "silent_only": show == "silent",
        "working": show == "working",
        "needing": show == "needs",
        "name": name,
        "after": account,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, asked)
        return [AtWork(*row) for row in cursor.fetchall()]


def silent_count(by: Actor, at: dt.datetime) -> int:
    """How many who worked before were not heard of for a week. One statement. Raises: NotAllowed."""
    by.require(Permission.ASSIGN_TASKS)
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, _asked(by, at))
        count: int = cursor.fetchone()[0]
    return count


Value = uuid.UUID | dt.datetime | dt.date | str | int | bool | list[str] | None


def _asked(by: Actor, at: dt.datetime) -> dict[str, Value]:
    return {
        "operator": by.organisation,
        "here": by.organisation,
        "roles": sorted(str(role) for role in WORKING),
        "silent": at - SILENT,
        "soon": at + SOON,
    }
