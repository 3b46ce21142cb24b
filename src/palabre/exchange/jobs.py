"""Background work of the room: imports, exports, and files that were never finished."""

import uuid
from collections.abc import Callable, Iterable

from palabre.exchange.actions.exports import run_export
from palabre.exchange.actions.imports import run_import
from palabre.exchange.actions.uploads import forget_uploads
from palabre.exchange.errors.imports import ExportRunning, ImportFinished, ImportRunning
from palabre.exchange.models import Export, Import
from palabre.times import Clock

# So much of a file at a time, some seconds' worth: a large one keeps no other job waiting.
CHUNKS_AT_ONCE = 20
LOOKED_AT = 20


def run_imports(clock: Clock) -> int:
    """Work on the oldest import that no other process has in hand."""
    due = Import.objects.filter(state__in=[Import.State.WAITING, Import.State.RUNNING]).order_by("asked_at")
    return _first(due.values_list("id", flat=True)[:LOOKED_AT], lambda one: _import(one, clock))


def run_uploads(clock: Clock) -> int:
    """Delete what arrived of files that nobody has gone on with."""
    return forget_uploads(at=clock.now())


def run_exports(clock: Clock) -> int:
    """Make the oldest file that no other process is making."""
    due = Export.objects.filter(state=Export.State.WAITING).order_by("asked_at")
    return _first(due.values_list("id", flat=True)[:LOOKED_AT], lambda one: _export(one, clock))


def _first(due: Iterable[uuid.UUID], work: Callable[[uuid.UUID], None]) -> int:
    """Do one of them. One that fails keeps nobody waiting: its error is raised when nothing else is due."""
    failed: Exception | None = None
    for one in due:
        try:
            work(one)
        except (ImportRunning, ImportFinished, ExportRunning):
            continue
        except Exception as error:  # noqa: BLE001 (raised below, unless another one can be worked on)
            failed = failed or error
            continue
        return 1
    if failed is not None:
        raise failed
    return 0


def _import(one: uuid.UUID, clock: Clock) -> None:
    run_import(one, clock, chunks=CHUNKS_AT_ONCE)


def _export(one: uuid.UUID, clock: Clock) -> None:
    run_export(one, clock)
