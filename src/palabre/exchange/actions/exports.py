"""Files that are made for clients in the background, and the links that they are fetched by."""

import datetime as dt
import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from palabre.exchange.delivery import stream_export
from palabre.exchange.errors.imports import ExportRunning
from palabre.exchange.models import Export
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.times import Clock
from palabre.work.access import project_for
from palabre.work.models import Project

ENDINGS = {"jsonl": "jsonl", "csv": "csv", "label_studio": "json"}


@transaction.atomic
def ask_export(
    project_id: uuid.UUID, what: str, form: str, *, provenance: bool = False, by: Actor, at: dt.datetime
) -> Export:
    """Ask for a file; the background makes it.

    `what`: judgements or consensus; `form`: jsonl, csv or label_studio.
    Raises: NotAllowed, NotFound.
    """
    project = project_for(by, project_id, Permission.EXPORT_RESULTS)
    made = Export.objects.create(
        project=project,
        what=what,
        format=form,
        provenance=provenance,
        asked_by=by.account,
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
    """Make the file. Killed half-way, the next call makes it anew: a file is offered whole or not at all.

    Raises: ExportRunning (another process makes it).
    """
    with _claimed(export_id):
        one = Export.objects.select_related("project").get(id=export_id)
        if one.state == Export.State.DONE:
            return one
        name = f"exports/{one.id}.{ENDINGS[one.format]}"
        # What a process that died left of it.
        default_storage.delete(name)
        stream = Counted(stream_export(one.project, one.what, one.format, provenance=one.provenance))
        one.file = default_storage.save(name, File(cast("IO[bytes]", stream)))
        one.rows, one.sha256 = stream.rows, stream.digest.hexdigest()
        one.state, one.finished_at = Export.State.DONE, clock.now()
        with transaction.atomic():
            one.save(update_fields=["file", "rows", "sha256", "state", "finished_at"])
            _note_made(one.project, {**_said(one), "rows": one.rows, "sha256": one.sha256}, None, clock.now())
        return one


@transaction.atomic
def note_export(
    project: Project,
    what: str,
    form: str,
    *,
    provenance: bool,
    rows: int,
    sha256: str,
    by: Actor,
    at: dt.datetime,
) -> None:
    """Write down that a file left by another way than `ask_export`: who took what is known of every file.

    Raises: NotAllowed.
    """
    by.require(Permission.EXPORT_RESULTS)
    said: dict[str, object] = {"what": what, "format": form, "provenance": provenance}
    _note_made(project, {**said, "rows": rows, "sha256": sha256}, by, at)


def _said(one: Export) -> dict[str, object]:
    return {"export": str(one.id), "what": one.what, "format": one.format, "provenance": one.provenance}


def _note_made(project: Project, said: dict[str, object], by: Actor | None, at: dt.datetime) -> None:
    record(
        "exchange.export.made",
        by=by.account if by else None,
        at=at,
        subject=f"project:{project.id}",
        organisation=project.operator_id,
        data=said,
    )


@contextmanager
def _claimed(export_id: uuid.UUID) -> Iterator[None]:
    """A lock of this session, freed by the death of the process."""
    number = export_id.int & (2**63 - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise ExportRunning
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


class Counted(io.RawIOBase):
    """Pieces as a file that can be read once, with its digest and the number of its rows."""

    def __init__(self, pieces: Iterator[tuple[bytes, int]]) -> None:
        super().__init__()
        self.rows, self.digest = 0, hashlib.sha256()
        self._pieces, self._rest = pieces, b""
        # Asked for by Django's storages, which read until nothing comes.
        self.name, self.size = "export", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._rest += piece[0]
            self.rows += piece[1]
        size = len(self._rest) if size < 0 else size
        out, self._rest = self._rest[:size], self._rest[size:]
        self.digest.update(out)
        return out
