"""The first page of the role: member. Today and this week, what waits for her, work on offer."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.decisions.kinds import kind_of
from palabre.decisions.queries import on_her_mind
from palabre.pay.days import days_of
from palabre.pay.paper.names import FLOORS
from palabre.pay.picture import picture
from palabre.pay.queries import floor_of, lived_by
from palabre.pay.statements import week_of
from palabre.pay.worth import together, worth_of
from palabre.people.actor import Actor
from palabre.people.queries import Viewer
from palabre.timesheet.queries import corrections_on_her_mind
from palabre.web.access import at_of
from palabre.work.queries.her_work import (
    OpenWork,
    new_guidelines,
    open_work,
    pilots_to_confirm,
    recent_answers,
)
from palabre.work.queries.looks import two_answers_count, unread_of_hers, words_to_her
from palabre.work.queries.unpriced import unpriced_for_her

# An answer stays on the first page for so long.
RECENT = dt.timedelta(days=7)


def member_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What now? Her hours and money as one picture and one sentence, what waits for her, and work."""
    at, by = at_of(request), viewer.actor
    lived = lived_by(viewer.account)
    today = lived.day_of(at)
    week = week_of(today).days
    days = days_of(viewer.account, week[0], week[-1])
    floor = floor_of(lived.on(today), today)
    worths = worth_of(lived, days)
    context = {
        "days": [(day, worths[day.day]) for day in days],
        "today": next(day for day in days if day.day == today),
        "picture": picture(days, today),
        "floor": floor,
        "floors": FLOORS,
        "worth": {"today": worths[today], "week": together(worths.values())},
        "counted_ms": sum(day.counted_ms for day in days),
        **_work(open_work(by)),
        "to_check": next((day for day in reversed(days) if day.counted_ms and day.day < today), None),
        **_waiting(by, at),
    }
    return render(request, "web/home/member.html", context)


def _work(found: list[OpenWork]) -> dict[str, object]:
    """What she goes on with stands first, before her week; for who has begun nothing, all that is on offer."""
    begun = [one for one in found if one.details.begun and one.details.can_work]
    others = [one for one in found if one not in begun] if begun else []
    return {"first": begun or found, "begun": bool(begun), "more": others}


def _waiting(by: Actor, at: dt.datetime) -> dict[str, object]:
    """What she should read or may answer, the most urgent kind first."""
    decisions = [{"decision": one, "kind": kind_of(one.kind)} for one in on_her_mind(by, at, at - RECENT)]
    found: dict[str, object] = {
        "decisions": decisions,
        "guidelines": new_guidelines(by),
        "pilots": pilots_to_confirm(by),
        "answers": recent_answers(by, at - RECENT),
        "corrections": corrections_on_her_mind(by, at - RECENT),
    }
    found |= {
        "choices": two_answers_count(by),
        "words": words_to_her(by, at - RECENT),
        "unread": unread_of_hers(by),
        "unpriced": unpriced_for_her(by),
    }
    return {**found, "waits": any(found.values())}
