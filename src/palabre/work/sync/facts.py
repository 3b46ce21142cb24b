"""What the database knows about the leases and keys of one outbox: asked once for all items."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import WORKING
from palabre.people.residences import COLUMNS, Lived, Residences
from palabre.work.pricing import rate_in

# Her row is held first: a move that was made meanwhile is seen by the statement after it.
_MEMBER = """
SELECT r.account_id, g.since, g.until FROM people_residence r CROSS JOIN LATERAL (
    SELECT min(granted_at) AS since, CASE WHEN bool_and(revoked_at IS NOT NULL) THEN max(revoked_at) END AS until
    FROM people_grant WHERE account_id = r.account_id AND organisation_id = %(operator)s AND role = ANY(%(working)s)) g
WHERE r.account_id = %(member)s FOR NO KEY UPDATE OF r
"""

_LIVED = f"SELECT {COLUMNS} FROM people_lived WHERE account_id = %(member)s ORDER BY from_day"  # noqa: S608

# What her answer says, and what it said before, is read only of tasks that she has answered.
_LEASES = """
SELECT l.id, l.task_id, l.place, l.state, l.leased_at, l.expires_at, l.project_id, l.reason, l.explained,
       a.id, a.revision, jsonb_build_array(a.result, a.note),
       (SELECT jsonb_object_agg(r.revision, jsonb_build_array(r.result, r.note))
        FROM work_annotationrevision r WHERE r.annotation_id = a.id)
FROM work_lease l
LEFT JOIN work_annotation a ON a.task_id = l.task_id AND a.member_id = l.member_id
WHERE l.id = ANY(%(leases)s) AND l.member_id = %(member)s
ORDER BY l.id FOR UPDATE OF l
"""

_KEYS = """
SELECT key, body_hash, 'answer', id, place IS NOT NULL, received_at, task_id
FROM work_annotation WHERE member_id = %(member)s AND key = ANY(%(keys)s)
UNION ALL
SELECT key, body_hash, 'revision', annotation_id, NULL, received_at, NULL
FROM work_annotationrevision WHERE member_id = %(member)s AND key = ANY(%(keys)s)
UNION ALL
SELECT key, body_hash, 'other', annotation_id, settled_at IS NULL, received_at, NULL
FROM work_otheranswer WHERE member_id = %(member)s AND key = ANY(%(keys)s)
UNION ALL
SELECT key, body_hash, 'raw', id, NULL, received_at, NULL
FROM work_rawsubmission WHERE member_id = %(member)s AND key = ANY(%(keys)s)
UNION ALL
SELECT key, body_hash, 'other item', NULL, NULL, received_at, NULL
FROM work_sentkey WHERE member_id = %(member)s AND key = ANY(%(keys)s)
"""

_PROJECTS = """
SELECT id, state, operator_id, client_id, escrow_id, currency,
       (SELECT coalesce(sum(amount), 0) FROM pay_balance WHERE account_id = escrow_id)::bigint, rates, seconds_per_task
FROM work_project
WHERE id IN (SELECT project_id FROM work_lease WHERE id = ANY(%(leases)s) AND member_id = %(member)s)
   OR (id = ANY(%(projects)s) AND operator_id = %(operator)s)
"""

_HANDOUTS = """
SELECT project_id, guideline_version, at, read_ms FROM work_handout
WHERE member_id = %(member)s AND project_id = ANY(%(projects)s) ORDER BY project_id, guideline_version
"""

_COUNTED = """
SELECT key FROM timesheet_timeentry WHERE member_id = %(member)s AND key = ANY(%(readings)s)
"""

_STATEMENTS = (_MEMBER, _LIVED, _LEASES, _KEYS, _PROJECTS, _HANDOUTS, _COUNTED)


@dataclass(frozen=True, slots=True)
class LeaseFact:
    lease: int
    task: int
    place: int
    state: str
    leased_at: dt.datetime
    expires_at: dt.datetime
    project: uuid.UUID
    reason: str
    explained: bool
    annotation: int | None
    revision: int | None
    # Result and note of each answer of hers to this task that stands in the line of revisions.
    said: dict[int, list[object]]


@dataclass(frozen=True, slots=True)
class KeyFact:
    """An item that was stored before under this key. `open`: an answer that counts, a choice that waits. `row`: what its
    receipt names, where it has one."""

    key: uuid.UUID
    body_hash: bytes
    kind: str
    row: int | None
    open: bool | None
    received_at: dt.datetime
    task: int | None


@dataclass(frozen=True, slots=True)
class ProjectFact:
    project: uuid.UUID
    state: str
    operator: uuid.UUID
    client: uuid.UUID
    escrow: int
    currency: str
    # What stood on the escrow when it was read.
    left: int
    rates: dict[str, dict[str, str]]
    seconds: Decimal

    def rate_in(self, country: str) -> dict[str, str]:
        return rate_in(self.rates, country)


@dataclass(frozen=True, slots=True)
class HandoutFact:
    """What of a project was handed to her: its tasks (version 0), or a version of its guideline."""

    version: int
    at: dt.datetime
    read_ms: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`lived`: where she lives and lived. A day is hers by what held then, and an answer's price by its day. `since`,
    `until`: her access to the operator's work; None where it goes on (or never was). `counted`: readings that came
    before."""

    lived: Residences
    since: dt.datetime | None
    until: dt.datetime | None
    handouts: dict[uuid.UUID, list[HandoutFact]]
    counted: frozenset[uuid.UUID]
    leases: dict[int, LeaseFact]
    keys: dict[uuid.UUID, KeyFact]
    projects: dict[uuid.UUID, ProjectFact]

    def rate_of(self, project: uuid.UUID, submitted_at: dt.datetime) -> dict[str, str]:
        """What an answer of a project is paid and charged, by the place where she lived on its day."""
        country = self.lived.on(self.lived.day_of(submitted_at)).country
        return self.projects[project].rate_in(country)


def gather(
    by: Actor,
    leases: Sequence[int],
    keys: Sequence[uuid.UUID],
    projects: Sequence[uuid.UUID],
    readings: Sequence[uuid.UUID],
) -> Facts:
    """Lock the member's own row and her leases; read the rest. Seven statements, sent together.

    Projects of her leases, and of those named in `projects` the ones of her own operator.

    Raises: NotFound when the account is no member.
    """
    asked = {
        "member": by.account,
        "operator": by.organisation,
        "leases": list(leases),
        "keys": list(keys),
        "projects": list(projects),
        "readings": list(readings),
        "working": sorted(WORKING),
    }
    member_rows, lived_rows, lease_rows, key_rows, project_rows, handout_rows, counted_rows = _ask(asked)
    if not member_rows:
        raise NotFound()
    held = {row[0]: _lease(*row) for row in lease_rows}
    known = {row[0]: KeyFact(row[0], bytes(row[1]), *row[2:]) for row in key_rows}
    rows = [row for row in project_rows if row[4] is not None]
    facts = {
        project: ProjectFact(
            project, state, operator, client, escrow, currency, left, json.loads(rates), seconds
        )
        for project, state, operator, client, escrow, currency, left, rates, seconds in rows
    }
    handouts: dict[uuid.UUID, list[HandoutFact]] = defaultdict(list)
    for project, version, handed_at, read_ms in handout_rows:
        handouts[project].append(HandoutFact(version, handed_at, read_ms))
    counted = frozenset(row[0] for row in counted_rows)
    _, since, until = member_rows[0]
    lived = Residences([Lived.of(row) for row in lived_rows])
    return Facts(lived, since, until, dict(handouts), counted, held, known, facts)


def _ask(asked: Mapping[str, Any]) -> list[list[Any]]:
    """The answers to the statements, in one journey; they run one after the other, the lock first."""
    connection.ensure_connection()
    with ExitStack() as stack:
        cursors = [stack.enter_context(connection.cursor()) for _ in _STATEMENTS]
        stack.enter_context(connection.connection.pipeline())
        for cursor, sql in zip(cursors, _STATEMENTS, strict=True):
            cursor.execute(sql, asked)
        return [cursor.fetchall() for cursor in cursors]


def _lease(*row: Any) -> LeaseFact:
    annotation, revision, current, earlier = row[9:]
    said = {int(number): said for number, said in json.loads(earlier or "{}").items()}
    if revision is not None:
        said[revision] = json.loads(current)
    lease, task, place, state, leased_at, expires_at, project, reason, explained = row[:9]
    return LeaseFact(
        lease,
        task,
        place,
        state,
        leased_at,
        expires_at,
        project,
        reason,
        explained,
        annotation,
        revision,
        said,
    )
