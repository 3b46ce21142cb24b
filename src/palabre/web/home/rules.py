"""Every rule that touches a member, in plain words: the numbers are the code's own."""

import datetime as dt
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.decisions.actions import ANSWER_WITHIN as APPEAL_WITHIN
from palabre.decisions.actions import CONTEST_WITHIN
from palabre.pay.actions import waiting_time
from palabre.pay.floors import CHECKED_FOR, PlaceFloor
from palabre.pay.paper.names import FLOORS
from palabre.pay.queries import floor_of, places_with_floors
from palabre.people.permissions import Permission
from palabre.people.queries import Viewer
from palabre.people.residences import residences_of
from palabre.people.small_groups import FEWEST
from palabre.quality.queries.members import ENOUGH
from palabre.timesheet.actions.waiting import ANSWER_WITHIN
from palabre.timesheet.figures import LONGEST, TOLERANCE, Figures, figures
from palabre.web.access import PUBLIC, at_of
from palabre.web.page import page
from palabre.web.sign_in import viewer_in
from palabre.work.actions.leases import MOST_HELD
from palabre.work.models import Project
from palabre.work.queries.her_work import MEASURED_FROM

# The clock on the device keeps its own rules (workbench/src/shell/clock.ts and store.ts); a test holds these to them.
IDLE = dt.timedelta(minutes=2)
HIDDEN = dt.timedelta(seconds=30)
OUTSIDE = dt.timedelta(minutes=5)
LONGEST_WAIT = dt.timedelta(minutes=2)
GAP_KEPT = dt.timedelta(days=14)
_HOUR, _MINUTE, _SECOND = dt.timedelta(hours=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the sentences are filled with."""

    idle_minutes: int = IDLE // _MINUTE
    hidden_seconds: int = HIDDEN // _SECOND
    outside_minutes: int = OUTSIDE // _MINUTE
    wait_minutes: int = LONGEST_WAIT // _MINUTE
    gap_days: int = GAP_KEPT.days
    longest_hours: int = LONGEST // _HOUR
    tolerance_minutes: int = TOLERANCE // _MINUTE
    time: Figures = field(default_factory=figures)
    correction_days: int = ANSWER_WITHIN.days
    contest_days: int = CONTEST_WITHIN.days
    appeal_days: int = APPEAL_WITHIN.days
    lease_hours: int = Project._meta.get_field("lease_hours").default  # noqa: SLF001 - Django's documented way
    most_held: int = MOST_HELD
    measured_from: int = MEASURED_FROM
    least_compared: int = ENOUGH
    fewest: int = FEWEST
    checked_days: int = CHECKED_FOR.days
    change_hours: int = field(default_factory=lambda: waiting_time() // _HOUR)


@page(PUBLIC)
def rules(request: HttpRequest) -> HttpResponse:
    """For anybody to read; with her own floor for who is signed in and lives somewhere."""
    at = at_of(request)
    viewer = viewer_in(request)
    own = _own_floor(viewer, at) if viewer else None
    context = {
        "n": Numbers(),
        "own": own,
        "floors": [] if own else places_with_floors(at.date()),
        "kinds": FLOORS,
    }
    return render(request, "web/rules.html", context)


@page(PUBLIC)
def help_page(request: HttpRequest) -> HttpResponse:
    """How to reach a person, and what to do when something does not work."""
    viewer = viewer_in(request)
    works = viewer is not None and viewer.may(Permission.WORK)
    return render(request, "web/help.html", {"n": Numbers(), "works": works})


def _own_floor(viewer: Viewer, at: dt.datetime) -> PlaceFloor | None:
    lived = residences_of(viewer.account)
    return floor_of(lived.at(at), lived.day_of(at)) if lived else None
