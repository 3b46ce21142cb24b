"""Background work of the room: consensus follows the answers."""

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from palabre.quality.actions import recompute, recount_touched
from palabre.quality.queries import Marks
from palabre.record.failures import every_row
from palabre.times import Clock

# Answers come in bursts: a project is looked at again at the earliest after this long.
PAUSE = dt.timedelta(seconds=10)
# A whole recomputation of a large project waits longer: one second for each so many judgements.
JUDGEMENTS_A_SECOND = 5_000
# Numbers are given out before transactions commit. An answer that became visible after a later one was
# read is caught by looking once more when a project has been quiet for this long.
QUIET = dt.timedelta(seconds=60)
# How far behind the newest revision the mark of a project without news is kept.
BEHIND = 10_000

_DUE = """
WITH last AS MATERIALIZED (
    SELECT p.id, p.operator_id, coalesce(g.through, 0) AS through, coalesce(g.revisions, 0) AS revisions,
        g.judgements, g.computed_at, a.id AS last, a.received_at
    FROM work_project p LEFT JOIN quality_agreement g ON g.project_id = p.id
    CROSS JOIN LATERAL (
        SELECT id, received_at FROM work_annotation WHERE project_id = p.id ORDER BY id DESC LIMIT 1
    ) a
    WHERE p.state <> 'draft' AND (g.computed_at IS NULL OR g.computed_at <= %(rested)s)
), revised AS MATERIALIZED (
    SELECT DISTINCT a.project_id FROM work_annotationrevision r
    JOIN work_annotation a ON a.id = r.annotation_id
    JOIN last ON last.id = a.project_id AND r.id > last.revisions
    WHERE r.id > (SELECT min(revisions) FROM quality_agreement)
)
SELECT id, operator_id, through, revisions, coalesce(judgements, 0), computed_at FROM last
WHERE computed_at IS NULL OR last > through OR id IN (SELECT project_id FROM revised)
    OR (received_at > computed_at - (%(at)s - %(quiet)s) AND received_at <= %(quiet)s)
"""
# Keeps the scan of new revisions short when old projects rest.
_MOVE_MARKS = """
UPDATE quality_agreement g SET revisions = newest.id - %(behind)s
FROM (SELECT max(id) AS id FROM work_annotationrevision) newest
WHERE g.revisions < newest.id - 2 * %(behind)s AND g.project_id <> ALL(%(due)s)
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A project whose answers moved since its consensus was computed."""

    project: uuid.UUID
    operator: uuid.UUID
    marks: Marks
    judgements: int
    computed_at: dt.datetime | None

    def whole(self, at: dt.datetime) -> bool:
        """Whether everything is recomputed now, or only the tasks that were touched."""
        wait = dt.timedelta(seconds=self.judgements / JUDGEMENTS_A_SECOND)
        return self.computed_at is None or at - self.computed_at >= wait


def run_consensus(clock: Clock) -> int:
    """Recomputes each project whose answers moved; how many. Safe in several processes at once."""
    with every_row("consensus", clock) as rows:
        # One that failed a moment ago is not at once due again, or the job would do nothing else.
        due = [one for one in due_projects(clock.now()) if _subject(one) not in rows.resting()]
        for one in due:
            rows.do(_subject(one), partial(_follow, one, clock.now()), one.operator)
        rows.tried |= rows.resting()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MOVE_MARKS, {"behind": BEHIND, "due": [one.project for one in due]})
    return len(due)


def _subject(one: Due) -> str:
    return f"project:{one.project}"


def _follow(one: Due, at: dt.datetime) -> None:
    if one.whole(at):
        recompute(one.project, at=at)
    else:
        recount_touched(one.project, one.marks, at=at)


def due_projects(at: dt.datetime) -> list[Due]:
    """One statement, along indexes; its cost grows with the number of projects, not of their answers."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"at": at, "rested": at - PAUSE, "quiet": at - QUIET})
        return [
            Due(project, operator, Marks(through, revisions), judgements, computed_at)
            for project, operator, through, revisions, judgements, computed_at in cursor.fetchall()
        ]
