"""People at work: when each was heard of last, what she did this week, what of hers needs somebody."""

import datetime as dt
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.times import day_of
from palabre.web.access import actor_of, at_of
from palabre.web.page import page
from palabre.web.sign_in import viewer_in
from palabre.work.queries.people import SILENT, people_at_work

PAGE = 50
SHOWN = ("", "working", "needs", "silent")
LONGEST_NAME = 100


@page(Permission.ASSIGN_TASKS)
def people(request: HttpRequest) -> HttpResponse:
    """By name; all, those who work now, those who need somebody, or those who are silent."""
    at, viewer = at_of(request), viewer_in(request)
    shown = request.GET.get("show", "")
    today = day_of(at, viewer.timezone if viewer else "UTC")
    monday = today - dt.timedelta(days=today.weekday())
    show = shown if shown in SHOWN else ""
    find = request.GET.get("find", "")[:LONGEST_NAME].strip()
    rows = people_at_work(
        actor_of(request), at, monday, show=show, find=find, after=_after(request), limit=PAGE + 1
    )
    context = {
        "people": rows[:PAGE],
        "last": rows[PAGE - 1] if len(rows) > PAGE else None,
        "show": show,
        "find": find,
        "at": at,
        "silent_days": SILENT.days,
    }
    return render(request, "work/coordinator/people.html", context)


def _after(request: HttpRequest) -> tuple[str, uuid.UUID] | None:
    """Where the last page ended. Raises: NotFound."""
    after = request.GET.get("after", "")
    try:
        return (request.GET.get("name", ""), uuid.UUID(after)) if after else None
    except ValueError:
        raise NotFound from None
