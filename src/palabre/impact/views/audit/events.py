"""The record, event by event, each with the proof that it is under its seal."""

import datetime as dt
import json
import re
import uuid
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.errors import NotFound
from palabre.impact.audit.events import Filter
from palabre.impact.audit.events import event as read_event
from palabre.impact.audit.events import events as read_events
from palabre.impact.views.audit.record import json_file
from palabre.people.permissions import Permission
from palabre.record import queries
from palabre.web.access import actor_of
from palabre.web.keyset import rows_of
from palabre.web.page import page
from palabre.web.sign_in import viewer_in
from palabre.work.access import of_organisation

READ = Permission.READ_RECORD
_LONGEST = 200


@page(READ)
def events(request: HttpRequest) -> HttpResponse:
    """The newest first; by kind, by what they are about, by project, by day."""
    by, wanted = actor_of(request), _wanted(request)
    found = rows_of(
        request,
        int,
        lambda before, limit: read_events(by, wanted, before=before, limit=limit),
        lambda row: row.seq,
    )
    projects = of_organisation(by).order_by("name").values_list("id", "name")
    context = {
        "listing": found,
        "wanted": wanted,
        "codes": queries.codes(),
        "projects": [(f"project:{number}", name) for number, name in projects],
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
    }
    return render(request, "impact/audit/events.html", context)


@page(READ)
def event(request: HttpRequest, event: int) -> HttpResponse:
    """One event, its seal, and the path from it to the seal's root."""
    by = actor_of(request)
    found = read_event(by, event)
    context = {
        "event": found,
        "proof": queries.proof_of(found.seq),
        "is_project": found.subject_kind == "project" and _is_own_project(request, found.subject_id),
        "may_read_money": by.may(Permission.READ_MONEY),
    }
    return render(request, "impact/audit/event.html", context)


@page(READ)
def proof(request: HttpRequest, event: int) -> HttpResponse:
    """The proof as a file: `palabre verify proof.json`. Raises: NotFound, while the event waits for a seal."""
    found = queries.proof_of(read_event(actor_of(request), event).seq)
    if found is None:
        raise NotFound
    return json_file(json.dumps(found.document(), ensure_ascii=False, indent=2), f"event-{event}-proof.json")


def _wanted(request: HttpRequest) -> Filter:
    """What the address asks for; what can't be meant is left out."""
    asked = {name: request.GET.get(name, "")[:_LONGEST].strip() for name in ("code", "subject", "project")}
    return Filter(
        code=asked["code"],
        subject=asked["subject"] or asked["project"],
        since=day_begins(request, request.GET.get("since", "")),
        until=day_begins(request, request.GET.get("until", ""), days=1),
    )


def day_begins(request: HttpRequest, text: str, days: int = 0) -> dt.datetime | None:
    """When a day begins (or, with 1, ends) where the reader is; None for what is no day."""
    if not re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        day = dt.date.fromisoformat(text) + dt.timedelta(days=days)
    except ValueError:
        return None
    viewer = viewer_in(request)
    return dt.datetime.combine(day, dt.time(), ZoneInfo(viewer.timezone if viewer else "UTC"))


def _is_own_project(request: HttpRequest, text: str) -> bool:
    try:
        number = uuid.UUID(text)
    except ValueError:
        return False
    return of_organisation(actor_of(request)).filter(id=number).exists()
