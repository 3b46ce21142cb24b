"""A project's judgements as files, streamed, and what memory it takes."""

import resource
import time
import uuid

from bench.house import installation, members, project
from bench.table import Figure

TASKS, OVERLAP = 200_000, 3
SPEED, MEMORY = 80_000, 150


def run() -> list[Figure]:
    with installation():
        operator, _ = members(OVERLAP)
        where = project(operator, TASKS, overlap=OVERLAP)
        judge(where)
        idle, figures = _peak(), []
        for form, budget in (("jsonl", SPEED), ("csv", SPEED), ("label_studio", None)):
            speed = _exported(where, form, provenance=False)
            ok = None if budget is None else speed >= budget
            figures.append(Figure(f"export of 600 k judgements, {form}", speed, "judgements/s", budget, ok))
        proof = _exported(where, "jsonl", provenance=True)
        figures.append(Figure("… jsonl with provenance", proof, "judgements/s"))
        more = _peak() - idle
        figures.append(Figure("export: memory above idle", more, "MB", MEMORY, more <= MEMORY))
    return figures


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def judge(where: uuid.UUID, *, most_tasks: int = TASKS) -> None:
    """Each of the first tasks answered by three members, written straight into the table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO work_annotation (task_id, member_id, project_id, place, revision, key, body_hash, result,
                note, schema_version, guideline_version, submitted_at, received_at, active_ms, late, pay,
                pay_currency)
            SELECT t.id, m.id, t.project_id, m.place, 1, gen_random_uuid(), '\\x00',
                jsonb_build_array(jsonb_build_object('id', left(md5(t.id::text), 8), 'from_name', 'label',
                    'to_name', 'text', 'type', 'choices', 'value', jsonb_build_object('choices',
                    jsonb_build_array((ARRAY['positive', 'negative', 'neutral'])[1 + (t.id + m.place) %% 3])))),
                '', 1, 1, now(), now(), 9000, false, 1.029239, 'XOF'
            FROM work_task t
            CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM people_account LIMIT %s) m
            WHERE t.project_id = %s AND t.position <= %s
            """,
            [OVERLAP, where, most_tasks],
        )
        cursor.execute("VACUUM ANALYZE work_annotation")


def _exported(where: uuid.UUID, form: str, *, provenance: bool) -> float:
    """Judgements per second, to a stream that goes nowhere."""
    from palabre.exchange.delivery import stream_export
    from palabre.work.models import Project

    found, size = Project.objects.get(id=where), 0
    began = time.perf_counter()
    for piece, _ in stream_export(found, "judgements", form, provenance=provenance):
        size += len(piece)
    seconds = time.perf_counter() - began
    if size < TASKS * OVERLAP:
        raise RuntimeError(f"{size} bytes are no whole file")
    return TASKS * OVERLAP / seconds
