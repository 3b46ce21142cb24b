"""How far each open batch may be handed out, and what stands between that and dispatch.

A place of a task is free, in somebody's hands, or filled by a counted answer. With `n` answers counted and money for
`m` more, a project of `t` places lacks money for t - (n + m) of them: so many free places, the last ones, are kept
back. Whatever happens in front of the mark, a place there costs what was set aside for it.
"""

import uuid
from collections.abc import Sequence

from django.db import connection

from palabre.work.models import Annotation, Batch, Lease, Project, Review
from palabre.work.queries.books import books_of

# From the end, the first task with which enough free places are kept back. Without it (too little money even for
# what is in hands) nothing more is handed out. One statement sees one moment.
_MARKS = """
WITH tail AS (
    SELECT number, position FROM (
        SELECT b.number, t.position,
            sum(bit_count(t.free::int::bit(16))) OVER (ORDER BY b.number DESC, t.position DESC) AS kept_back
        FROM work_batch b JOIN work_task t ON t.batch_id = b.id AND t.is_open
        WHERE b.project_id = %(project)s AND b.state = 'open'
    ) places
    WHERE kept_back >= %(uncovered)s ORDER BY number DESC, position DESC LIMIT 1
)
SELECT b.id, b.funded_upto, CASE
    WHEN b.number < tail.number THEN b.size
    WHEN b.number = tail.number THEN tail.position - 1
    ELSE coalesce((SELECT min(position) - 1 FROM work_task t WHERE t.batch_id = b.id AND t.is_open), b.size) END
FROM work_batch b LEFT JOIN tail ON true
WHERE b.project_id = %(project)s AND b.state = 'open' ORDER BY b.number
"""
_TOUCHED = """
SELECT EXISTS (SELECT FROM unnest(%s::uuid[], %s::int[]) m (batch, upto)
    JOIN work_task t ON t.batch_id = m.batch AND t.position > m.upto
    WHERE t.free <> %s OR t.taken_out_at IS NOT NULL)
"""

_TAKEN_OUT = """
SELECT coalesce(sum(bit_count(t.free::int::bit(16))), 0)::int FROM work_batch b
JOIN work_task t ON t.batch_id = b.id AND t.taken_out_at IS NOT NULL
WHERE b.project_id = %s AND b.state = 'open'
"""


def hold_dispatch(project: uuid.UUID) -> None:
    """Until the end of the transaction nothing of the project is handed out; what was being handed out is there.

    Whoever takes money away from work asks for it, after every row that the handing out of a task waits for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"dispatch:{project}"])


def in_hands(project: Project) -> int:
    """Tasks that members and reviewers hold: the money of a judgement each is set aside."""
    leased = Lease.objects.filter(project=project, state=Lease.State.OPEN).count()
    return leased + _reviewed(project)


def marks(project: Project) -> dict[uuid.UUID, tuple[int, int]]:
    """For each open batch the mark that stands and the one that should, in the order of the batches."""
    open_batches = list(project.batches.filter(state=Batch.State.OPEN).order_by("number"))
    places = sum(one.size for one in open_batches) * project.overlap - _taken_out(project)
    uncovered = places - _covered(project)
    if uncovered <= 0:
        found = {one.id: (one.funded_upto, one.size) for one in open_batches}
    else:
        found = _untouched(project, open_batches, uncovered) or _kept_back(project, uncovered)
    return _in_pilot(project, found)


def _covered(project: Project) -> int:
    """Judgements of the open batches that are there or that there is money for."""
    if project.escrow_id is None or not project.rates:
        return 0
    # Answers are counted before money is: one that comes in between is paid and not counted, never the reverse.
    apart = _counted(project) - _reviewed(project) - _leased_elsewhere(project)
    return apart + books_of(project).affordable()


def _untouched(
    project: Project, open_batches: Sequence[Batch], uncovered: int
) -> dict[uuid.UUID, tuple[int, int]] | None:
    """The same where nobody has been handed any of the last tasks, which is quicker seen than counted."""
    left, found = -(-uncovered // project.overlap), dict[uuid.UUID, tuple[int, int]]()
    for one in reversed(open_batches):
        kept = min(one.size, left)
        left -= kept
        found[one.id] = (one.funded_upto, one.size - kept)
    ends = [after for _before, after in found.values()]
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [list(found), ends, (1 << project.overlap) - 1])
        touched = cursor.fetchone()[0]
    return None if left or touched else dict(reversed(found.items()))


def _kept_back(project: Project, uncovered: int) -> dict[uuid.UUID, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, {"project": project.id, "uncovered": uncovered})
        return {batch: (before, after) for batch, before, after in cursor.fetchall()}


def _in_pilot(project: Project, found: dict[uuid.UUID, tuple[int, int]]) -> dict[uuid.UUID, tuple[int, int]]:
    """A pilot covers its own tasks and no more."""
    if project.state != Project.State.PILOT:
        return found
    left, cut = project.pilot_tasks or 0, {}
    for batch, (before, after) in found.items():
        cut[batch] = (before, min(after, left))
        left -= cut[batch][1]
    return cut


def _counted(project: Project) -> int:
    """Counted judgements of the open batches."""
    counted = Annotation.objects.filter(project=project, place__isnull=False)
    if project.batches.filter(state=Batch.State.CLOSED).exists():
        counted = counted.exclude(task__batch__state=Batch.State.CLOSED)
    return counted.count()


def _taken_out(project: Project) -> int:
    """Free places of tasks that were taken out: nobody will be paid for them."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_OUT, [project.id])
        places: int = cursor.fetchone()[0]
        return places


def _leased_elsewhere(project: Project) -> int:
    """Tasks of batches that were closed, and that members still hold."""
    held = Lease.objects.filter(project=project, state=Lease.State.OPEN)
    return held.exclude(task__batch__state=Batch.State.OPEN).count()


def _reviewed(project: Project) -> int:
    """Reviews that are handed out: each takes a judgement's money."""
    return Review.objects.filter(project=project, state=Review.State.OPEN).count()
