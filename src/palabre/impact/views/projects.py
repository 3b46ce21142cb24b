"""Projects at a glance, and one of them."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.impact.forecast import WINDOW
from palabre.impact.queries.overview import Overview, overview_of
from palabre.impact.queries.standing import Standing, projects_at_a_glance, standings
from palabre.impact.queries.waiting import waiting_in
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.keyset import rows_of
from palabre.web.page import page
from palabre.web.sign_in import viewer_in
from palabre.work.access import project_for
from palabre.work.models import Project

P = Permission
# The days that are looked back on, and today.
SLOTS = WINDOW + 1


@page(P.READ_PROJECTS)
def projects(request: HttpRequest) -> HttpResponse:
    """The projects of her organisation, newest first; `?state=` shows those in one state."""
    by, at = actor_of(request), at_of(request)
    state = request.GET.get("state", "")
    state = state if state in Project.State.values else ""
    shown = rows_of(
        request,
        uuid.UUID,
        lambda after, limit: projects_at_a_glance(by, state=state, after=after, limit=limit, at=at),
        lambda one: one.project.id,
        limit=20,
    )
    viewer = viewer_in(request)
    context = {
        "projects": shown,
        "state": state,
        "states": Project.State.values,
        "of_client": viewer is not None and viewer.place.kind == "client",
        "may_begin": by.may(P.MANAGE_PROJECTS),
    }
    return render(request, "impact/projects.html", context)


@page(P.READ_PROJECTS)
def project(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """How far it is, when it may be done, who works, what it costs, what waits, what happened."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, P.READ_PROJECTS)
    (standing,) = standings([found], at=at)
    seen = overview_of(standing, at=at)
    context = {
        "project": found,
        "overview": seen,
        "chart": bars(seen.pace),
        "until": _until(standing, seen),
        "one": standing,
        "waiting": waiting_in([standing]) if by.may(P.MANAGE_PROJECTS) else [],
        "may_manage": by.may(P.MANAGE_PROJECTS),
        "may_refund": by.may(P.RECORD_DEPOSITS),
    }
    return render(request, "impact/project.html", context)


def _until(standing: Standing, seen: Overview) -> dict[str, object]:
    """From when to when the money may last, where that can be said."""
    found = seen.money.until if seen.money else None
    if found is None:
        return {}
    return {"first": found.earliest(standing.today), "last": found.latest(standing.today)}


def bars(pace: Sequence[tuple[dt.date, int]]) -> dict[str, object]:
    """The last days as bars of a chart 90 points high, the tallest 80; today is the last on the right."""
    most = max((count for _day, count in pace), default=0) or 1
    heights = [round(80 * count / most) for _day, count in pace]
    first = SLOTS - len(heights)
    drawn = [
        {"x": 4 + 26 * (first + n), "y": 85 - height, "height": height} for n, height in enumerate(heights)
    ]
    return {"bars": drawn, "width": 26 * SLOTS + 4}
