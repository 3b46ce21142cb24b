"""The first page of the role: administrator."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.queries import Viewer


def administrator_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    return render(request, "web/home/administrator.html", {"viewer": viewer})
