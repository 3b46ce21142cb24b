"""The first page of the role: client."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.queries import Viewer


def client_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    return render(request, "web/home/client.html", {"viewer": viewer})
