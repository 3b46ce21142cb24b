"""How much of a project there is to do: what was taken out of it counts nowhere but for what was done of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# Few tasks are ever taken out, and an index holds them.
_SIZES = """
SELECT b.project_id, sum(b.size - o.tasks)::bigint, sum(b.funded_upto - o.covered)::bigint, sum(o.covered)::bigint,
    sum(b.size * p.overlap - o.free)::bigint, sum(b.funded_upto * p.overlap - o.covered_free)::bigint
FROM work_batch b JOIN work_project p ON p.id = b.project_id
CROSS JOIN LATERAL (
    SELECT count(*) AS tasks, count(*) FILTER (WHERE t.position <= b.funded_upto) AS covered,
        coalesce(sum(bit_count(t.free::int::bit(16))), 0) AS free,
        coalesce(sum(bit_count(t.free::int::bit(16))) FILTER (WHERE t.position <= b.funded_upto), 0) AS covered_free
    FROM work_task t WHERE t.batch_id = b.id AND t.taken_out_at IS NOT NULL) o
WHERE b.project_id = ANY(%s) AND b.state IN ('open', 'closed') GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Tasks of the open and closed batches that were not taken out, `funded` of them covered by the money.

    `passed_over`: taken out in front of the last covered one. `wanted`: judgements in all, those of tasks that were
    taken out later among them where they were made or are in somebody's hands; `covered`: of these, by the money.
    """

    tasks: int = 0
    funded: int = 0
    passed_over: int = 0
    wanted: int = 0
    covered: int = 0


NOTHING = Sizes()


def sizes_of(projects: Sequence[uuid.UUID]) -> dict[uuid.UUID, Sizes]:
    """One statement. Projects without data are not in it."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, [list(projects)])
        return {project: Sizes(*map(int, rest)) for project, *rest in cursor.fetchall()}
