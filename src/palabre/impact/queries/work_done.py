"""How much of projects is done, by day, at a cost that does not grow with the work: tallies, and what came since."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

# Rows above the mark came in the last minutes: bounded, whatever the size of the project.
_BY_DAY = """
SELECT project_id, day, sum(judgements)::bigint, sum(counted)::bigint FROM (
    SELECT project_id, day, judgements, counted FROM impact_daytally WHERE project_id = ANY(%(projects)s)
    UNION ALL
    SELECT project_id, (received_at AT TIME ZONE 'UTC')::date, 1, (place IS NOT NULL)::int
    FROM work_annotation WHERE project_id = ANY(%(projects)s)
        AND id > coalesce((SELECT through FROM impact_tallymark WHERE "table" = 'annotations'), 0)
) rows GROUP BY 1, 2 ORDER BY 1, 2
"""
_TIME = """
SELECT (coalesce((SELECT counted_ms FROM impact_timetally WHERE charge = %(charge)s), 0)
    + coalesce((SELECT sum(counted_ms) FROM timesheet_timeentry WHERE charge = %(charge)s
        AND id > coalesce((SELECT through FROM impact_tallymark WHERE "table" = 'time'), 0)), 0))::bigint
"""


@dataclass(frozen=True, slots=True)
class Done:
    """`by_day`: counted judgements by UTC day."""

    judgements: int = 0
    counted: int = 0
    by_day: Mapping[dt.date, int] = field(default_factory=dict)


def done_in(projects: Sequence[uuid.UUID]) -> dict[uuid.UUID, Done]:
    """What came in for each of some projects. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAY, {"projects": list(projects)})
        rows = cursor.fetchall()
    found = {}
    for project in projects:
        days = [(day, judgements, counted) for one, day, judgements, counted in rows if one == project]
        found[project] = Done(
            judgements=sum(judgements for _day, judgements, _counted in days),
            counted=sum(counted for _day, _judgements, counted in days),
            by_day={day: counted for day, _judgements, counted in days},
        )
    return found


def counted_ms(charge: int) -> int:
    """Counted working time that is charged to a ledger account, in milliseconds. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TIME, {"charge": charge})
        return int(cursor.fetchone()[0])
