"""What is done with a client's file: asked for, worked off, opened or refused, cancelled."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Max

from palabre.exchange.errors import FileRefused, Refused
from palabre.exchange.errors.imports import (
    BadRows,
    Cancelled,
    FileGone,
    ImportFinished,
    ImportRunning,
    NoGoodRows,
    ProjectClosed,
)
from palabre.exchange.intake import Intake, Told
from palabre.exchange.models import Import
from palabre.exchange.queries import import_for
from palabre.ids import new_id
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.times import Clock
from palabre.work.access import locked_project, project_for
from palabre.work.actions.fund import refresh_funding
from palabre.work.models import Batch, Project

DELETED_AT_ONCE = 20_000
FINISHED = (Import.State.DONE, Import.State.REFUSED)


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
    # Before the file is stored, which may take long; asked again under the lock.
    _check_open(project_for(by, project_id, Permission.IMPORT_TASKS))
    key = new_id()
    stored = default_storage.save(f"imports/{key}", file if isinstance(file, File) else File(file))
    try:
        return _asked(project_id, key, stored, name[:200], keep=keep, id_column=id_column, by=by, at=at)
    except BaseException:
        default_storage.delete(stored)
        raise


@transaction.atomic
def _asked(
    project_id: uuid.UUID,
    key: uuid.UUID,
    stored: str,
    name: str,
    *,
    keep: str,
    id_column: str,
    by: Actor,
    at: dt.datetime,
) -> Import:
    project = locked_project(by, project_id, Permission.IMPORT_TASKS)
    _check_open(project)
    number = (project.batches.aggregate(Max("number"))["number__max"] or 0) + 1
    batch = Batch.objects.create(project=project, number=number, name=name, created_at=at)
    made = Import.objects.create(
        id=key,
        project=project,
        batch=batch,
        file=stored,
        name=name,
        size=default_storage.size(stored),
        keep=keep,
        id_column=id_column,
        asked_by=by.account or project.operator_id,
        asked_at=at,
    )
    _note("exchange.import.asked", made, {"bytes": made.size, "keep": keep}, by.account, at)
    return made


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
            _fail(one, Cancelled())
            _note("exchange.import.cancelled", one, {}, by.account, at)
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
                if not Intake(one, told).run(chunks):
                    return one
                _check_result(one)
            except (Refused, FileNotFoundError) as error:
                _fail(one, error if isinstance(error, Refused) else FileGone())
        _finish(one, clock.now())
        return one


def _check_result(one: Import) -> None:
    """Raises: BadRows, NoGoodRows."""
    if one.bad and one.keep == Import.Keep.ALL_OR_NOTHING:
        raise BadRows(bad=one.bad)
    if not one.good:
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


def _fail(one: Import, error: Refused) -> None:
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


def _finish(one: Import, at: dt.datetime) -> None:
    """Offer the batch, or take it back when there is a reason against it. The file is not kept."""
    if one.error is None and _open(one, at):
        default_storage.delete(one.file)
        return
    _delete_tasks(one)
    one.refresh_from_db(fields=["error"])
    with transaction.atomic():
        one.state, one.finished_at = Import.State.REFUSED, at
        one.save(update_fields=["state", "finished_at"])
        code = one.error["code"] if one.error else FileRefused.code
        _note("exchange.import.refused", one, {"code": code, "bad": one.bad}, one.asked_by, at)
    default_storage.delete(one.file)


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
    _note("exchange.import.done", one, {"good": one.good, "bad": one.bad}, one.asked_by, at)
    return True


def _delete_tasks(one: Import) -> None:
    """In steps, so that no transaction is long; a step more than was counted finds nothing."""
    for done in range(0, one.good, DELETED_AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM work_task WHERE batch_id = %s AND position > %s AND position <= %s",
                [one.batch_id, done, done + DELETED_AT_ONCE],
            )


def _note(code: str, one: Import, data: dict[str, object], by: uuid.UUID | None, at: dt.datetime) -> None:
    record(
        code,
        by=by,
        at=at,
        subject=f"project:{one.project_id}",
        organisation=one.project.operator_id,
        data={"import": str(one.id), "batch": str(one.batch_id), **data},
    )
