"""A project's judgements as whole arrays, straight from the database.

PostgreSQL writes rows of a fixed width in its binary COPY format, which numpy reads as it stands: a million
judgements take about a second and 50 bytes each.

Every judgement made in good faith counts here, also one that came late or after the task's places were
filled: it was paid, and it is evidence. Only counting towards the overlap looks at places.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from django.db import connection
from psycopg import ClientCursor

from palabre.quality.models import Agreement, Consensus
from palabre.quality.questions import Asked
from palabre.quality.statistics.judgements import IndexArray

# COPY BINARY (PostgreSQL manual, COPY, "Binary Format"): a header, then for each row its number of columns,
# and each column behind its length; two bytes at the end.
_HEADER, _TRAILER = 19, 2
_ROW = np.dtype(
    [
        ("columns", ">i2"),
        ("task_length", ">i4"),
        ("task", ">i8"),
        ("member_length", ">i4"),
        ("member", "S16"),
        ("label_length", ">i4"),
        ("label", ">i2"),
    ]
)

_NOW = "SELECT task_id, member_id, result FROM work_annotation WHERE project_id = %(project)s"
_TOUCHED = _NOW + " AND task_id = ANY(%(tasks)s)"
# An answer that was replaced after `as_of` counts as it was: its revisions are kept.
_AS_OF = """
SELECT task_id, member_id, result FROM work_annotation
WHERE project_id = %(project)s AND received_at <= %(as_of)s
UNION ALL
SELECT a.task_id, a.member_id, earlier.result FROM work_annotation a
CROSS JOIN LATERAL (
    SELECT r.result FROM work_annotationrevision r
    WHERE r.annotation_id = a.id AND r.received_at <= %(as_of)s ORDER BY r.revision DESC LIMIT 1
) earlier
WHERE a.project_id = %(project)s AND a.received_at > %(as_of)s AND a.revision > 1
"""
# One row for each label chosen; label 0 where none was.
_LABELS = """
COPY (
    SELECT a.task_id, a.member_id, coalesce(array_position(%(labels)s::text[], chosen.label), 0)::int2
    FROM ({answers}) a LEFT JOIN LATERAL (
        SELECT jsonb_array_elements_text(item #> '{{value,choices}}') FROM jsonb_array_elements(a.result) item
        WHERE item ->> 'from_name' = %(question)s AND item ->> 'type' = 'choices'
    ) AS chosen (label) ON true
) TO STDOUT (FORMAT binary)
"""


Parameters: TypeAlias = dict[str, uuid.UUID | dt.datetime | str | list[str] | list[int] | None]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """One row for each label that an answer names; R rows.

    Attributes:
        task: (R,) task ids. member: (R,) index into `members`. label: (R,) index into the question's labels,
            -1 where the answer names none. Rows of one answer stand together.
        members: the ids of the members, in the order of their bytes.
    """

    task: npt.NDArray[np.int64]
    member: IndexArray
    label: IndexArray
    members: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """How far a project's answers went: the highest annotation, and the highest revision of all projects."""

    through: int
    revisions: int


def answers_to(
    question: Asked,
    project: uuid.UUID,
    *,
    as_of: dt.datetime | None = None,
    tasks: list[int] | None = None,
) -> Answers:
    """All answers to `question`, or those that stood at `as_of`, or those to some `tasks`. One statement."""
    source = _AS_OF if as_of is not None else _NOW if tasks is None else _TOUCHED
    parameters: Parameters = {
        "project": project,
        "as_of": as_of,
        "tasks": tasks,
        "labels": list(question.labels),
        "question": question.name,
    }
    rows = _copied(_LABELS.format(answers=source), parameters)
    members, member = np.unique(rows["member"], return_inverse=True)
    return Answers(
        task=rows["task"].astype(np.int64),
        member=member,
        label=rows["label"].astype(np.intp) - 1,
        members=tuple(uuid.UUID(bytes=raw) for raw in members.astype("V16").tolist()),
    )


def _copied(statement: str, parameters: Parameters) -> npt.NDArray[np.void]:
    content = bytearray()
    with connection.cursor() as cursor:
        # COPY takes no parameters: they are written into the statement on this side.
        written = ClientCursor(connection.connection).mogrify(statement, parameters)
        with cursor.copy(written) as copy:
            for data in copy:
                content += data
    size = (len(content) - _HEADER - _TRAILER) // _ROW.itemsize
    return np.frombuffer(content, _ROW, count=size, offset=_HEADER)


def marks_of(project: uuid.UUID) -> Marks:
    """Taken before the answers are read, so that whatever comes in between is looked at next time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT max(id) FROM work_annotation WHERE project_id = %s), 0),"
            " coalesce((SELECT max(id) FROM work_annotationrevision), 0)",
            [project],
        )
        through, revisions = cursor.fetchone()
    return Marks(through, revisions)


def tasks_touched_since(project: uuid.UUID, marks: Marks) -> list[int]:
    """The tasks with an answer that is new or was replaced since `marks`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_id FROM work_annotation WHERE project_id = %(project)s AND id > %(through)s"
            " UNION SELECT a.task_id FROM work_annotationrevision r JOIN work_annotation a"
            " ON a.id = r.annotation_id WHERE r.id > %(revisions)s AND a.project_id = %(project)s",
            {"project": project, "through": marks.through, "revisions": marks.revisions},
        )
        return [task for (task,) in cursor.fetchall()]


def agreement_of(project: uuid.UUID) -> Agreement | None:
    """The agreement of a project as it was last computed; None before that."""
    return Agreement.objects.filter(project_id=project).first()


def consensus_page(project: uuid.UUID, *, after: int | None, limit: int) -> list[Consensus]:
    """The consensus of the tasks after number `after`, with their tasks, in the order of the tasks."""
    rows = Consensus.objects.filter(project_id=project, task_id__gt=after or 0)
    return list(rows.select_related("task").defer("task__payload").order_by("task_id")[:limit])
