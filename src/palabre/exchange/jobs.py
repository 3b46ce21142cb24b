"""Background work of the room: imports, exports, and files that were never finished."""

import uuid
from collections.abc import Callable
from functools import partial

from django.db.models import QuerySet

from palabre.exchange.actions.exports import run_export
from palabre.exchange.actions.imports import run_import
from palabre.exchange.actions.uploads import forget_uploads
from palabre.exchange.errors.imports import ExportRunning, ImportFinished, ImportRunning
from palabre.exchange.models import Export, Import
from palabre.record.failures import Rows
from palabre.times import Clock

# So much of a file at a time, some seconds' worth: a large one keeps no other job waiting.
CHUNKS_AT_ONCE = 20
LOOKED_AT = 20


def run_imports(clock: Clock) -> int:
    """Work on the oldest import that no other process has in hand."""
    due = Import.objects.filter(state__in=[Import.State.WAITING, Import.State.RUNNING]).order_by("asked_at")
    return _first("imports", due, clock, lambda one: run_import(one, clock, chunks=CHUNKS_AT_ONCE))


def run_uploads(clock: Clock) -> int:
    """Delete what arrived of files that nobody has gone on with."""
    return forget_uploads(at=clock.now())


def run_exports(clock: Clock) -> int:
    """Make the oldest file that no other process is making."""
    due = Export.objects.filter(state=Export.State.WAITING).order_by("asked_at")
    return _first("exports", due, clock, lambda one: run_export(one, clock))


def _first(
    job: str,
    due: QuerySet[Import] | QuerySet[Export],
    clock: Clock,
    work: Callable[[uuid.UUID], object],
) -> int:
    """Do one of them. One that failed a moment ago lets the others pass, however many there are of its kind."""
    rows = Rows(job, clock)
    resting = [subject.removeprefix(f"{job}:") for subject in rows.resting()]
    for one, operator in due.exclude(id__in=resting).values_list("id", "project__operator")[:LOOKED_AT]:
        if rows.do(f"{job}:{one}", partial(_worked, work, one), operator):
            return 1
    return 0


def _worked(work: Callable[[uuid.UUID], object], one: uuid.UUID) -> bool:
    """False where another process has it."""
    try:
        work(one)
    except (ImportRunning, ImportFinished, ExportRunning):
        return False
    return True
