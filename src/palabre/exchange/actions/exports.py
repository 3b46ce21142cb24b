"""Judgements, or consensus with confidence, as a file: streamed, in constant memory."""

import csv
import datetime as dt
import hashlib
import hmac
import io
import json
import uuid
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from palabre.exchange.formats.formulas import guard
from palabre.exchange.models import Export
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.times import Clock, iso
from palabre.work.access import project_for
from palabre.work.models import Project
from palabre.work.queries import result_form_of

FETCH = 5_000
ENDINGS = {"jsonl": "jsonl", "csv": "csv", "label_studio": "json"}

_JUDGEMENTS = """
SELECT t.id, t.external_id, t.payload::text, a.id, a.member_id, a.result::text, a.note, a.place IS NOT NULL,
       a.schema_version, a.guideline_version, a.submitted_at, a.active_ms, a.pay, a.pay_currency
FROM work_annotation a JOIN work_task t ON t.id = a.task_id
WHERE a.project_id = %s ORDER BY a.id
"""
_CONSENSUS = """
SELECT t.id, t.external_id, t.payload::text, c.labels::text, c.confidence, c.judgements, c.method
FROM quality_consensus c JOIN work_task t ON t.id = c.task_id
WHERE c.project_id = %s ORDER BY c.task_id
"""


@transaction.atomic
def ask_export(
    project_id: uuid.UUID, what: str, form: str, *, provenance: bool = False, by: Actor, at: dt.datetime
) -> Export:
    """Ask for a file; the background makes it.

    Raises: NotAllowed, NotFound.
    """
    project = project_for(by, project_id, Permission.READ_RESULTS)
    made = Export.objects.create(
        project=project,
        what=what,
        format=form,
        provenance=provenance,
        asked_by=by.account or project.operator_id,
        asked_at=at,
    )
    record(
        "exchange.export.asked",
        by=by.account,
        at=at,
        subject=f"project:{project.id}",
        organisation=by.organisation,
        data={"export": str(made.id), "what": what, "format": form, "provenance": provenance},
    )
    return made


def run_export(export_id: uuid.UUID, clock: Clock) -> Export:
    """Make the file. Killed half-way, the next call makes it anew: a file is there whole or not at all."""
    one = Export.objects.select_related("project").get(id=export_id)
    stream = Counted(stream_export(one.project, one.what, one.format, provenance=one.provenance))
    one.file = default_storage.save(
        f"exports/{one.id}.{ENDINGS[one.format]}", File(cast("IO[bytes]", stream))
    )
    one.rows, one.sha256, one.state, one.finished_at = (
        stream.rows,
        stream.digest(),
        Export.State.DONE,
        clock.now(),
    )
    one.save()
    return one


class Counted(io.RawIOBase):
    """A stream of pieces as a file, with its digest and the number of its rows."""

    def __init__(self, pieces: Iterator[tuple[bytes, int]]) -> None:
        self.pieces, self.rows, self.hash, self.rest = pieces, 0, hashlib.sha256(), b""
        self.name, self.size = "export", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self.rest) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.rest += piece[0]
            self.rows += piece[1]
        out, self.rest = (self.rest, b"") if size < 0 else (self.rest[:size], self.rest[size:])
        self.hash.update(out)
        return out

    def digest(self) -> str:
        return self.hash.hexdigest()


def stream_export(
    project: Project, what: str, form: str, *, provenance: bool = False
) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file, each with the number of rows in it."""
    rows = _rows(_CONSENSUS if what == "consensus" else _JUDGEMENTS, project.id)
    shape = _Consensus(project) if what == "consensus" else _Judgements(project, provenance)
    if form == "csv":
        yield _csv([shape.columns]), 0
        for page in rows:
            yield _csv([shape.cells(row) for row in page]), len(page)
    elif form == "jsonl":
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        for page in rows:
            yield "".join([encode(shape.item(row)) + "\n" for row in page]).encode(), len(page)
    else:
        yield from _label_studio(shape, rows)


def _label_studio(shape: "_Shape", rows: Iterator[list[Any]]) -> Iterator[tuple[bytes, int]]:
    """One JSON list of tasks, a task for each row, as Label Studio reads them."""
    encode, first = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode, True
    yield b"[", 0
    for page in rows:
        text = ",\n".join(encode(shape.task(row)) for row in page)
        yield (("" if first else ",\n") + text).encode(), len(page)
        first = False
    yield b"]\n", 0


def _rows(sql: str, project: uuid.UUID) -> Iterator[list[Any]]:
    """Pages of rows, from a cursor on the server."""
    name = f"export_{new_id().hex}"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DECLARE {name} NO SCROLL CURSOR FOR {sql}", [project])
        while True:
            cursor.execute(f"FETCH {FETCH} FROM {name}")
            rows = cursor.fetchall()
            if not rows:
                return
            yield rows


def _csv(rows: list[list[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [[guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    )
    return out.getvalue().encode()


def pseudonym(project: uuid.UUID, member: uuid.UUID) -> str:
    """A member's name in the files of one project: stable there, and of no use elsewhere."""
    mark = hmac.new(settings.SECRET_KEY.encode(), f"{project}:{member}".encode(), hashlib.sha256)
    return f"m-{mark.hexdigest()[:12]}"


class _Shape:
    """How a row of the database becomes a row of a file."""

    columns: list[object]
    cells: Callable[[Any], list[object]]
    item: Callable[[Any], dict[str, object]]
    task: Callable[[Any], dict[str, object]]


class _Judgements(_Shape):
    def __init__(self, project: Project, provenance: bool) -> None:
        self.project, self.provenance = project.id, provenance
        self.names: dict[uuid.UUID, str] = {}
        self.columns = ["task", "member", "labels", "note", "counted"]
        if provenance:
            self.columns += [
                "submitted_at",
                "seconds",
                "schema_version",
                "guideline_version",
                "pay",
                "currency",
                "pay_per_hour",
            ]

    def _name(self, member: uuid.UUID) -> str:
        name = self.names.get(member)
        if name is None:
            name = self.names[member] = pseudonym(self.project, member)
        return name

    def _labels(self, row: Any) -> list[str]:
        form = result_form_of(self.project, row[8])
        found = form.labels(json.loads(row[5])) if form else {}
        return [label for labels in found.values() for label in labels]

    def _proof(self, row: Any) -> list[object]:
        milliseconds = row[11]
        per_hour = f"{row[12] * 3_600_000 / milliseconds:.2f}" if milliseconds else ""
        return [iso(row[10]), milliseconds / 1000, row[8], row[9], f"{row[12]:f}", row[13], per_hour]

    def cells(self, row: Any) -> list[object]:
        cells: list[object] = [
            row[1] or row[0],
            self._name(row[4]),
            "|".join(self._labels(row)),
            row[6],
            int(row[7]),
        ]
        return cells + self._proof(row) if self.provenance else cells

    def item(self, row: Any) -> dict[str, object]:
        item: dict[str, object] = {
            "task": row[1] or row[0],
            "member": self._name(row[4]),
            "labels": self._labels(row),
            "note": row[6],
            "counted": row[7],
        }
        if self.provenance:
            item |= dict(zip([str(name) for name in self.columns[5:]], self._proof(row), strict=True))
        return item

    def task(self, row: Any) -> dict[str, object]:
        done: dict[str, object] = {
            "completed_by": {"email": self._name(row[4])},
            "was_cancelled": False,
            "ground_truth": False,
            "lead_time": row[11] / 1000,
            "result": json.loads(row[5]),
        }
        if self.provenance:
            names = [str(name) for name in self.columns[5:]]
            done["meta"] = {"palabre": dict(zip(names, self._proof(row), strict=True))}
        return {"id": row[0], "data": json.loads(row[2]), "annotations": [done], "predictions": []}


class _Consensus(_Shape):
    def __init__(self, project: Project) -> None:
        self.project = project
        self.columns = ["task", "labels", "confidence", "judgements", "method"]
        newest = project.schemas.order_by("-version").first()
        form = result_form_of(project.id, newest.version) if newest else None
        self.questions = [part.question for part in form.choices.values()] if form else []

    def _labels(self, row: Any) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(row[3])
        return found

    def cells(self, row: Any) -> list[object]:
        labels = "|".join(label for chosen in self._labels(row).values() for label in chosen)
        return [row[1] or row[0], labels, f"{row[4]:.6f}", row[5], row[6]]

    def item(self, row: Any) -> dict[str, object]:
        return {
            "task": row[1] or row[0],
            "labels": [label for chosen in self._labels(row).values() for label in chosen],
            "confidence": round(row[4], 6),
            "judgements": row[5],
            "method": row[6],
        }

    def task(self, row: Any) -> dict[str, object]:
        chosen = self._labels(row)
        result = [
            {
                "id": f"c{number}",
                "from_name": question.name,
                "to_name": question.to,
                "type": "choices",
                "value": {"choices": chosen[question.name]},
            }
            for number, question in enumerate(self.questions)
            if chosen.get(question.name)
        ]
        guess = {"model_version": f"palabre-{row[6]}", "score": round(row[4], 6), "result": result}
        return {"id": row[0], "data": json.loads(row[2]), "annotations": [], "predictions": [guess]}
