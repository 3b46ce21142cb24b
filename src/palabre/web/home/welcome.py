"""The door: what Palabre is; in demo mode, a seat for each role."""

import uuid

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.i18n import set_language

from palabre.errors import NotFound
from palabre.people.devices import device_of
from palabre.people.models import Account
from palabre.people.sessions import DEVICE
from palabre.settings import current
from palabre.web.access import PUBLIC
from palabre.web.home.seats import objects, seats
from palabre.web.page import page


@page(PUBLIC)
def welcome(request: HttpRequest) -> HttpResponse:
    """What Palabre is, for whom, and how to come in."""
    return render(request, "web/welcome.html", {"seats": seats() if current().demo else []})


@page(PUBLIC)
def take_seat(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Sign in as one of the demo's people with one click. Anywhere else there is nothing under this address."""
    if not current().demo or request.method != "POST":
        raise NotFound
    person = get_object_or_404(Account, id=account, is_active=True)
    if request.user.is_authenticated:  # what nobody's session keeps, she typed before her own was over
        request.session.flush()
    login(request, person)
    record_authentication(request, person, method="seat")
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))
    wished = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wished, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wished if safe else reverse("home"))


@page(PUBLIC)
def demo_objects(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Ids of the demo's objects by name, for the pictures of every page. Raises: NotFound, outside of the demo."""
    if not current().demo:
        raise NotFound
    return JsonResponse(objects())


@page(PUBLIC)
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language on this browser, and go back to the page."""
    response = set_language(request)
    if not isinstance(response, HttpResponse):
        raise TypeError("Django answered a form with nothing")
    return response
