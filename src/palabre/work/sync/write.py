"""Write what was decided: a few set-based statements, whatever the number of items."""

import datetime as dt
import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from palabre.ids import new_id
from palabre.record.canonical import is_text
from palabre.timesheet.figures import LONGEST
from palabre.work.sync.facts import Facts, LeaseFact, ProjectFact
from palabre.work.sync.items import MOST_MS, Ask, Flag, Skip
from palabre.work.sync.judge import NewAnswer, Other, Raw, Sent

_MS = dt.timedelta(milliseconds=1)

_TAKE_PLACES = """
UPDATE work_task t SET free = t.free & (t.free - 1)
FROM (SELECT id, free & -free AS bit FROM work_task WHERE id = ANY(%s) AND is_open ORDER BY id FOR UPDATE) k
WHERE t.id = k.id
RETURNING t.id, round(log(k.bit::float8) / log(2::float8))::smallint
"""

_ANSWERS = """
WITH sent AS (
    SELECT * FROM jsonb_to_recordset(%(answers)s::jsonb) AS s (
        lease bigint, task bigint, project uuid, place smallint, revision smallint, key uuid, digest text,
        result jsonb, note text, schema int, guideline int, submitted timestamptz, active int, late boolean,
        pay numeric, currency text)
), done AS (
    UPDATE work_lease l SET state = 'submitted', explained = true FROM sent WHERE l.id = sent.lease
)
INSERT INTO work_annotation (task_id, member_id, project_id, place, revision, key, body_hash, result, note,
    schema_version, guideline_version, submitted_at, received_at, active_ms, late, pay, pay_currency)
SELECT task, %(member)s, project, place, revision, key, decode(digest, 'hex'), result, note, schema, guideline, submitted,
    %(at)s, active, late, pay, currency
FROM sent
RETURNING id, key
"""

_OLDER = """
INSERT INTO work_annotationrevision (annotation_id, revision, member_id, key, body_hash, result, note,
    schema_version, guideline_version, submitted_at, received_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s)
"""

_OTHER = """
INSERT INTO work_otheranswer (annotation_id, revision, member_id, key, body_hash, result, note,
    schema_version, guideline_version, submitted_at, received_at, settled_at)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s)
RETURNING id
"""

_KEEP_REVISION = """
INSERT INTO work_annotationrevision (annotation_id, revision, member_id, key, body_hash, result, note,
    schema_version, guideline_version, submitted_at, received_at)
SELECT id, revision, member_id, key, body_hash, result, note, schema_version, guideline_version,
    submitted_at, received_at
FROM work_annotation WHERE id = ANY(%s)
"""

_REVISE = """
UPDATE work_annotation SET revision = %s, key = %s, body_hash = %s, result = %s::jsonb, note = %s,
    schema_version = %s, guideline_version = %s, submitted_at = %s, received_at = %s
WHERE id = %s
"""

# A lease that is over has given its place back already; one that was answered stays so. The reason is kept, and
# waits for a person as a flag does.
_SKIP = """
WITH sent AS (
    SELECT * FROM unnest(%(leases)s::bigint[], %(ids)s::uuid[], %(reasons)s::text[], %(comments)s::text[],
        %(held)s::boolean[]) AS s (lease, id, reason, comment, held)
), seen AS (
    INSERT INTO work_flag (id, project_id, task_id, member_id, reason, comment, skipped, flagged_at, outcome, word)
    SELECT sent.id, l.project_id, l.task_id, l.member_id, sent.reason, sent.comment, true, %(at)s, 'waiting', ''
    FROM sent JOIN work_lease l ON l.id = sent.lease
), skipped AS (
    UPDATE work_lease l SET explained = true, reason = sent.reason, comment = sent.comment,
        state = CASE WHEN l.state = 'submitted' THEN l.state ELSE 'skipped' END
    FROM sent WHERE l.id = sent.lease RETURNING l.task_id, l.place, sent.held
)
UPDATE work_task t SET free = t.free | (1 << s.place)::smallint, returned = nextval('work_returned')
FROM skipped s WHERE t.id = s.task_id AND s.held
"""

_GIVE_BACK = """
UPDATE work_task t SET free = t.free | (1 << s.place)::smallint
FROM unnest(%s::bigint[], %s::int[]) AS s (task, place) WHERE t.id = s.task
"""


# As JSON spells it; a backslash of hers before it is doubled.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

_READ = """
UPDATE work_handout h SET read_ms = h.read_ms + s.ms
FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS s (project, version, ms)
WHERE h.member_id = %s AND h.project_id = s.project AND h.guideline_version = s.version
"""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it was stored."""

    row: int
    new: NewAnswer
    place: int | None
    pay: Decimal
    pay_currency: str
    charge: Decimal
    submitted_at: dt.datetime


def take_places(tasks: Sequence[int]) -> dict[int, int]:
    """For answers whose lease is over: the places that are still free on their tasks, taken now."""
    if not tasks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_PLACES, [list(tasks)])
        return dict(cursor.fetchall())


def give_back(leases: Sequence[LeaseFact]) -> None:
    """Answered when the project was closed: they held a place, and the answer takes none."""
    if not leases:
        return
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [[one.task for one in leases], [one.place for one in leases]])


def insert_answers(
    member: uuid.UUID,
    answers: Sequence[NewAnswer],
    places: Mapping[int, int],
    facts: Facts,
    submitted: Mapping[uuid.UUID, dt.datetime],
    at: dt.datetime,
) -> list[Written]:
    """Store new answers and finish their leases. `places` has those that count."""
    if not answers:
        return []
    rates = [facts.rate_of(new.lease.project, submitted[new.answer.key]) for new in answers]
    sent = [
        {
            "lease": new.lease.lease,
            "task": new.lease.task,
            "project": str(new.lease.project),
            "place": places.get(new.lease.task),
            "revision": new.answer.revision,
            "key": str(new.answer.key),
            "digest": new.digest.hex(),
            "result": new.answer.result,
            "note": new.answer.note,
            "schema": new.answer.schema_version,
            "guideline": new.answer.guideline_version,
            "submitted": submitted[new.answer.key].isoformat(),
            "active": _active_ms(new, at),
            "late": new.late,
            "pay": rate["pay"],
            "currency": rate["currency"],
        }
        for new, rate in zip(answers, rates, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERS, {"member": member, "at": at, "answers": _json(sent)})
        rows = {key: row for row, key in cursor.fetchall()}
    return [
        Written(
            rows[new.answer.key],
            new,
            places.get(new.lease.task),
            Decimal(rate["pay"]),
            rate["currency"],
            Decimal(rate["charge"]),
            submitted[new.answer.key],
        )
        for new, rate in zip(answers, rates, strict=True)
    ]


def _active_ms(new: NewAnswer, at: dt.datetime) -> int:
    """How long she took, as her device says it: no longer than since the lease, and no stretch of more than four hours."""
    said = sum(min(one.ms, LONGEST // _MS) for one in new.answer.slices)
    return max(0, min(said, (at - new.lease.leased_at) // _MS, MOST_MS))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def result_digest(result: object, note: str) -> str:
    """SHA-256 (hex) of an answer as it is stored: the record keeps it, so a changed answer is found."""
    return digest_with(result, note_digest(note))


def note_digest(note: str) -> str:
    """SHA-256 (hex) of a note: all that stays of it when its member is erased."""
    return hashlib.sha256(note.encode("utf-8", "surrogatepass")).hexdigest()


def digest_with(result: object, note: str) -> str:
    """The digest of an answer whose note has the digest `note`."""
    text = json.dumps([result, note], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def revise(
    revisions: Sequence[NewAnswer], submitted: Mapping[uuid.UUID, dt.datetime], at: dt.datetime
) -> None:
    """Keep the old answers as they were, then put the new ones in their place."""
    if not revisions:
        return
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_REVISION, [[new.lease.annotation for new in revisions]])
        cursor.executemany(
            _REVISE,
            [
                (
                    new.answer.revision,
                    new.answer.key,
                    new.digest,
                    _json(new.answer.result),
                    new.answer.note,
                    new.answer.schema_version,
                    new.answer.guideline_version,
                    submitted[new.answer.key],
                    at,
                    new.lease.annotation,
                )
                for new in revisions
            ],
        )


def keep_older(
    member: uuid.UUID, older: Sequence[NewAnswer], submitted: Mapping[uuid.UUID, dt.datetime], at: dt.datetime
) -> None:
    """Answers that a newer one overtook on the way: kept in the line of revisions, in their own places."""
    if not older:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_OLDER, [(*_values(member, new, submitted), at) for new in older])


def keep_others(
    member: uuid.UUID, others: Sequence[Other], submitted: Mapping[uuid.UUID, dt.datetime], at: dt.datetime
) -> list[int]:
    """Answers beside the one that is there: their rows. One that says the same leaves nothing to choose."""
    rows = []
    with connection.cursor() as cursor:
        for other in others:
            settled = at if other.same else None
            cursor.execute(_OTHER, (*_values(member, other.new, submitted), at, settled))
            rows.append(cursor.fetchone()[0])
    return rows


def _values(member: uuid.UUID, new: NewAnswer, submitted: Mapping[uuid.UUID, dt.datetime]) -> tuple[Any, ...]:
    answer = new.answer
    said = (answer.revision, member, answer.key, new.digest, _json(answer.result), answer.note)
    versions = (answer.schema_version, answer.guideline_version)
    return new.lease.annotation, *said, *versions, submitted[answer.key]


def skip(skips: Sequence[tuple[Skip, LeaseFact]], at: dt.datetime) -> None:
    """End the leases with their reasons and give the places back that they still held."""
    if not skips:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _SKIP,
            {
                "leases": [one.lease for one, _ in skips],
                "ids": [new_id() for _ in skips],
                "reasons": [one.reason for one, _ in skips],
                "comments": [one.comment for one, _ in skips],
                "held": [lease.state == "open" for _, lease in skips],
                "at": at,
            },
        )


def flag(member: uuid.UUID, flags: Sequence[tuple[Flag, LeaseFact]], at: dt.datetime) -> list[uuid.UUID]:
    """Store flags: the ids of their rows."""
    ids = [new_id() for _ in flags]
    with connection.cursor() as cursor:
        for row, (one, lease) in zip(ids, flags, strict=True):
            cursor.execute(
                "INSERT INTO work_flag (id, project_id, task_id, member_id, reason, comment, flagged_at, outcome,"
                " word) VALUES (%s, %s, %s, %s, %s, %s, %s, 'waiting', '')",
                [row, lease.project, lease.task, member, one.reason, one.comment, at],
            )
    return ids


def keep_raw(
    member: uuid.UUID,
    raw: Sequence[Raw],
    projects: Mapping[uuid.UUID, ProjectFact],
    operator: uuid.UUID | None,
    at: dt.datetime,
) -> dict[uuid.UUID, int]:
    """What can't be read is kept for a person: of the project's operator, else of the one she sends for."""
    rows: dict[uuid.UUID, int] = {}
    with connection.cursor() as cursor:
        for one in raw:
            sent, lease = one.sent, one.lease.lease if one.lease else None
            owner = projects[one.project].operator if one.project else operator
            kept: list[Any] = [_kept(sent.raw), "\n".join(one.why), at]
            cursor.execute(
                "INSERT INTO work_rawsubmission (member_id, operator_id, project_id, lease_id, key, body_hash,"
                " body, why, received_at, state, word) VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s,"
                " 'waiting', '') RETURNING id",
                [member, owner, one.project, lease, sent.item.key, sent.digest, *kept],
            )
            if sent.item.key is not None:
                rows[sent.item.key] = cursor.fetchone()[0]
    return rows


def _kept(raw: object) -> str:
    """What was sent, as JSON. A text that no column can hold is kept spelled out, as JSON inside a text."""
    plain = _json(raw)
    if not is_text(plain) or _NUL.search(plain):
        return json.dumps({"json": json.dumps(raw)})
    return plain


def ask(
    member: uuid.UUID, questions: Sequence[tuple[Ask, LeaseFact | None]], at: dt.datetime
) -> list[uuid.UUID]:
    """Store questions: the ids of their rows."""
    ids = [new_id() for _ in questions]
    with connection.cursor() as cursor:
        for row, (one, lease) in zip(ids, questions, strict=True):
            cursor.execute(
                "INSERT INTO work_question (id, project_id, task_id, member_id, text, asked_at, answer)"
                " VALUES (%s, %s, %s, %s, %s, %s, '')",
                [row, one.project, lease.task if lease else None, member, one.text, at],
            )
    return ids


def keep_keys(member: uuid.UUID, items: Sequence[Sent], at: dt.datetime) -> None:
    """Under which keys skips, flags, questions and time came, and with what content: hers alone, once each."""
    if not items:
        return
    keys, digests = [one.item.key for one in items], [one.digest for one in items]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_sentkey (member_id, key, body_hash, received_at)"
            " SELECT %s, s.key, s.digest, %s FROM unnest(%s::uuid[], %s::bytea[]) AS s (key, digest)",
            [member, at, keys, digests],
        )


def mark_read(member: uuid.UUID, used: Mapping[tuple[uuid.UUID, int], int]) -> None:
    """Counted reading uses up what the guidelines that were handed to her stand for."""
    if not used:
        return
    projects, versions = zip(*used, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_READ, [[*projects], [*versions], [*used.values()], member])


def mark_explained(leases: Iterable[int]) -> None:
    """What came with these leases stands for time, though they were neither answered nor skipped by it."""
    if rest := sorted(leases):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE work_lease SET explained = true WHERE id = ANY(%s)", [rest])
