"""Setting a project up: the steps from an idea to a running project."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.permissions import Permission
from palabre.web.access import actor_of
from palabre.web.page import page
from palabre.work.access import project_for


@page(Permission.READ_PROJECTS)
def overview(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Every step, whether it is done, and what comes next."""
    found = project_for(actor_of(request), project, Permission.READ_PROJECTS)
    return render(request, "work/setup/overview.html", {"project": found})
