"""The record as one operator's auditors see it.

An event belongs to the organisation that acted, or, where the program acted by itself, to that of the member,
project or account that it is about. Of a client that works with several operators each sees what it did in their
common projects. Tables that everybody shares (floors, rates) are everybody's.
"""

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.walls import CLIENTS_ONLY_HERE, ONLY_HERE

# `e` is record_event; the subqueries are computed once for a statement.
VISIBLE = f"""(
    e.organisation = %(here)s
    OR e.organisation IN {CLIENTS_ONLY_HERE}
    OR (e.data ->> 'project' IN (SELECT id::text FROM work_project WHERE operator_id = %(here)s)
        AND e.organisation IN (SELECT client_id FROM people_agreement WHERE operator_id = %(here)s))
    OR (e.subject LIKE 'project:%%' AND substr(e.subject, 9) IN (
        SELECT id::text FROM work_project WHERE operator_id = %(here)s))
    OR (e.organisation IS NULL AND (
        e.subject LIKE 'table:%%' OR e.subject LIKE 'verification:%%'
        OR e.subject = 'organisation:' || %(here)s
        OR (split_part(e.subject, ':', 1) IN ('member', 'account') AND split_part(e.subject, ':', 2) IN (
            SELECT account_id::text FROM {ONLY_HERE} hers))
        OR (e.subject LIKE 'payout:%%' AND e.data ->> 'member' IN (
            SELECT account_id::text FROM {ONLY_HERE} hers))
        OR (e.code = 'pay.posted' AND EXISTS (
            SELECT FROM jsonb_array_elements(e.data -> 'moves') move
            JOIN pay_ledgeraccount a ON a.id = (move ->> 0)::bigint
            WHERE a.owed_by = %(here)s OR a.owner IN (SELECT id FROM work_project WHERE operator_id = %(here)s
                UNION ALL SELECT %(here)s::uuid UNION ALL SELECT account_id FROM {ONLY_HERE} hers)))
        OR (e.code = 'work.leases.expired' AND EXISTS (
            SELECT FROM jsonb_array_elements_text(e.data -> 'leases') lease
            JOIN work_lease l ON l.id = lease::bigint JOIN work_project p ON p.id = l.project_id
            WHERE p.operator_id = %(here)s))))
)"""  # noqa: S608 - text of our own
_COLUMNS = "e.seq, e.at, e.code, e.actor, e.subject, e.organisation, e.data::text"
LAST = 2**62


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are wanted: `subject` is `kind:id`; from `since` until before `until`."""

    code: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One event. `data` is what it says."""

    seq: int
    at: dt.datetime
    code: str
    actor: uuid.UUID | None
    subject: str
    organisation: uuid.UUID | None
    data: dict[str, Any]

    @property
    def subject_kind(self) -> str:
        return self.subject.partition(":")[0]

    @property
    def subject_id(self) -> str:
        return self.subject.partition(":")[2]

    @property
    def pretty(self) -> str:
        return json.dumps(self.data, ensure_ascii=False, indent=2)


def events(by: Actor, wanted: Filter, *, before: int | None, limit: int) -> list[Shown]:
    """The newest events first. One statement. Raises: NotAllowed."""
    by.require(Permission.READ_RECORD)
    conditions = ["e.seq < %(before)s", VISIBLE, *_conditions(wanted)]
    sql = f"SELECT {_COLUMNS} FROM record_event e WHERE {' AND '.join(conditions)} ORDER BY e.seq DESC LIMIT %(limit)s"  # noqa: S608
    return _shown(sql, by, wanted, before=before or LAST, limit=limit)


def event(by: Actor, seq: int) -> Shown:
    """One event. Raises: NotAllowed, NotFound."""
    by.require(Permission.READ_RECORD)
    sql = f"SELECT {_COLUMNS} FROM record_event e WHERE e.seq = %(before)s AND {VISIBLE}"  # noqa: S608
    found = _shown(sql, by, Filter(), before=seq, limit=1)
    if not found:
        raise NotFound
    return found[0]


def _conditions(wanted: Filter) -> list[str]:
    found = {
        "e.code = %(code)s": wanted.code,
        "e.subject = %(subject)s": wanted.subject,
        "e.at >= %(since)s": wanted.since,
        "e.at < %(until)s": wanted.until,
    }
    return [condition for condition, value in found.items() if value]


def _shown(sql: str, by: Actor, wanted: Filter, *, before: int, limit: int) -> list[Shown]:
    values = {
        "here": by.organisation,
        "before": before,
        "limit": limit,
        "code": wanted.code,
        "subject": wanted.subject,
        "since": wanted.since,
        "until": wanted.until,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            Shown(seq, at, code, actor, subject, organisation, json.loads(data))
            for seq, at, code, actor, subject, organisation, data in cursor.fetchall()
        ]
