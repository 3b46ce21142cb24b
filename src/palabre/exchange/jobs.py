"""Background work of the room: imports and exports."""

from palabre.exchange.actions.exports import run_export
from palabre.exchange.actions.imports import run_import
from palabre.exchange.errors.imports import ExportRunning, ImportFinished, ImportRunning
from palabre.exchange.models import Export, Import
from palabre.times import Clock

# So much of a file at a time, some seconds' worth: a large one keeps no other job waiting.
CHUNKS_AT_ONCE = 20
LOOKED_AT = 20


def run_imports(clock: Clock) -> int:
    """Work on the oldest import that no other process has in hand."""
    due = Import.objects.filter(state__in=[Import.State.WAITING, Import.State.RUNNING]).order_by("asked_at")
    for import_id in due.values_list("id", flat=True)[:LOOKED_AT]:
        try:
            run_import(import_id, clock, chunks=CHUNKS_AT_ONCE)
        except (ImportRunning, ImportFinished):
            continue
        return 1
    return 0


def run_exports(clock: Clock) -> int:
    """Make the oldest file that no other process is making."""
    due = Export.objects.filter(state=Export.State.WAITING).order_by("asked_at")
    for export_id in due.values_list("id", flat=True)[:LOOKED_AT]:
        try:
            run_export(export_id, clock)
        except ExportRunning:
            continue
        return 1
    return 0
