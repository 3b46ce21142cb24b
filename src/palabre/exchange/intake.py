"""From the rows of a file to tasks: in chunks, each in one transaction with how far the file is read."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import IntegrityError, connection, transaction

from palabre.exchange.errors import Refused
from palabre.exchange.errors.imports import Cancelled
from palabre.exchange.formats import BadRow, Kind, Position, Row, inspect_file, prepare_image, read_rows
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.models import Import
from palabre.exchange.parts import content_of
from palabre.record.actions import record
from palabre.times import Clock
from palabre.work.media import store_picture
from palabre.work.queries.versions import payload_form_of
from palabre.work.schemas import PayloadForm

CHUNK = 10_000
PIECE = 500
# Long texts and pictures fill a chunk sooner, so that memory stays flat whatever the rows hold.
CHUNK_BYTES = 4 * 1024**2
# What a picture counts for: it takes as long as thousands of texts.
PICTURE_BYTES = 80_000
# A file of a million bad rows is told by its count; so many of them are kept one by one.
MOST_PROBLEMS = 100_000
Told = Callable[[Import], None]

_COPY_TASKS = (
    "COPY work_task (project_id, batch_id, free, position, external_id, payload, media_id) FROM STDIN"
)
_COPY_PROBLEMS = 'COPY exchange_importproblem (source_id, line, "column", value, code, fields) FROM STDIN'
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL = "\\N"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _Task(NamedTuple):
    line: int
    external_id: str | None
    payload: str
    media: uuid.UUID | None

    def copied(self) -> str:
        name = _NULL if self.external_id is None else self.external_id.translate(_ESCAPES)
        # JSON text has no raw tab or line end; only its backslashes need care.
        return f"{name}\t{self.payload.replace(_BACKSLASH, _TWO)}\t{self.media or _NULL}\n"


_BACKSLASH, _TWO = "\\", "\\\\"


@dataclass(slots=True)
class _Chunk:
    """Rows on their way into one transaction; `position` is where the file is read on after them."""

    tasks: list[_Task] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    known: int = 0
    weight: int = 0
    position: Position | None = None

    def full(self) -> bool:
        return len(self.tasks) + len(self.bad) >= CHUNK or self.weight >= CHUNK_BYTES


class Intake:
    """One run over a file, from where the import stands."""

    def __init__(self, one: Import, clock: Clock, told: Told | None) -> None:
        self.one, self.clock, self.told = one, clock, told
        self.form: PayloadForm | None = payload_form_of(one.project)
        self.archive = False
        # Tasks have the names of the schema; the client is told of her own columns.
        self.column_of: dict[str, str] = one.columns
        self.field_of = {column: name for name, column in one.columns.items()}
        self.mask = (1 << one.project.overlap) - 1

    def run(self, chunks: int | None) -> bool:
        """Take at most so many chunks; whether the file is read to its end.

        Raises: FileRefused, Cancelled, FileNotFoundError (it is no longer in the storage).
        """
        one = self.one
        with content_of(one) as file:
            encoding = one.encoding or None
            facts = inspect_file(file, name=one.name, encoding=encoding)
            self.archive = facts.kind is Kind.ZIP
            start: Position | None = (one.token[0], one.token[1], one.token[2]) if one.token else None
            rows = read_rows(
                file, name=one.name, encoding=encoding, id_field=one.id_column or None, from_position=start
            )
            taken = 0
            while taken != chunks:
                if not self._take_chunk(rows, facts.total):
                    return True
                taken += 1
        return False

    def _take_chunk(self, rows: Iterator[Row | BadRow], total: int) -> bool:
        """One transaction: tasks, bad rows, and how far the file is read. False when nothing was left."""
        chunk = _Chunk()
        with transaction.atomic():
            pieces = self._pieces(rows, chunk)
            if self.archive:
                # Each picture has a row to be written: not during a COPY, and not to be undone with one.
                pieces = iter(list(pieces))
            try:
                with transaction.atomic():
                    self._copy(pieces)
            except IntegrityError:
                self._drop_known_ids(chunk)
                self._copy(iter([chunk.tasks]))
            if chunk.position is None:
                return False
            self._keep(chunk.bad)
            self._advance(chunk, total)
        if self.told:
            self.told(self.one)
        return True

    def _advance(self, chunk: _Chunk, total: int) -> None:
        """Raises: Cancelled."""
        one = self.one
        one.good += len(chunk.tasks)
        one.bad += len(chunk.bad)
        one.known += chunk.known
        one.token, one.state = [*(chunk.position or ()), total], Import.State.RUNNING
        standing = Import.objects.filter(id=one.id, error__isnull=True)
        figures = {"good": one.good, "bad": one.bad, "known": one.known}
        if not standing.update(**figures, token=one.token, state=one.state):
            raise Cancelled
        record(
            "exchange.import.advanced",
            by=one.asked_by,
            at=self.clock.now(),
            subject=f"project:{one.project_id}",
            organisation=one.project.operator_id,
            data={"import": str(one.id), "batch": str(one.batch_id), **figures},
        )

    def _pieces(self, rows: Iterator[Row | BadRow], chunk: _Chunk) -> Iterator[list[_Task]]:
        """Rows into the chunk until it is full; meanwhile its tasks, some at a time."""
        given = 0
        for row in rows:
            self._add(row, chunk)
            if len(chunk.tasks) - given == PIECE:
                yield chunk.tasks[given:]
                given += PIECE
            if chunk.full():
                break
        yield chunk.tasks[given:]

    def _add(self, row: Row | BadRow, chunk: _Chunk) -> None:
        chunk.position = row.position
        taken = row if isinstance(row, BadRow) else self._taken(row)
        if isinstance(taken, BadRow):
            chunk.bad.append(taken)
            chunk.weight += len(taken.value)
        else:
            chunk.tasks.append(taken)
            chunk.weight += PICTURE_BYTES if taken.media else len(taken.payload)

    def _taken(self, row: Row) -> _Task | BadRow:
        payload = row.payload
        if self.field_of:
            payload = {self.field_of.get(column, column): value for column, value in payload.items()}
        if self.form is not None and (problems := self.form.problems(payload)):
            column = self.column_of.get(problems[0].path, problems[0].path)
            return BadRow(row.line, row.position, column, "", f"payload.{problems[0].code}", {})
        media = None
        if row.media is not None:
            try:
                with row.media.open() as content:
                    media = store_picture(self.one.project, prepare_image(content), row.media.member).id
            except Refused as error:
                return row.refused(error)
        return _Task(row.line, row.external_id, _encode(payload), media)

    def _copy(self, pieces: Iterator[list[_Task]]) -> None:
        """Straight into the table, in the form that PostgreSQL reads fastest, while the file is being read."""
        one, place = self.one, self.one.good
        fixed = f"{one.project_id}\t{one.batch_id}\t{self.mask}\t"
        # A COPY is psycopg's own: unwrapped, a known id would not come as Django's IntegrityError.
        wrapped = connection.wrap_database_errors
        with wrapped, connection.cursor() as cursor, cursor.copy(_COPY_TASKS) as copy:
            for tasks in pieces:
                lines = enumerate(tasks, place + 1)
                copy.write("".join([f"{fixed}{number}\t{task.copied()}" for number, task in lines]))
                place += len(tasks)

    def _drop_known_ids(self, chunk: _Chunk) -> None:
        """The first row with an id keeps it; the others are told. Nobody else adds tasks meanwhile."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT external_id FROM work_task WHERE project_id = %s AND external_id = ANY(%s)",
                [self.one.project_id, [task.external_id for task in chunk.tasks]],
            )
            known = {row[0] for row in cursor.fetchall()}
        here: set[str | None] = set()
        kept = []
        for task in chunk.tasks:
            if (
                task.external_id in known
                and self.one.corrects_id is not None
                and task.external_id not in here
            ):
                # A corrected file may be sent whole: what was taken before is not taken twice.
                chunk.known += 1
            elif task.external_id is not None and task.external_id in known | here:
                chunk.bad.append(self._repeated(task))
            else:
                kept.append(task)
            here.add(task.external_id)
        chunk.tasks = kept

    def _repeated(self, task: _Task) -> BadRow:
        column = self.one.id_column or "id"
        return BadRow(task.line, (0, 0, 0), column, excerpt(task.external_id or ""), "id.there_already", {})

    def _keep(self, bad: list[BadRow]) -> None:
        room = max(MOST_PROBLEMS - self.one.bad, 0)
        with connection.cursor() as cursor, cursor.copy(_COPY_PROBLEMS) as copy:
            for row in sorted(bad, key=lambda row: row.line)[:room]:
                fields = _encode(dict(row.fields))
                copy.write_row((self.one.id, row.line, row.column or "", row.value, row.code, fields))
