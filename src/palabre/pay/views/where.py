"""Where a member's money goes: what holds, what waits, what was before, and the form that changes it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.pay import queries
from palabre.pay.actions import in_use, name_destination, waiting, waiting_time, withdraw_destination
from palabre.pay.destinations import Rail, masked
from palabre.pay.forms import DestinationForm
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page

_HOUR = 3600


@page(SIGNED_IN)
def destination(request: HttpRequest) -> HttpResponse:
    """Where her money goes now, and a change that waits."""
    at = at_of(request)
    member = queries.oneself(actor_of(request))
    now, next_one = in_use(member, at), waiting(member, at)
    history = [one for one in queries.destinations_of(member) if one not in (now, next_one)]
    context = {
        "now": now and masked(now),
        "waits": next_one and (masked(next_one), next_one.usable_from),
        "history": [(masked(one), one) for one in history],
        "hours": int(waiting_time().total_seconds()) // _HOUR,
    }
    return render(request, "pay/member/destination.html", context)


@page(SIGNED_IN, proven=True)
def change(request: HttpRequest, rail: str) -> HttpResponse:
    """The form of one way. The door has asked once more that it is she. Raises: NotFound."""
    if rail not in Rail.values:
        raise NotFound
    by, at = actor_of(request), at_of(request)
    member = queries.oneself(by)
    place = queries.lived_by(member).at(at)
    form = form_of(DestinationForm, request, rail=rail, country=place.country, name=queries.name_of(member))
    if form.is_bound and form.is_valid():
        with refusals(form):
            named = name_destination(form.wanted(), proved_at=at, by=by, at=at)
            said = gettext("Noted: your money goes there now.")
            if named.usable_from > at:
                said = gettext("Noted. Until the change holds, your money goes where it went before.")
            return done(request, said, "destination")
    context = {
        "rail": rail,
        "first": in_use(member, at) is None,
        "hours": int(waiting_time().total_seconds()) // _HOUR,
    }
    return show(request, "pay/member/destination_change.html", form, **context)


@page(SIGNED_IN)
def take_back_change(request: HttpRequest) -> HttpResponse:
    """A change that waits is not wanted, or was never hers."""
    if request.method == "POST":
        withdraw_destination(by=actor_of(request), at=at_of(request))
        return done(request, gettext("Taken back: your money goes where it went before."), "destination")
    return HttpResponseRedirect(reverse("destination"))
