"""Where a one-time link leads. Opening it changes nothing: programs that read e-mail open every address."""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from palabre.people.actions import look_at_link, use_link
from palabre.people.errors import LinkOver
from palabre.people.models import Link
from palabre.people.trying import try_from
from palabre.web.access import SIGNED_LINK, at_of
from palabre.web.page import page
from palabre.web.proof import CAME_BY_LINK

# What she asked for herself and read at her own address shows that it is she; what somebody made for her does not.
_HER_OWN = frozenset({Link.Purpose.SIGN_IN, Link.Purpose.NEW_PASSWORD})
_LEADS_TO = {
    Link.Purpose.INVITATION: "first-steps",
    Link.Purpose.NEW_PASSWORD: "password",
    Link.Purpose.SIGN_IN: "home",
    Link.Purpose.WAY_IN: "password",
}


@page(SIGNED_LINK)
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """A page with one button; the button uses the link up and signs in."""
    if request.method == "POST":
        try_from(request, "open link", most=30, seconds=2)
    try:
        link = look_at_link(secret, at=at_of(request))
        if request.method == "POST":
            return _come_in(request, use_link(secret, at=at_of(request)))
    except LinkOver:
        return render(request, "people/link_over.html", status=404)
    if "django_language" not in request.COOKIES:
        translation.activate(link.account.language)
    return render(request, "people/link.html", {"link": link})


def _come_in(request: HttpRequest, link: Link) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)
    if link.purpose != Link.Purpose.SIGN_IN:
        request.session[CAME_BY_LINK] = int(time.time())
    if link.purpose in _HER_OWN:
        record_authentication(request, link.account, method="link")
    response: HttpResponse = perform_login(
        request, link.account, redirect_url=reverse(_LEADS_TO[Link.Purpose(link.purpose)])
    )
    return response
