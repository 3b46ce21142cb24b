"""Whether this process lives, and whether it can do its work."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

PROBES = frozenset({"/healthz", "/readyz"})
# Below this, the embedded database is about to stop: enough for a few of its journals and an upload in parts.
LEAST_ROOM = 200 * 1024**2


class ProbeMiddleware:
    """Probes ask by number, not by name: whoever looks whether a server lives gets an answer under any Host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PROBES:
            request.META["HTTP_HOST"] = "localhost"
        return self.get_response(request)


def alive(_request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """There is room, and the database answers and has every migration of this version."""
    if shutil.disk_usage(settings.MEDIA_ROOT.parent).free < LEAST_ROOM:
        return JsonResponse({"status": "disk full"}, status=503)
    try:
        missing = missing_migrations()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "migrations missing", "migrations": missing}, status=503)
    return JsonResponse({"status": "ok"})


def missing_migrations() -> list[str]:
    """Names of the migrations that this version has and the database has not. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
