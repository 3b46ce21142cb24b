"""The first page of the role: administrator. Who hasn't come in, what doesn't run, what has no room."""

import datetime as dt
import shutil
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.messages.queries import failed_messages
from palabre.people.actor import Actor
from palabre.people.queries import Viewer, clients_of, invited
from palabre.record.failures import failure_count
from palabre.settings import current
from palabre.web.access import at_of
from palabre.web.jobs import job_states

# Below, the embedded database may stop (as `palabre doctor` says).
LOW_DISK = 2 * 1024**3
RECENT = dt.timedelta(days=7)
# Sealing runs every few seconds; more than this waiting means that it doesn't.
MANY_UNSEALED = 10_000
_UNSEALED = """
    SELECT coalesce((SELECT max(seq) FROM record_event), 0)
        - coalesce((SELECT max(last) FROM record_seal), (SELECT min(seq) FROM record_event) - 1, 0)
"""


@dataclass(frozen=True, slots=True)
class Disk:
    """Room where Palabre keeps its files, in GB."""

    free: float
    low: bool


def administrator_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    by, at = viewer.actor, at_of(request)
    context = {"viewer": viewer, "waiting": invited(by), "clients": len(clients_of(by)), **troubles(by, at)}
    return render(request, "web/home/administrator.html", context)


def troubles(by: Actor, at: dt.datetime) -> dict[str, Any]:
    """What doesn't run or has no room, as her home and her morning's letter say it."""
    states = job_states(at)
    unsealed = _unsealed()
    return {
        "failing": [state for state in states if state.failing],
        "late": [state for state in states if state.late and not state.failing],
        "passed": failure_count(),
        "lost": failed_messages(by, at - RECENT),
        "disk": _disk(),
        "unsealed": unsealed,
        "many_unsealed": unsealed > MANY_UNSEALED,
    }


def _disk() -> Disk:
    free = shutil.disk_usage(current().home).free
    return Disk(round(free / 1024**3, 1), free < LOW_DISK)


def _unsealed() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED)
        return int(cursor.fetchone()[0])
