"""Hold the tables of the room, and the time and base pay that came with answers, against the record."""

import json
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from palabre.ids import new_id
from palabre.people.erasure import GONE
from palabre.work.sync.write import digest_with, note_digest

# Every check is one statement over whole tables; each row that it gives is something that is off.
CHECKS: tuple[tuple[Promise, str], ...] = (
    (
        _("Task %s has more counted answers than places"),
        (
            "SELECT a.task_id FROM work_annotation a JOIN work_project p ON p.id = a.project_id"
            " WHERE a.place >= p.overlap ORDER BY 1 LIMIT 1"
        ),
    ),
    (
        _("The free places of task %s do not follow from its leases and answers"),
        """
        SELECT t.id FROM work_task t JOIN work_project p ON p.id = t.project_id
        LEFT JOIN (SELECT task_id, bit_or(1 << place) AS held FROM (
                SELECT task_id, place FROM work_lease WHERE state = 'open'
                UNION ALL SELECT task_id, place FROM work_annotation WHERE place IS NOT NULL) holders
            GROUP BY task_id) h ON h.task_id = t.id
        WHERE t.free <> ((1 << p.overlap) - 1) & ~coalesce(h.held, 0) ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("Time entry %s differs from what the record says of it"),
        """
        SELECT (x ->> 0)::bigint FROM record_event e CROSS JOIN jsonb_array_elements(e.data -> 'time') x
        LEFT JOIN timesheet_timeentry t ON t.id = (x ->> 0)::bigint
        WHERE e.code IN ('work.synced', 'work.review.submitted', 'work.review.returned')
            AND (t.id IS NULL OR t.kind <> x ->> 1 OR t.measured_ms <> (x ->> 2)::int
                OR t.counted_ms <> (x ->> 3)::int) ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("Time entry %s is in no event of the record"),
        """
        SELECT t.id FROM timesheet_timeentry t LEFT JOIN (
            SELECT (x ->> 0)::bigint AS id FROM record_event e
            CROSS JOIN jsonb_array_elements(e.data -> 'time') x WHERE e.code = 'work.synced') said ON said.id = t.id
        WHERE t.source IN ('device', 'declared') AND said.id IS NULL ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("The days of member %s do not add up to her time entries"),
        """
        SELECT coalesce(t.member_id, e.member_id) FROM
            (SELECT member_id, day, charge, device_ms, word_ms, other_ms FROM timesheet_tally
             WHERE device_ms <> 0 OR word_ms <> 0 OR other_ms <> 0) t
        FULL JOIN
            (SELECT member_id, day, charge,
                coalesce(sum(counted_ms) FILTER (WHERE source = 'device' OR rule = 'explained'), 0) AS device_ms,
                coalesce(sum(counted_ms) FILTER (WHERE source = 'correction' AND rule = 'correction'), 0) AS word_ms,
                coalesce(sum(counted_ms) FILTER (WHERE source <> 'device' AND rule NOT IN ('explained', 'correction')), 0)
                    AS other_ms
             FROM timesheet_timeentry GROUP BY 1, 2, 3 HAVING bool_or(counted_ms <> 0)) e
            ON (t.member_id, t.day, t.charge) = (e.member_id, e.day, e.charge)
        WHERE (coalesce(t.device_ms, 0), coalesce(t.word_ms, 0), coalesce(t.other_ms, 0))
            <> (coalesce(e.device_ms, 0), coalesce(e.word_ms, 0), coalesce(e.other_ms, 0))
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("What explains the time of member %s differs from what the record says"),
        """
        SELECT coalesce(t.member_id, s.member_id) FROM
            (SELECT member_id, sum(explained_ms) AS ms FROM timesheet_tally GROUP BY 1) t
        FULL JOIN
            (SELECT e.actor AS member_id, sum((x ->> 5)::bigint) AS ms FROM record_event e
             CROSS JOIN jsonb_array_elements(e.data -> 'time') x WHERE e.code = 'work.synced' GROUP BY 1) s
            ON s.member_id = t.member_id
        WHERE coalesce(t.ms, 0) <> coalesce(s.ms, 0) ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("What was handed to member %s differs from what the record says"),
        """
        SELECT h.member_id FROM work_handout h LEFT JOIN (
            SELECT e.actor AS member_id, x ->> 0 AS project, (x ->> 1)::int AS version, sum((x ->> 2)::int) AS ms
            FROM record_event e CROSS JOIN jsonb_array_elements(e.data -> 'read') x
            WHERE e.code = 'work.synced' GROUP BY 1, 2, 3) read
            ON read.member_id = h.member_id AND read.project = h.project_id::text AND read.version = h.guideline_version
        WHERE h.read_ms <> coalesce(read.ms, 0)
            OR h.guideline_version = 0 AND NOT EXISTS (SELECT FROM work_lease l WHERE l.member_id = h.member_id
                AND l.project_id = h.project_id AND l.leased_at = h.at)
            OR h.guideline_version > 0 AND NOT EXISTS (SELECT FROM record_event e
                WHERE e.code = 'work.guideline.handed' AND e.actor = h.member_id AND e.at = h.at
                AND e.subject = 'project:' || h.project_id AND (e.data ->> 'guideline_version')::int = h.guideline_version)
        ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("Ledger transaction %s differs from the base pay that the record says"),
        """
        SELECT (x ->> 0)::bigint FROM record_event e CROSS JOIN jsonb_array_elements(e.data -> 'pay') x
        LEFT JOIN LATERAL (
            SELECT sum(p.amount) AS amount FROM pay_posting p JOIN pay_ledgeraccount a ON a.id = p.account_id
            WHERE p.transaction_id = (x ->> 0)::bigint AND a.kind = 'payable' AND a.owner = e.actor) paid ON true
        WHERE e.code IN ('work.synced', 'work.review.submitted') AND x ->> 0 IS NOT NULL
          AND coalesce(paid.amount, 0) <> (x ->> 3)::bigint ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("The accrual of member %s does not follow from her answers and reviews"),
        """
        SELECT coalesce(k.member_id, s.member_id) FROM
            (SELECT member_id, currency, sum(exact) AS exact FROM pay_accrual GROUP BY 1, 2) k
        FULL JOIN
            (SELECT member_id, currency, sum(pay) AS exact FROM (
                SELECT member_id, pay_currency AS currency, pay FROM work_annotation UNION ALL
                SELECT reviewer_id, pay_currency, pay FROM work_review WHERE state IN ('submitted', 'extra')) done
             GROUP BY 1, 2) s
            ON s.member_id = k.member_id AND s.currency = k.currency
        WHERE k.exact IS DISTINCT FROM s.exact ORDER BY 1 LIMIT 1
        """,
    ),
    (
        _("What could not be read, row %s, is not what the record says"),
        """
        SELECT r.id FROM work_rawsubmission r LEFT JOIN (
            SELECT e.actor, x ->> 0 AS key, x ->> 1 AS digest FROM record_event e
            CROSS JOIN jsonb_array_elements(e.data -> 'raw') x WHERE e.code = 'work.synced') said
            ON said.actor = r.member_id AND said.key = r.key::text
        WHERE said.digest IS DISTINCT FROM encode(r.body_hash, 'hex') ORDER BY 1 LIMIT 1
        """,
    ),
)

ANSWER_DIFFERS = _("Answer %s is not the one that the record says")
# A choice between two answers keeps the number of the revision: the last that was said of it holds.
_SAID = """
SELECT a.id, a.result::text, a.note, a.note_digest, said.digest, a.revision, said.revision
FROM work_annotation a LEFT JOIN (
    SELECT DISTINCT ON (id) id, revision, digest FROM (
        SELECT e.seq, (x ->> 0)::bigint AS id, (x ->> 2)::int AS revision, x ->> 3 AS digest
        FROM record_event e CROSS JOIN jsonb_array_elements(e.data -> 'answers') x WHERE e.code = 'work.synced'
        UNION ALL
        SELECT e.seq, (x ->> 0)::bigint, (x ->> 1)::int, x ->> 2
        FROM record_event e CROSS JOIN jsonb_array_elements(e.data -> 'revisions') x WHERE e.code = 'work.synced'
        UNION ALL
        SELECT e.seq, (e.data ->> 'answer')::bigint, (e.data ->> 'revision')::int, e.data ->> 'digest'
        FROM record_event e WHERE e.code IN ('work.answer.chosen', 'work.answer.choice_undone') AND e.data ? 'digest'
    ) every ORDER BY id, revision DESC, seq DESC
) said ON said.id = a.id
ORDER BY a.id
"""
_OTHERS_SAID = """
SELECT o.annotation_id, o.result::text, o.note, o.note_digest, said.digest, o.revision, said.revision
FROM work_otheranswer o LEFT JOIN (
    SELECT DISTINCT ON (id) id, revision, digest FROM (
        SELECT e.seq, (x ->> 0)::bigint AS id, (x ->> 2)::int AS revision, x ->> 3 AS digest
        FROM record_event e CROSS JOIN jsonb_array_elements(e.data -> 'others') x WHERE e.code = 'work.synced'
        UNION ALL
        SELECT e.seq, (e.data -> 'other' ->> 0)::bigint, (e.data ->> 'revision')::int, e.data -> 'other' ->> 1
        FROM record_event e WHERE e.code IN ('work.answer.chosen', 'work.answer.choice_undone') AND e.data ? 'digest'
    ) every ORDER BY id, seq DESC
) said ON said.id = o.id
ORDER BY o.id
"""


def problems() -> Iterator[str]:
    """What is off, in words; the first of each kind. Nothing when all agrees."""
    for sentence, sql in CHECKS:
        found = wrong(sql)
        if found is not None:
            yield str(sentence) % found
    answer = wrong_answer()
    if answer is not None:
        yield str(ANSWER_DIFFERS) % answer


def wrong(sql: str) -> object | None:
    """The first thing that one check finds; None when all agrees."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def wrong_answer() -> int | None:
    """The first stored answer that isn't the one of the digest in the record, streamed; None when all are.

    Of an answer that stands beside another, the number of that other.
    """
    return _wrong_in(_SAID) or _wrong_in(_OTHERS_SAID)


def _wrong_in(sql: str) -> int | None:
    name = f"answers_{new_id().hex}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}")
        while True:
            cursor.execute(f"FETCH 5000 FROM {name}")
            rows = cursor.fetchall()
            for row, result, note, erased, digest, revision, said in rows:
                of_note = erased if note == GONE and erased else note_digest(note)
                if revision != said or digest != digest_with(json.loads(result), of_note):
                    number: int = row
                    return number
            if not rows:
                return None
