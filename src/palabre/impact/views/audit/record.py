"""The state of the record, its seals and its keys."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.permissions import Permission
from palabre.record import queries
from palabre.record.seals import keys
from palabre.web.access import actor_of, at_of
from palabre.web.keyset import rows_of
from palabre.web.page import page

READ = Permission.READ_RECORD


@page(READ)
def record(request: HttpRequest) -> HttpResponse:
    """How the record stands: events, the last seal, the keys, the last verification."""
    context = {
        "state": queries.state(),
        "keys": keys(at_of(request)).public,
        "last": next(iter(queries.verifications(actor_of(request).organisation, 1)), None),
        "at": at_of(request),
    }
    return render(request, "impact/audit/record.html", context)


@page(READ)
def seals(request: HttpRequest) -> HttpResponse:
    """Every seal, the newest first."""
    found = rows_of(
        request, int, lambda before, limit: queries.seals(before=before, limit=limit), lambda row: row.number
    )
    return render(request, "impact/audit/seals.html", {"listing": found})


@page(READ)
def seal(request: HttpRequest, seal: int) -> HttpResponse:
    """One seal: what it covers, its root, the root before it, its signature."""
    found = queries.seal_numbered(seal)
    return render(request, "impact/audit/seal.html", {"seal": found, "proof": found.credential["proof"]})


@page(READ)
def seal_json(request: HttpRequest, seal: int) -> HttpResponse:  # noqa: ARG001
    """The signed seal, as `palabre verify` reads it."""
    text = json.dumps(queries.seal_numbered(seal).credential, ensure_ascii=False, indent=2)
    return json_file(text, f"seal-{seal}.json")


def json_file(text: str, name: str) -> HttpResponse:
    """A JSON document to download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(text + "\n", content_type="application/json", headers=headers)
