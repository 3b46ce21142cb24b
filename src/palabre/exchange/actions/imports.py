"""From a client's file to tasks: in chunks, each in one transaction with how far it has come."""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, TypeAlias

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from palabre.exchange.errors import Refused
from palabre.exchange.errors.imports import ImportFinished, ImportRunning, ProjectClosed
from palabre.exchange.formats import (
    BadRow,
    Kind,
    Position,
    Row,
    inspect_file,
    prepare_image,
    read_rows,
)
from palabre.exchange.models import Import, ImportProblem
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.times import Clock
from palabre.work.access import locked_project
from palabre.work.actions.fund import refresh_funding
from palabre.work.media import store_picture
from palabre.work.models import Batch, Project, Task
from palabre.work.queries import payload_form_of
from palabre.work.schemas import PayloadForm

CHUNK = 10_000
# Pictures are large: few of them make a chunk.
CHUNK_OF_PICTURES = 50
# A file of a million bad rows is told by its count; so many of them are kept one by one.
MOST_PROBLEMS = 100_000
DELETED_AT_ONCE = 20_000
Told = Callable[[Import], None]


@transaction.atomic
def ask_import(
    project_id: uuid.UUID,
    file: IO[bytes],
    name: str,
    *,
    keep: str = Import.Keep.GOOD_ROWS,
    id_column: str = "",
    by: Actor,
    at: dt.datetime,
) -> Import:
    """Keep a client's file; the background makes tasks of it. Nothing of it is read yet.

    `keep`: take the good rows, or leave all when one is bad.
    Raises: NotAllowed, NotFound, ProjectClosed.
    """
    project = locked_project(by, project_id, Permission.IMPORT_TASKS)
    if project.state == Project.State.CLOSED:
        raise ProjectClosed()
    number = (project.batches.aggregate(Max("number"))["number__max"] or 0) + 1
    batch = Batch.objects.create(project=project, number=number, name=name[:200], created_at=at)
    key = new_id()
    stored = default_storage.save(f"imports/{key}", File(file))
    made = Import.objects.create(
        id=key,
        project=project,
        batch=batch,
        file=stored,
        name=name[:200],
        size=default_storage.size(stored),
        keep=keep,
        id_column=id_column,
        asked_by=by.account or project.operator_id,
        asked_at=at,
    )
    _note("exchange.import.asked", made, {"bytes": made.size, "keep": keep}, by.account, at)
    return made


def run_import(import_id: uuid.UUID, clock: Clock, told: Told | None = None) -> Import:
    """Work an import off, from where it stands. `told` is called after each chunk, to show progress.

    Killed at any instant, the next call goes on after the last chunk that was committed.
    Raises: ImportFinished, ImportRunning (another process has it).
    """
    with _claimed(import_id):
        one = Import.objects.select_related("project", "batch").get(id=import_id)
        if one.state in (Import.State.DONE, Import.State.REFUSED):
            raise ImportFinished()
        try:
            _Run(one, told).run()
        except Refused as error:
            _refuse(one, {"code": error.code, "fields": _plain(error.fields)}, clock.now())
            return one
        if one.bad and one.keep == Import.Keep.ALL_OR_NOTHING:
            _refuse(one, {"code": "exchange.bad_rows", "fields": {"bad": one.bad}}, clock.now())
        elif not one.good:
            _refuse(one, {"code": "exchange.no_good_rows", "fields": {"bad": one.bad}}, clock.now())
        else:
            _open(one, clock.now())
        return one


@contextmanager
def _claimed(import_id: uuid.UUID) -> Iterator[None]:
    """A lock of this session, freed by the death of the process."""
    number = import_id.int >> 65
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise ImportRunning()
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _plain(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if isinstance(value, str | int)}


# External id, payload as JSON text, picture.
_Task: TypeAlias = tuple[str | None, str, uuid.UUID | None]
NO_VALUE = "\\N"


@dataclass(slots=True)
class _Chunk:
    """Rows on their way into one transaction."""

    lines: list[int] = field(default_factory=list)
    rows: list[_Task] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    position: Position | None = None


class _Run:
    """One run over a file."""

    def __init__(self, one: Import, told: Told | None) -> None:
        self.one, self.told = one, told
        self.form: PayloadForm | None = payload_form_of(one.project)
        self.mask = (1 << one.project.overlap) - 1

    def run(self) -> None:
        one = self.one
        with default_storage.open(one.file) as file:
            kind = inspect_file(file, name=one.name).kind
            start: Position | None = tuple(one.token) if one.token else None
            id_field = one.id_column or None
            rows = read_rows(file, name=one.name, id_field=id_field, guarded=True, from_position=start)
            size = CHUNK_OF_PICTURES if kind is Kind.ZIP else CHUNK
            while chunk := list(islice(rows, size)):
                self._store(self._sorted(chunk))
                if self.told:
                    self.told(one)

    def _sorted(self, rows: list[Row | BadRow]) -> _Chunk:
        chunk, form, encode = _Chunk(), self.form, json.JSONEncoder(ensure_ascii=False).encode
        for row in rows:
            if isinstance(row, BadRow):
                chunk.bad.append(row)
                continue
            media = None
            if form is not None and (problems := form.problems(row.payload)):
                wrong = problems[0]
                fields = {"why": str(wrong)}
                chunk.bad.append(BadRow(row.line, row.position, None, "", "payload.not_shown", fields))
                continue
            if row.media is not None and row.media.content_type.startswith("image/"):
                try:
                    with row.media.open() as content:
                        media = store_picture(self.one.project, prepare_image(content), row.media.member).id
                except Refused as error:
                    chunk.bad.append(row.refused(error))
                    continue
            chunk.lines.append(row.line)
            chunk.rows.append((row.external_id, encode(row.payload), media))
        chunk.position = rows[-1].position
        return chunk

    def _store(self, chunk: _Chunk) -> None:
        """One transaction: the tasks, the bad rows, and how far the file is read."""
        with transaction.atomic():
            try:
                with transaction.atomic():
                    self._copy(chunk)
            except IntegrityError:
                # An id that is there already: the first row with it keeps it, the others are told.
                self._drop_known_ids(chunk)
                self._copy(chunk)
            self._keep(chunk.bad)
            one = self.one
            one.good += len(chunk.rows)
            one.bad += len(chunk.bad)
            one.token, one.state = list(chunk.position or ()), Import.State.RUNNING
            one.save(update_fields=["good", "bad", "token", "state"])

    def _copy(self, chunk: _Chunk) -> None:
        """Straight into the table, in the format that PostgreSQL reads fastest."""
        one, rows = self.one, chunk.rows
        fixed = f"{one.project_id}\t{one.batch_id}\t{self.mask}\t"
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for at in range(0, len(rows), 1_000):
                lines = enumerate(rows[at : at + 1_000], one.good + at + 1)
                copy.write("".join([f"{fixed}{place}\t{_cells(row)}" for place, row in lines]))

    def _drop_known_ids(self, chunk: _Chunk) -> None:
        ids = [row[0] for row in chunk.rows if row[0] is not None]
        found = Task.objects.filter(project=self.one.project_id, external_id__in=ids)
        known, kept = set(found.values_list("external_id", flat=True)), []
        for line, row in zip(chunk.lines, chunk.rows, strict=True):
            if row[0] is not None and row[0] in known:
                column = self.one.id_column or "id"
                chunk.bad.append(BadRow(line, (0, 0, 0), column, row[0][:200], "id.there_already", {}))
                continue
            if row[0] is not None:
                known.add(row[0])
            kept.append(row)
        chunk.rows = kept

    def _keep(self, bad: list[BadRow]) -> None:
        room = max(MOST_PROBLEMS - self.one.bad, 0)
        ImportProblem.objects.bulk_create(
            ImportProblem(
                source=self.one,
                line=row.line,
                column=row.column or "",
                value=row.value,
                code=row.code,
                fields=dict(row.fields),
            )
            for row in sorted(bad, key=lambda row: row.line)[:room]
        )


_COPY = "COPY work_task (project_id, batch_id, free, position, external_id, payload, media_id) FROM STDIN"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _cells(row: _Task) -> str:
    external_id, payload, media = row
    name = "\\N" if external_id is None else external_id.translate(_ESCAPES)
    # JSON has no raw tab or newline; only its backslashes need care.
    body = payload.replace("\\", "\\\\")
    return f"{name}\t{body}\t{media or NO_VALUE}\n"


@transaction.atomic
def _open(one: Import, at: dt.datetime) -> None:
    """Offer the batch."""
    batch = one.batch
    batch.size = one.good
    batch.state = Batch.State.OPEN
    batch.save(update_fields=["size", "state"])
    one.state, one.finished_at = Import.State.DONE, at
    one.save(update_fields=["state", "finished_at"])
    refresh_funding(one.project)
    _note("exchange.import.done", one, {"good": one.good, "bad": one.bad}, one.asked_by, at)


def _refuse(one: Import, error: dict[str, object], at: dt.datetime) -> None:
    """Leave nothing: the batch is discarded first, then its tasks are deleted step by step."""
    Batch.objects.filter(id=one.batch_id).update(state=Batch.State.DISCARDED)
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "DELETE FROM work_task WHERE id IN (SELECT id FROM work_task WHERE batch_id = %s LIMIT %s)",
                [one.batch_id, DELETED_AT_ONCE],
            )
            if not cursor.rowcount:
                break
    with transaction.atomic():
        one.state, one.error, one.finished_at = Import.State.REFUSED, error, at
        one.save(update_fields=["state", "error", "finished_at"])
        _note("exchange.import.refused", one, {"code": str(error["code"]), "bad": one.bad}, one.asked_by, at)


def tasks_of(one: Import) -> int:
    """How many tasks of its batch there are: what `good` must equal when it is done."""
    return Task.objects.filter(batch=one.batch_id).count()


def _note(code: str, one: Import, data: dict[str, object], by: uuid.UUID | None, at: dt.datetime) -> None:
    record(
        code,
        by=by,
        at=at,
        subject=f"project:{one.project_id}",
        organisation=one.project.operator_id,
        data={"import": str(one.id), "batch": str(one.batch_id), **data},
    )
