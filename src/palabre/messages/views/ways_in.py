"""A new link for somebody who can't come in any more."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from palabre.messages.actions import Invited, give_client_way_in, give_way_in
from palabre.messages.actions.links import person_of
from palabre.messages.channels import way_to
from palabre.messages.forms import ClientWayInForm, WayInForm
from palabre.messages.views.invitations import to_hand_over
from palabre.people.permissions import Permission
from palabre.people.queries import client_of, has_second_step, person_to_let_in
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page


@page(Permission.LET_IN)
def new(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """For one of one's own people."""
    by = actor_of(request)
    found, manages = person_to_let_in(account, by), by.may(Permission.MANAGE_PEOPLE)
    second_step = has_second_step(account)
    form = form_of(WayInForm, request, second_step=second_step and manages)
    if form.is_bound and form.is_valid():
        with refusals(form):
            made = give_way_in(account, form.why(), by=by, at=at_of(request))
            where = {"account": account} if manages else {}
            return _given(request, made, "person" if manages else "people-at-work", **where)
    shown = {"person": found, "second_step": second_step, "manages": manages}
    way = None if found.erased_at else way_to(person_of(account))
    return show(request, "messages/way_in.html", form, way=way, **shown)


@page(Permission.ADMINISTER)
def of_client(request: HttpRequest, client: uuid.UUID) -> HttpResponse:
    """For somebody of a client, which can't do it by itself."""
    by = actor_of(request)
    found = client_of(client, by)
    form = form_of(ClientWayInForm, request, second_step=True)
    if form.is_bound and form.is_valid():
        with refusals(form):
            made = give_client_way_in(
                client, form.cleaned_data["login"], form.why(), by=by, at=at_of(request)
            )
            return _given(request, made, "organisations")
    return show(request, "messages/client_way_in.html", form, client=found)


def _given(request: HttpRequest, made: Invited, to: str, **where: object) -> HttpResponse:
    if made.address is None:
        return done(request, gettext("The new link is on its way to her."), to, **where)
    return to_hand_over(request, made.address, gettext("The new link is made."))
