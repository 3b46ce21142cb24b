"""The first page of the role: client."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.impact.queries.standing import projects_at_a_glance
from palabre.impact.queries.waiting import waiting_in
from palabre.people.queries import Viewer
from palabre.web.access import at_of

# Older ones are one link away.
LOOKED_AT, SHOWN = 20, 6


def client_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now, and her newest projects."""
    projects = projects_at_a_glance(viewer.actor, limit=LOOKED_AT, at=at_of(request))
    context = {
        "viewer": viewer,
        "waiting": waiting_in(projects),
        "projects": projects[:SHOWN],
        "more": len(projects) > SHOWN,
        "of_client": True,
    }
    return render(request, "web/home/client.html", context)
