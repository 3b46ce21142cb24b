"""The first page of the role: member."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.queries import Viewer


def member_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    return render(request, "web/home/member.html", {"viewer": viewer})
