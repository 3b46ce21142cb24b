"""The first page of finance: is every promise covered, and what waits for a person?"""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.pay import payments
from palabre.pay.cover import cover
from palabre.pay.models import Payout
from palabre.pay.stuck import stuck_days
from palabre.people.actor import Actor
from palabre.people.queries import Viewer
from palabre.record.failures import failures
from palabre.web.access import at_of
from palabre.work.access import of_organisation
from palabre.work.models import Project
from palabre.work.queries import nights
from palabre.work.queries.escrows import escrows
from palabre.work.views.money.settlements import last_night

# More projects than these are looked at on their own page.
LOOKED_AT = 200


def finance_home(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """What waits for her now, and whether every promise is covered."""
    by, at = viewer.actor, at_of(request)
    night = last_night(request)
    context = {
        "viewer": viewer,
        "at": at,
        "cover": cover(at.date()),
        "night": night,
        "settled": nights.sums_of(by, night),
        **waits(by, at),
    }
    return render(request, "web/home/finance.html", context)


def waits(by: Actor, at: dt.datetime) -> dict[str, Sequence[object]]:
    """What waits for her, as her home and her morning's letter say it."""
    looked_at = escrows(by, after=None, limit=LOOKED_AT)
    projects = [one for one in looked_at if one.project.state != Project.State.CLOSED]
    to_carry, carried = payments.open_payouts(by)
    return {
        "no_money": [one for one in projects if not one.deposited],
        "running_out": [one for one in projects if one.deposited and one.lacks],
        "to_give_back": [one for one in looked_at if one.to_give_back],
        "to_carry": to_carry,
        "carried": carried,
        "unknown": [one for one in carried if one.state == Payout.State.UNKNOWN],
        "waiting": nights.waiting(by, at),
        "passed": _passed(by),
        "stuck": stuck_days(by.organisation, at),
    }


def _passed(by: Actor) -> list[Project]:
    """Projects whose shares could not be moved."""
    stuck = [one.subject.removeprefix("project:") for one in failures(by.organisation, jobs=("shares",))]
    return list(of_organisation(by).filter(id__in=stuck).order_by("id"))
