"""Tallies of the work: each judgement and each stretch of time is counted once, some minutes after it came.

A row's number is given out before its transaction commits, so a row may become visible after a later one. No
request takes as long as SETTLED: what is older than that is all there.
"""

import datetime as dt

from django.db import connection, transaction

from palabre.impact.models import TallyMark

SETTLED = dt.timedelta(minutes=2)
# So many rows at most in one transaction.
AT_ONCE = 500_000

_ANNOTATIONS = """
WITH fresh AS MATERIALIZED (
    SELECT id, project_id, received_at, place FROM work_annotation
    WHERE id > %(through)s ORDER BY id LIMIT %(most)s
), edge AS (
    SELECT coalesce((SELECT min(id) - 1 FROM fresh WHERE received_at > %(settled)s), max(id)) AS id FROM fresh
), counted AS (
    INSERT INTO impact_daytally AS d (project_id, day, judgements, counted)
    SELECT project_id, (received_at AT TIME ZONE 'UTC')::date, count(*), count(place)
    FROM fresh, edge WHERE fresh.id <= edge.id GROUP BY 1, 2
    ON CONFLICT (project_id, day) DO UPDATE
        SET judgements = d.judgements + EXCLUDED.judgements, counted = d.counted + EXCLUDED.counted
)
SELECT id FROM edge
"""
_TIME = """
WITH fresh AS MATERIALIZED (
    SELECT id, charge, received_at, counted_ms FROM timesheet_timeentry
    WHERE id > %(through)s ORDER BY id LIMIT %(most)s
), edge AS (
    SELECT coalesce((SELECT min(id) - 1 FROM fresh WHERE received_at > %(settled)s), max(id)) AS id FROM fresh
), counted AS (
    INSERT INTO impact_timetally AS t (charge, counted_ms)
    SELECT charge, sum(counted_ms) FROM fresh, edge WHERE fresh.id <= edge.id GROUP BY 1
    ON CONFLICT (charge) DO UPDATE SET counted_ms = t.counted_ms + EXCLUDED.counted_ms
)
SELECT id FROM edge
"""


def tally_annotations(*, at: dt.datetime) -> int:
    """Count judgements that came more than two minutes ago into their project's day; how far the mark moved.

    Derived from the annotations, so it is no event of its own; two at once take turns.
    """
    return _moved(TallyMark.Table.ANNOTATIONS, _ANNOTATIONS, at)


def tally_time(*, at: dt.datetime) -> int:
    """The same for working time, by the account that it is charged to."""
    return _moved(TallyMark.Table.TIME, _TIME, at)


@transaction.atomic
def _moved(table: TallyMark.Table, statement: str, at: dt.datetime) -> int:
    TallyMark.objects.get_or_create(table=table)
    mark = TallyMark.objects.select_for_update().get(table=table)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"through": mark.through, "most": AT_ONCE, "settled": at - SETTLED})
        (edge,) = cursor.fetchone()
    if edge is None or edge <= mark.through:
        return 0
    moved = int(edge) - mark.through
    mark.through = edge
    mark.save(update_fields=["through"])
    return moved
