"""Background work of the room: imports and exports."""

import logging

from palabre.exchange.actions.exports import run_export
from palabre.exchange.actions.imports import run_import
from palabre.exchange.errors.imports import ImportFinished, ImportRunning
from palabre.exchange.models import Export, Import
from palabre.times import Clock

logger = logging.getLogger("palabre.exchange")


def run_imports(clock: Clock) -> int:
    """Work off the oldest import that no other process has in hand."""
    due = Import.objects.filter(state__in=[Import.State.WAITING, Import.State.RUNNING]).order_by("asked_at")
    for import_id in due.values_list("id", flat=True)[:20]:
        try:
            run_import(import_id, clock)
        except (ImportRunning, ImportFinished):
            continue
        return 1
    return 0


def run_exports(clock: Clock) -> int:
    """Make the oldest file that was asked for."""
    due = (
        Export.objects.filter(state=Export.State.WAITING)
        .order_by("asked_at")
        .values_list("id", flat=True)
        .first()
    )
    if due is None:
        return 0
    run_export(due, clock)
    return 1
