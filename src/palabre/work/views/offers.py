"""Work on offer to a member, with all that she needs to know before she takes it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.pay.paper.names import FLOORS
from palabre.pay.queries import floor_of, lived_by, oneself
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.page import page
from palabre.work.queries.her_work import MOST_LEFT, open_work, worked_on
from palabre.work.queries.unpriced import unpriced_for_her


@page(Permission.WORK)
def offers(request: HttpRequest) -> HttpResponse:
    """What she can do now, what she has done before, or why there is nothing."""
    by = actor_of(request)
    lived = lived_by(oneself(by))
    today = lived.day_of(at_of(request))
    found = open_work(by)
    context = {
        "open": found,
        "before": worked_on(by, {one.offer.project.id for one in found}),
        "floor": floor_of(lived.on(today), today),
        "floors": FLOORS,
        "unpriced": unpriced_for_her(by),
        "most_left": MOST_LEFT,
    }
    return render(request, "work/member/offers.html", context)
