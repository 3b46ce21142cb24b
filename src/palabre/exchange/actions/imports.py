"""What is done with a client's file: asked for, worked off, opened or refused, cancelled."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max

from palabre.exchange.errors import FileRefused, Refused
from palabre.exchange.errors.imports import (
    BadRows,
    BatchTouched,
    Cancelled,
    Discarded,
    FileGone,
    ImportFinished,
    ImportRunning,
    NoGoodRows,
    NotDiscardable,
    ProjectClosed,
    SameFile,
    StillOffered,
)
from palabre.exchange.intake import Intake, Told
from palabre.exchange.models import Import
from palabre.exchange.names import file_name
from palabre.exchange.parts import digest_of, forget_content
from palabre.exchange.queries import import_for
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.times import Clock
from palabre.work.access import locked_project, project_for
from palabre.work.actions.fund import refresh_funding
from palabre.work.models import Batch, Cursor, Project

DELETED_AT_ONCE = 20_000
FINISHED = (Import.State.DONE, Import.State.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is read. `columns`: {field that members are shown: column of the file}, where they differ.

    `encoding`: for a text that doesn't say it. `corrects`: the import whose bad rows this file puts right.
    `again`: its rows are wanted a second time, although the same file is here.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    corrects: uuid.UUID | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A file that is stored: as one (`stored`), or as the parts of an upload (empty)."""

    key: uuid.UUID
    stored: str
    size: int
    digest: str


def ask_import(
    project_id: uuid.UUID,
    file: IO[bytes],
    name: str,
    *,
    keep: str = Import.Keep.GOOD_ROWS,
    id_column: str = "",
    how: How | None = None,
    by: Actor,
    at: dt.datetime,
) -> Import:
    """Keep a client's file; the background makes tasks of it. Nothing of it is read yet.

    `keep`: take the good rows, or leave all when one is bad.
    Raises: NotAllowed, NotFound (the import to correct as well), ProjectClosed, SameFile.
    """
    # Before the file is stored, which may take long; asked again under the lock.
    _check_open(project_for(by, project_id, Permission.IMPORT_TASKS))
    digest = digest_of(file)
    file.seek(0)
    key = new_id()
    stored = default_storage.save(f"imports/{key}", file if isinstance(file, File) else File(file))
    content = Content(key, stored, default_storage.size(stored), digest)
    try:
        return take_content(
            project_id, content, name, keep=keep, id_column=id_column, how=how or How(), by=by, at=at
        )
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def take_content(
    project_id: uuid.UUID,
    content: Content,
    name: str,
    *,
    keep: str,
    id_column: str,
    how: How,
    by: Actor,
    at: dt.datetime,
) -> Import:
    """Ask for the import of a file that is stored already.

    Raises: NotAllowed, NotFound (the import to correct as well), ProjectClosed, SameFile.
    """
    project = locked_project(by, project_id, Permission.IMPORT_TASKS)
    _check_open(project)
    if not how.again:
        _check_new(project, content)
    corrects = import_for(by, how.corrects) if how.corrects else None
    number = (project.batches.aggregate(Max("number"))["number__max"] or 0) + 1
    name = file_name(name)
    batch = Batch.objects.create(project=project, number=number, name=name, created_at=at)
    made = Import.objects.create(
        id=content.key,
        project=project,
        batch=batch,
        file=content.stored,
        name=name,
        size=content.size,
        digest=content.digest,
        keep=keep,
        id_column=id_column,
        columns=dict(how.columns),
        encoding=how.encoding,
        corrects=corrects,
        asked_by=by.account,
        asked_at=at,
    )
    said = {"bytes": made.size, "keep": keep, "content": made.digest}
    _note("exchange.import.asked", made, said, by.account, at)
    return made


def _check_new(project: Project, content: Content) -> None:
    """Raises: SameFile."""
    same = project.import_set.filter(digest=content.digest, error__isnull=True).exclude(
        state=Import.State.REFUSED
    )
    first = same.order_by("asked_at").first()
    if first is not None:
        raise SameFile(path="again", name=first.name, batch=first.batch.number)


def _check_open(project: Project) -> None:
    if project.state == Project.State.CLOSED:
        raise ProjectClosed


def cancel_import(import_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Import:
    """End an import that is not finished, leaving nothing. Whoever works on it stops at its next chunk.

    Raises: NotAllowed, NotFound, ImportFinished.
    """
    one = import_for(by, import_id, Permission.IMPORT_TASKS)
    with transaction.atomic():
        one = Import.objects.select_for_update().select_related("project", "batch").get(id=one.id)
        if one.state in FINISHED:
            raise ImportFinished
        if one.error is None:
            _fail(one, Cancelled(), at)
            _note("exchange.import.cancelled", one, {}, by.account, at)
    return one


@transaction.atomic
def discard_import(import_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Import:
    """Take back the tasks of an import that has ended, as long as no member was shown one of them.

    They are not offered from now on; the background deletes them. Discarding again changes nothing.
    Raises: NotAllowed, NotFound, NotDiscardable (it left no tasks, or isn't finished: cancel it),
    ProjectClosed, StillOffered (live, or in its pilot), BatchTouched.
    """
    one = import_for(by, import_id, Permission.IMPORT_TASKS)
    project = locked_project(by, one.project_id, Permission.IMPORT_TASKS)
    one = Import.objects.select_for_update(of=("self",)).select_related("project", "batch").get(id=one.id)
    if one.error is not None and one.error["code"] == Discarded.code:
        return one
    if one.state != Import.State.DONE:
        raise NotDiscardable
    _check_open(project)
    if project.state not in (Project.State.DRAFT, Project.State.PAUSED):
        raise StillOffered
    # A member who asked for work has a place in each batch that she was led through.
    if Cursor.objects.filter(batch=one.batch_id).exists():
        raise BatchTouched
    # `run_import` goes on from here as with any import that has a reason against it.
    one.state, one.error, one.finished_at = Import.State.RUNNING, {"code": Discarded.code, "fields": {}}, None
    one.save(update_fields=["state", "error", "finished_at"])
    Batch.objects.filter(id=one.batch_id).update(state=Batch.State.DISCARDED, size=0, funded_upto=0)
    refresh_funding(project)
    _note("exchange.import.discarded", one, {"good": one.good}, by.account, at)
    return one


def run_import(
    import_id: uuid.UUID, clock: Clock, told: Told | None = None, *, chunks: int | None = None
) -> Import:
    """Work an import off from where it stands, or at most so many `chunks` of it: then it is still running.

    `told` is called after each chunk, to show progress. Killed at any instant, the next call goes on after
    the last chunk that was committed.
    Raises: ImportFinished, ImportRunning (another process adds tasks to the project).
    """
    with _claimed(Import.objects.values_list("project", flat=True).get(id=import_id)):
        one = Import.objects.select_related("project", "batch").get(id=import_id)
        if one.state in FINISHED:
            raise ImportFinished
        if one.error is None:
            try:
                if not Intake(one, clock, told).run(chunks):
                    return one
                _check_result(one)
            except (Refused, FileNotFoundError) as error:
                _fail(one, error if isinstance(error, Refused) else FileGone(), clock.now())
        _finish(one, clock.now())
        return one


def _check_result(one: Import) -> None:
    """Raises: BadRows, NoGoodRows."""
    if one.bad and one.keep == Import.Keep.ALL_OR_NOTHING:
        raise BadRows(bad=one.bad)
    if not one.good and not one.known:
        raise NoGoodRows(bad=one.bad)


@contextmanager
def _claimed(project: uuid.UUID) -> Iterator[None]:
    """One process at a time adds tasks to a project. The lock is the session's: freed by its death."""
    number = project.int & (2**63 - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise ImportRunning
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def _fail(one: Import, error: Refused, at: dt.datetime) -> None:
    """From here on the import only goes back: its tasks are deleted, now or by the next run."""
    fields = {name: value for name, value in error.fields.items() if isinstance(value, str | int)}
    with transaction.atomic():
        if not Import.objects.filter(id=one.id, error__isnull=True).update(
            error={"code": error.code, "fields": fields}
        ):
            # Cancelled meanwhile: that stays the reason.
            one.refresh_from_db(fields=["error"])
            return
        one.error = {"code": error.code, "fields": fields}
        Batch.objects.filter(id=one.batch_id).update(state=Batch.State.DISCARDED)
        if not isinstance(error, Cancelled):
            _note("exchange.import.failed", one, {"code": error.code, "bad": one.bad}, one.asked_by, at)


def _finish(one: Import, at: dt.datetime) -> None:
    """Offer the batch, or take it back when there is a reason against it. The file is not kept."""
    if one.error is None and _open(one, at):
        forget_content(one)
        return
    _delete_tasks(one, at)
    one.refresh_from_db(fields=["error"])
    with transaction.atomic():
        one.state, one.finished_at = Import.State.REFUSED, at
        one.save(update_fields=["state", "finished_at"])
        code = one.error["code"] if one.error else FileRefused.code
        _note("exchange.import.refused", one, {"code": code, "bad": one.bad}, one.asked_by, at)
    forget_content(one)


@transaction.atomic
def _open(one: Import, at: dt.datetime) -> bool:
    """Whether the batch is open now: a cancellation may have come in the last instant."""
    if Import.objects.select_for_update().get(id=one.id).error is not None:
        return False
    batch = one.batch
    batch.size, batch.state = one.good, Batch.State.OPEN
    batch.save(update_fields=["size", "state"])
    one.state, one.finished_at = Import.State.DONE, at
    one.save(update_fields=["state", "finished_at"])
    refresh_funding(one.project)
    counts: dict[str, object] = {"good": one.good, "bad": one.bad}
    _note(
        "exchange.import.done",
        one,
        counts | ({"known": one.known} if one.corrects_id else {}),
        one.asked_by,
        at,
    )
    return True


def _delete_tasks(one: Import, at: dt.datetime) -> None:
    """In steps, so that no transaction is long; a step more than was counted finds nothing."""
    for done in range(0, one.good, DELETED_AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM work_task WHERE batch_id = %s AND position > %s AND position <= %s",
                [one.batch_id, done, done + DELETED_AT_ONCE],
            )
            _note("exchange.import.taken_back", one, {"tasks": cursor.rowcount}, one.asked_by, at)


def _note(code: str, one: Import, data: dict[str, object], by: uuid.UUID | None, at: dt.datetime) -> None:
    record(
        code,
        by=by,
        at=at,
        subject=f"project:{one.project_id}",
        organisation=one.project.operator_id,
        data={"import": str(one.id), "batch": str(one.batch_id), **data},
    )
