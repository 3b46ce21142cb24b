"""Inviting people: the only way in."""

import uuid

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from palabre.messages.actions import Invited, invite, invite_again
from palabre.messages.forms import InviteForm
from palabre.people import queries
from palabre.people.permissions import Permission
from palabre.people.queries import organisation_of
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page

MANAGE = Permission.MANAGE_PEOPLE
_SHOWN_ONCE = "link_to_hand_over"


@page(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Somebody new, with her roles."""
    by = actor_of(request)
    place = organisation_of(by)
    form = form_of(InviteForm, request, initial={"language": request.LANGUAGE_CODE}, place=place.kind)
    if form.is_bound and form.is_valid():
        home = form.home() if form.cleaned_data["country"] else None
        language = form.cleaned_data["language"]
        with refusals(form):
            made = invite(
                form.person(), roles=form.chosen(), language=language, home=home, by=by, at=at_of(request)
            )
            return invited(request, made, "person", account=made.account)
    return show(request, "messages/invite.html", form)


@page(MANAGE)
def again(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """A new link; the one before is over."""
    by = actor_of(request)
    if request.method == "POST":
        return invited(request, invite_again(account, by=by, at=at_of(request)), "person", account=account)
    return render(request, "messages/again.html", {"person": queries.person(account, by)})


def invited(request: HttpRequest, made: Invited, to: str, **where: object) -> HttpResponse:
    """To the next page; by way of the link itself, shown this once, where nothing is set up to send it."""
    if made.address is None:
        return done(request, gettext("The invitation is on its way."), to, **where)
    return to_hand_over(request, made.address, gettext("The invitation is made."))


def to_hand_over(request: HttpRequest, address: str, sentence: str) -> HttpResponse:
    """To the page that shows a link, this once."""
    request.session[_SHOWN_ONCE] = address
    return done(request, sentence, "hand-over")


@page(Permission.LET_IN)
@never_cache
def hand_over(request: HttpRequest) -> HttpResponse:
    """The last link that was made here, once."""
    address = request.session.pop(_SHOWN_ONCE, None)
    shown = {"address": address, "picture": picture_of(address) if address else ""}
    return render(request, "messages/hand_over.html", shown)


def picture_of(address: str) -> str:
    """A picture that the camera of a phone reads: nobody types such an address. Drawn as for the app with codes."""
    drawing = str(get_adapter().build_totp_svg(address))
    return drawing[drawing.index("<svg") :]
