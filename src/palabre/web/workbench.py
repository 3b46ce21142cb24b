"""The workbench's shell: a page without anything personal, kept by the browser and opened without a network."""

import json
import uuid
from functools import cache
from pathlib import Path

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie

from palabre.people.permissions import Permission
from palabre.web.errors import Unavailable
from palabre.web.page import page

ENTRY = "src/main.tsx"
# Beside what every page may: pictures that were fetched before, and the worker that keeps the page.
_POLICY = {"img-src": ["blob:"], "worker-src": ["'self'"]}


@page(Permission.WORK)
@csp_update(_POLICY)
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """The page itself: the same for everybody, but for the language of its first words."""
    response = render(request, "web/workbench/shell.html", built() | {"pack": _pack(request)})
    response["Cache-Control"] = "no-cache"
    return response


def _pack(request: HttpRequest) -> str | None:
    """What the workbench asks for first, so that the browser may ask while it still loads the script."""
    try:
        project = uuid.UUID(request.GET.get("project", ""))
    except ValueError:
        return None
    return f"/api/v1/projects/{project}/workbench"


def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps the page. Asked for each time, so that a new version is seen at once.

    It stands before every page, to lead back to the work where one can't be had.
    """
    script = HttpResponse(_file("sw.js").read_bytes(), content_type="text/javascript")
    script["Cache-Control"] = "no-cache"
    script["Service-Worker-Allowed"] = "/"
    return script


@cache
def built() -> dict[str, object]:
    """The files that the page begins with, by what they are: as the build wrote them down.

    Raises: Unavailable, when the workbench was not built.
    """
    manifest = json.loads(_file("manifest.json").read_text(encoding="utf-8"))
    entry = manifest[ENTRY]
    chunks = [manifest[name] for name in entry.get("imports", [])]
    return {
        "scripts": [entry["file"]],
        "preloads": [chunk["file"] for chunk in chunks],
        "styles": [name for chunk in (entry, *chunks) for name in chunk.get("css", [])],
    }


def _file(name: str) -> Path:
    found = finders.find(f"workbench/{name}")
    if found is None:
        raise Unavailable
    return Path(found)
