"""How far a project's pilot is, and what its times come to."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.db import connection

from palabre.work.models import Project
from palabre.work.models.projects import Confirmation

LEAST_MEMBERS = 2
# Appen Fair Pay: a task is priced so that three of four contributors reach the fair hourly rate.
QUANTILE = Decimal("0.75")

# A pilot's tasks are those that are covered: few, whatever the size of the project. One that was taken out holds up
# no pilot; what was answered of it counts.
_TASKS = """
SELECT count(*) FILTER (WHERE t.taken_out_at IS NULL OR done.answers >= %(wanted)s),
    count(*) FILTER (WHERE done.answers >= %(wanted)s), coalesce(sum(done.answers), 0)
FROM work_task t JOIN work_batch b ON b.id = t.batch_id
CROSS JOIN LATERAL (
    SELECT count(*) AS answers FROM work_annotation a WHERE a.task_id = t.id AND a.place IS NOT NULL) done
WHERE b.project_id = %(project)s AND b.state = 'open' AND t.position <= b.funded_upto
"""
_MEMBERS = "SELECT count(DISTINCT member_id) FROM work_annotation WHERE project_id = %(project)s"
_TIMES = """
SELECT count(*), percentile_cont(%(quantile)s) WITHIN GROUP (ORDER BY ms) FROM (
    SELECT sum(e.counted_ms) AS ms FROM timesheet_timeentry e
    JOIN work_annotation a ON a.task_id = e.task AND a.member_id = e.member_id
    WHERE e.charge = %(charge)s AND e.kind = 'task' AND a.project_id = %(project)s
    GROUP BY a.id HAVING sum(e.counted_ms) > 0) each
"""
# Time on tasks that is in no answer: skipped, given back, done again, put right by a member afterwards. What is
# in somebody's hands may still become an answer. Beside it what is paid and in no price: reading and questions.
_BESIDE = """
SELECT coalesce(sum(e.counted_ms) FILTER (WHERE e.kind IN ('task', 'redo')), 0),
    coalesce(sum(e.counted_ms) FILTER (WHERE e.kind IN ('reading', 'question')), 0)
FROM timesheet_timeentry e
WHERE e.charge = %(charge)s AND e.kind IN ('task', 'redo', 'reading', 'question')
  AND NOT (e.kind = 'task' AND EXISTS (
    SELECT FROM work_annotation a WHERE a.task_id = e.task AND a.member_id = e.member_id))
  AND NOT EXISTS (
    SELECT FROM work_lease l WHERE l.task_id = e.task AND l.member_id = e.member_id AND l.state = 'open')
"""


@dataclass(frozen=True, slots=True)
class Pilot:
    """`judged`: tasks with answers of enough members. `confirmations`: those of the newest guideline.

    `each`: the seconds that three of four judgements stayed within, in counted time; `measured`: over how many.
    `shared`: what falls to each judgement of the time on tasks that had none. `reading_ms`: counted time of
    reading and questions, which is paid and does not grow with the work.
    """

    tasks: int
    judged: int
    answers: int
    members: int
    measured: int
    each: Decimal | None
    shared: Decimal
    reading_ms: int
    confirmations: list[Confirmation]

    @property
    def seconds(self) -> Decimal | None:
        """What a judgement takes, and what the price is made with."""
        return None if self.each is None else self.each + self.shared

    @property
    def clear(self) -> int:
        """How many find the guideline clear."""
        return len(self.confirmations) - len(self.unclear)

    @property
    def unclear(self) -> list[Confirmation]:
        return [one for one in self.confirmations if not one.clear]

    @property
    def missing(self) -> list[str]:
        """What is left to do before its times can take the place of the guess: of errors.LEFT_TO_DO."""
        there = {
            "answers": self.tasks > 0 and self.judged == self.tasks,
            "confirmations": len(self.confirmations) >= LEAST_MEMBERS,
            "clear": not self.unclear,
            "times": self.seconds is not None,
        }
        return [name for name, is_there in there.items() if not is_there]


def pilot_of(project: Project) -> Pilot:
    """A project's pilot while it runs. Five statements."""
    fields = {
        "project": project.id,
        "charge": project.escrow_id,
        "wanted": min(project.overlap, LEAST_MEMBERS),
        "quantile": QUANTILE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TASKS, fields)
        tasks, judged, answers = cursor.fetchone()
        cursor.execute(_MEMBERS, fields)
        (members,) = cursor.fetchone()
        cursor.execute(_TIMES, fields)
        measured, milliseconds = cursor.fetchone()
        cursor.execute(_BESIDE, fields)
        beside, reading = cursor.fetchone()
    return Pilot(
        tasks=tasks,
        judged=judged,
        answers=int(answers),
        members=members,
        measured=measured,
        each=None if milliseconds is None else _seconds(Decimal(milliseconds)),
        # A correction may take more time away than was beside the answers.
        shared=_seconds(Decimal(max(int(beside), 0)) / max(measured, 1)),
        reading_ms=max(int(reading), 0),
        confirmations=_of_newest_guideline(project),
    )


def _seconds(milliseconds: Decimal) -> Decimal:
    """Hundredths of a second, rounded up: in the members' favour."""
    return (milliseconds / 1000).quantize(Decimal("0.01"), ROUND_CEILING)


def _of_newest_guideline(project: Project) -> list[Confirmation]:
    newest = project.guidelines.order_by("-version").values("version")[:1]
    return list(project.confirmations.filter(guideline_version=newest).order_by("at"))
