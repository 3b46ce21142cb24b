"""The first page of the role: reviewer. Tasks in dispute, what they bring her an hour, her counted time."""

import datetime as dt

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.people.queries import Viewer
from palabre.quality.queries.reviews import review_time, reviews_waiting
from palabre.times import day_of
from palabre.timesheet.models import TimeEntry
from palabre.web.access import at_of
from palabre.work.queries.looks import two_answers_count


def reviewer_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now."""
    by = viewer.actor
    waiting = reviews_waiting(by)
    today = day_of(at_of(request), viewer.timezone)
    monday = today - dt.timedelta(days=today.weekday())
    context = {
        "viewer": viewer,
        "waiting": waiting,
        "tasks": sum(one.tasks for one in waiting),
        "more": any(one.more for one in waiting),
        "in_hand": [one for one in waiting if one.open_review],
        "reviewed_ms": review_time(by, monday),
        "counted_ms": _counted(viewer, monday),
        "choices": two_answers_count(by),
    }
    return render(request, "web/home/reviewer.html", context)


def _counted(viewer: Viewer, monday: dt.date) -> int:
    """All of her counted time this week, reviews and tasks alike."""
    hers = TimeEntry.objects.filter(member=viewer.account, day__gte=monday)
    return hers.aggregate(total=Sum("counted_ms"))["total"] or 0
