"""Figures of a project's members, as each of them sees her own."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.quality.queries.members import ENOUGH, figures_of_members
from palabre.web.access import actor_of
from palabre.web.page import page
from palabre.work.access import project_for

PAGE = 25


@page(Permission.ASSIGN_TASKS)
def project_members(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """By name, never a ranking."""
    by = actor_of(request)
    found = project_for(by, project, Permission.ASSIGN_TASKS)
    rows = figures_of_members(found.id, by, after=_after(request), limit=PAGE + 1)
    context = {
        "project": found,
        "members": rows[:PAGE],
        "next": rows[PAGE - 1] if len(rows) > PAGE else None,
        "enough": ENOUGH,
    }
    return render(request, "quality/members.html", context)


def _after(request: HttpRequest) -> tuple[str, uuid.UUID] | None:
    """Where the last page ended. Raises: NotFound."""
    after = request.GET.get("after", "")
    try:
        return (request.GET.get("name", ""), uuid.UUID(after)) if after else None
    except ValueError:
        raise NotFound from None
