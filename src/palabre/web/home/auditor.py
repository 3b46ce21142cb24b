"""The first page of the role: auditor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.queries import Viewer


def auditor_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    return render(request, "web/home/auditor.html", {"viewer": viewer})
