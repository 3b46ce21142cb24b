"""People at work: when each was heard of last, what she did this week, what of hers needs somebody; and one of them."""

import datetime as dt
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.decisions.kinds import kind_of
from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.times import day_of
from palabre.web.access import actor_of, at_of
from palabre.web.page import page
from palabre.web.sign_in import viewer_in
from palabre.work.queries.one_member import (
    WEEKS,
    corrections_of,
    decisions_about,
    one_member,
    projects_of,
    questions_of,
    sample_of,
)
from palabre.work.queries.people import SILENT, people_at_work

PAGE = 50
SHOWN = ("", "working", "needs", "silent")
LONGEST_NAME = 100


@page(Permission.ASSIGN_TASKS)
def people(request: HttpRequest) -> HttpResponse:
    """By name; all, those who work now, those who need somebody, or those who are silent."""
    at, monday = at_of(request), _monday(request)
    shown = request.GET.get("show", "")
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


@page(Permission.ASSIGN_TASKS)
def member_at_work(request: HttpRequest, member: uuid.UUID) -> HttpResponse:
    """One member: how to reach her, and what she does and waits for in the operator's own projects."""
    by, at = actor_of(request), at_of(request)
    context = {
        "person": one_member(by, member),
        "projects": projects_of(by, member, _monday(request), at),
        "questions": questions_of(by, member),
        "corrections": corrections_of(by, member) if by.may(Permission.CORRECT_TIME) else [],
        "decisions": [(one, kind_of(one.kind)) for one in decisions_about(by, member)]
        if by.may(Permission.DECIDE)
        else [],
        "sample": sample_of(by, member),
        "weeks": WEEKS,
        "at": at,
        "oneself": member == by.account,
        "lets_in": by.may(Permission.LET_IN),
    }
    return render(request, "work/coordinator/member.html", context)


def _monday(request: HttpRequest) -> dt.date:
    """The first day of the week where who looks lives."""
    viewer = viewer_in(request)
    today = day_of(at_of(request), viewer.timezone if viewer else "UTC")
    return today - dt.timedelta(days=today.weekday())


def _after(request: HttpRequest) -> tuple[str, uuid.UUID] | None:
    """Where the last page ended. Raises: NotFound."""
    after = request.GET.get("after", "")
    try:
        return (request.GET.get("name", ""), uuid.UUID(after)) if after else None
    except ValueError:
        raise NotFound from None
