"""Handing tasks to members, and taking back what nobody did."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import connection, transaction

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import WORKING, Permission
from palabre.people.queries import standing_roles
from palabre.record.actions import record
from palabre.transactions import retried
from palabre.work.access import OFFERED
from palabre.work.dispatch.claim import Claimed, Place, Wanted, claim, claimed
from palabre.work.errors import NoRateHere, NotOffered, TooManyHeld, WorkEnded
from palabre.work.schemas.payloads import shown_of

MOST_TASKS = 50
MOST_BYTES = 256_000
# What one member may hold of one project: a pack for the road, not the project.
MOST_HELD = 200

# Her own row, so that her requests go one by one; then the mark stands until they are done (`work.marks`): whoever
# lowers it waits for those who have read it. Readers don't wait for one another.
_HOLD = """
WITH her AS MATERIALIZED (
    SELECT account_id FROM people_residence WHERE account_id = %(member)s FOR NO KEY UPDATE
) SELECT pg_advisory_xact_lock_shared(hashtextextended('dispatch:' || %(project)s::uuid, 0)) FROM her
"""

_CONTEXT = """
SELECT p.state, p.operator_id, p.lease_hours, p.rates -> r.country,
       CASE WHEN p.state = 'pilot' AND p.overlap = 1 THEN (p.pilot_tasks + 1) / 2
                - (SELECT count(*) FROM work_annotation a WHERE a.project_id = p.id AND a.member_id = r.account_id) END,
       (SELECT max(version) FROM work_labelschema WHERE project_id = p.id),
       (SELECT max(version) FROM work_guideline WHERE project_id = p.id),
       b.id, b.funded_upto, coalesce(c.position, 0), coalesce(c.returned, 0), coalesce(c.gaps, '{}'),
       (SELECT count(*) FROM work_lease l WHERE l.member_id = r.account_id AND l.project_id = p.id
                                          AND l.state = 'open'),
       EXISTS (SELECT FROM decisions_decision d WHERE d.project = p.id AND d.member_id = r.account_id
               AND d.kind = 'work_ended' AND d.state <> 'reversed'),
       (SELECT (s.body -> 'shows')::text FROM work_labelschema s WHERE s.project_id = p.id ORDER BY s.version DESC LIMIT 1)
FROM people_residence r
CROSS JOIN work_project p
LEFT JOIN work_batch b ON b.project_id = p.id AND b.state = 'open'
LEFT JOIN work_cursor c ON c.batch_id = b.id AND c.member_id = r.account_id
WHERE r.account_id = %(member)s AND p.id = %(project)s
ORDER BY b.number
"""


@dataclass(frozen=True, slots=True)
class Leased:
    """What a device gets: the tasks, under which versions, until when; `more`: ask again.

    Of a task's payload it gets what the schema shows. Other columns of the client's file stay here.
    """

    tasks: list[Claimed]
    schema_version: int
    guideline_version: int
    expires_at: dt.datetime
    more: bool


@dataclass(frozen=True, slots=True)
class _Context:
    lease_hours: int
    schema_version: int
    guideline_version: int
    shows: str
    places: list[Place]
    held: int
    # What she may still take of a pilot with one answer a task: half of it is somebody else's.
    share: int | None
    # Whether the project has a price for the place where she lives.
    priced: bool


@retried
@transaction.atomic
def lease_tasks(
    project_id: uuid.UUID,
    *,
    count: int,
    holding: Sequence[int] = (),
    max_bytes: int = MOST_BYTES,
    by: Actor,
    at: dt.datetime,
) -> Leased:
    """Hand up to `count` tasks of a project to a member.

    In a pilot only its tasks are given; with one answer a task, nobody gets more than half of them,
    so that at least two members see it.

    Leases that are hers and that her device does not name in `holding` come first: an answer
    that was lost on the way is given again, so asking twice takes nothing twice.

    Raises: NotAllowed, NotFound (unknown project, or another operator's), NotOffered (paused or closed),
    NoRateHere (no price for the place where she lives, and nothing held that her device lacks),
    WorkEnded (by a decision), TooManyHeld.
    """
    by.require(Permission.WORK)
    context = _context(project_id, by)
    expires = at + dt.timedelta(hours=context.lease_hours)
    count = min(count, MOST_TASKS)
    tasks = _held_elsewhere(project_id, by, holding, count) if context.held > len(holding) else []
    more = True
    if not tasks:
        if not context.priced:
            raise NoRateHere()
        if context.held + count > MOST_HELD:
            raise TooManyHeld(held=context.held)
        if context.share is not None:
            count = min(count, context.share)
        wanted = Wanted(_account(by), project_id, count, min(max_bytes, MOST_BYTES), at, expires)
        tasks, more = claim(context.places, wanted) if count else ([], False)
        if tasks:
            _note("work.tasks.leased", project_id, tasks, by.account, by, at)
    return _leased(tasks, context, expires, more=more)


def _leased(tasks: Sequence[Claimed], context: _Context, expires: dt.datetime, *, more: bool) -> Leased:
    shown = _shown(context.shows)
    given = [
        replace(task, payload={name: value for name, value in task.payload.items() if name in shown})
        for task in tasks
    ]
    return Leased(given, context.schema_version, context.guideline_version, expires, more)


@lru_cache(maxsize=256)
def _shown(shows: str) -> frozenset[str]:
    """Read once for all packs under one schema."""
    return shown_of({"shows": json.loads(shows), "asks": []})


def _account(by: Actor) -> uuid.UUID:
    if by.account is None:
        raise NotFound()
    return by.account


def _context(project_id: uuid.UUID, by: Actor) -> _Context:
    """Two statements in one journey: what is held, then what is read."""
    asked = {"member": by.account, "project": project_id}
    connection.ensure_connection()
    with connection.cursor() as hold, connection.cursor() as cursor, connection.connection.pipeline():
        hold.execute(_HOLD, asked)
        cursor.execute(_CONTEXT, asked)
        rows = cursor.fetchall()
    if not rows or rows[0][1] != by.organisation or rows[0][0] == "draft":
        raise NotFound()
    state, _operator, hours, rate, share, schema, guideline = rows[0][:7]
    if state not in OFFERED:
        raise NotOffered()
    if rows[0][13]:
        raise WorkEnded()
    places = [Place(*row[7:12]) for row in rows if row[7] is not None]
    held = rows[0][12]
    share = None if share is None else max(share - held, 0)
    return _Context(hours, schema, guideline, rows[0][14], places, held, share, rate is not None)


def _held_elsewhere(project_id: uuid.UUID, by: Actor, holding: Sequence[int], count: int) -> list[Claimed]:
    """Her open leases that this device does not know of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id, t.id, t.position, t.external_id, t.payload, t.media_id"
            " FROM work_lease l JOIN work_task t ON t.id = l.task_id"
            " WHERE l.member_id = %s AND l.project_id = %s AND l.state = 'open' AND l.id <> ALL(%s)"
            " ORDER BY l.id LIMIT %s",
            [by.account, project_id, list(holding), count],
        )
        return [claimed(row) for row in cursor.fetchall()]


_ASSIGN = """
WITH locked AS (
    SELECT t.id, t.position, t.external_id, t.payload, t.media_id, t.free & -t.free AS bit
    FROM work_task t JOIN work_batch b ON b.id = t.batch_id
    WHERE t.id = ANY(%(tasks)s) AND t.project_id = %(project)s AND t.is_open AND b.state = 'open'
      AND t.position <= b.funded_upto
      AND NOT EXISTS (SELECT 1 FROM work_lease l WHERE l.task_id = t.id AND l.member_id = %(member)s)
    ORDER BY t.id FOR UPDATE OF t
), claimed AS (
    UPDATE work_task t SET free = t.free & (t.free - 1) FROM locked l WHERE t.id = l.id
), leased AS (
    INSERT INTO work_lease (task_id, member_id, project_id, place, state, leased_at, expires_at, reason, comment)
    SELECT id, %(member)s, %(project)s, round(log(bit::float8) / log(2::float8))::smallint, 'open',
           %(at)s, %(expires)s, '', ''
    FROM locked RETURNING id, task_id
), handed AS (
    INSERT INTO work_handout (member_id, project_id, guideline_version, at)
    SELECT %(member)s, %(project)s, 0, %(at)s WHERE EXISTS (SELECT FROM locked)
    ON CONFLICT (member_id, project_id, guideline_version) DO NOTHING
)
SELECT l.id, k.id, k.position, k.external_id, k.payload, k.media_id
FROM leased l JOIN locked k ON k.id = l.task_id ORDER BY k.position
"""


@retried
@transaction.atomic
def assign_tasks(
    project_id: uuid.UUID, member: uuid.UUID, tasks: Sequence[int], *, by: Actor, at: dt.datetime
) -> Leased:
    """A coordinator hands named tasks to a member, by the same rules as if she had asked.

    Tasks that are full, that she had before, that the money does not cover or that are not of the project,
    are left out, and so are all where the project has no price for the place where she lives:
    the answer lists what she got, `work.queries.handing.left_out` why not the others.

    Raises: NotAllowed, NotFound (project or member of another operator), NotOffered, WorkEnded.
    """
    by.require(Permission.ASSIGN_TASKS)
    if by.organisation is not None and not standing_roles(member, by.organisation) & WORKING:
        raise NotFound
    context = _context(project_id, Actor(member, by.organisation, by.roles))
    expires = at + dt.timedelta(hours=context.lease_hours)
    if not context.priced:
        return _leased([], context, expires, more=False)
    with connection.cursor() as cursor:
        cursor.execute(
            _ASSIGN,
            {
                "tasks": sorted(tasks),
                "project": project_id,
                "member": member,
                "at": at,
                "expires": expires,
            },
        )
        tasks_given = [claimed(row) for row in cursor.fetchall()]
    if tasks_given:
        _note("work.tasks.assigned", project_id, tasks_given, member, by, at)
    return _leased(tasks_given, context, expires, more=False)


def _note(
    code: str,
    project_id: uuid.UUID,
    tasks: Sequence[Claimed],
    member: uuid.UUID | None,
    by: Actor,
    at: dt.datetime,
) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"project:{project_id}",
        organisation=by.organisation,
        data={"member": str(member), "leases": [[one.lease, one.task] for one in tasks]},
    )


_EXPIRE = """
WITH over AS (
    SELECT id FROM work_lease WHERE state = 'open' AND expires_at < %s
    ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED
), expired AS (
    UPDATE work_lease l SET state = 'expired' FROM over WHERE l.id = over.id
    RETURNING l.id, l.task_id, l.place
), given_back AS (
    UPDATE work_task t SET free = t.free | back.bits, returned = nextval('work_returned')
    FROM (SELECT task_id, bit_or((1 << place)::smallint) AS bits FROM expired GROUP BY task_id) back
    WHERE t.id = back.task_id
)
SELECT id FROM expired ORDER BY id
"""


@retried
@transaction.atomic
def return_expired_leases(*, at: dt.datetime, most: int = 1_000) -> int:
    """Give the places of expired leases back, `most` at a time. The number returned is the answer.

    A member whose lease is over loses nothing: what she sends later is kept and paid.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, [at, most])
        leases = [row[0] for row in cursor.fetchall()]
    if leases:
        record("work.leases.expired", by=None, at=at, subject="leases", data={"leases": leases})
    return len(leases)
