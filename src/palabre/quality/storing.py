"""Consensus into the database: whole arrays in, only rows that change are written."""

import json
import uuid
from hashlib import sha256

import numpy as np
from django.db import connection

from palabre.quality.consensus import Found, Method

_HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_ROW = np.dtype(
    [
        ("columns", ">i2"),
        ("task_length", ">i4"),
        ("task", ">i8"),
        ("answer_length", ">i4"),
        ("answer", ">i4"),
        ("confidence_length", ">i4"),
        ("confidence", ">f8"),
        ("judged_length", ">i4"),
        ("judged", ">i2"),
    ]
)
_TABLE = (
    "CREATE TEMPORARY TABLE fresh_consensus"
    " (task bigint, answer integer, confidence double precision, judged smallint) ON COMMIT DROP"
)
_COPY = "COPY fresh_consensus FROM STDIN (FORMAT binary)"
# The comparison stands before the upsert: a conflict alone would lock, and so rewrite, unchanged rows.
# What a reviewer decided stays, whatever more judgements come; she may decide while this runs, hence twice.
_UPSERT = """
INSERT INTO quality_consensus (task_id, project_id, labels, confidence, judgements, method)
SELECT f.task, %(project)s, n.labels, f.confidence, f.judged, %(method)s
FROM fresh_consensus f
JOIN unnest(%(answers)s::int[], %(labels)s::jsonb[]) AS n (answer, labels) USING (answer)
LEFT JOIN quality_consensus c ON c.task_id = f.task
WHERE (c.labels, c.confidence, c.judgements, c.method)
    IS DISTINCT FROM (n.labels, f.confidence, f.judged, %(method)s)
    AND c.method IS DISTINCT FROM 'adjudicated'
ON CONFLICT (task_id) DO UPDATE SET
    labels = EXCLUDED.labels, confidence = EXCLUDED.confidence,
    judgements = EXCLUDED.judgements, method = EXCLUDED.method
WHERE quality_consensus.method <> 'adjudicated'
"""


def store(project: uuid.UUID, found: Found, method: Method) -> int:
    """Writes the consensus of each task found, inside the caller's transaction; how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(_COPY) as copy:
            copy.write(_HEADER + _rows(found).tobytes() + _TRAILER)
        cursor.execute("ANALYZE fresh_consensus")
        cursor.execute(
            _UPSERT,
            {
                "project": project,
                "method": method,
                "answers": list(range(len(found.answers))),
                "labels": [json.dumps(answer, ensure_ascii=False) for answer in found.answers],
            },
        )
        changed: int = cursor.rowcount
        cursor.execute("DROP TABLE fresh_consensus")
    return changed


def digest_of(found: Found) -> str:
    """SHA-256 over the tasks, their labels, confidence and judgements: what the record keeps of them."""
    content = sha256(json.dumps(found.answers, ensure_ascii=False, sort_keys=True).encode())
    content.update(_rows(found).tobytes())
    return content.hexdigest()


def _rows(found: Found) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows = np.zeros(len(found.task), dtype=_ROW)
    rows["columns"] = 4
    for name, values in {
        "task": found.task,
        "answer": found.answer,
        "confidence": found.confidence,
        "judged": found.judged,
    }.items():
        rows[name] = values
        rows[f"{name}_length"] = _ROW[name].itemsize
    return rows
