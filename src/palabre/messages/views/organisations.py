"""The clients of an operator, and the outbox."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.messages.actions import invite_client, invite_to_client
from palabre.messages.forms import NewClientForm
from palabre.messages.queries import outbox as newest_messages
from palabre.messages.views.invitations import invited
from palabre.people.forms import PersonForm
from palabre.people.permissions import Permission
from palabre.people.queries import client_of, clients_of
from palabre.settings import current
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import page


@page(Permission.ADMINISTER)
def organisations(request: HttpRequest) -> HttpResponse:
    """Every client of this operator."""
    return render(request, "messages/organisations.html", {"clients": clients_of(actor_of(request))})


@page(Permission.ADMINISTER)
def new_client(request: HttpRequest) -> HttpResponse:
    """A new client, with an invitation to its first person."""
    form = form_of(NewClientForm, request, initial={"language": request.LANGUAGE_CODE})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        with refusals(form):
            made = invite_client(
                data["organisation"],
                data["country"],
                data["timezone"],
                contact=form.person(),
                language=data["language"],
                by=actor_of(request),
                at=at_of(request),
            )
            return invited(request, made, "organisations")
    return show(request, "messages/new_client.html", form)


@page(Permission.ADMINISTER)
def client_person(request: HttpRequest, client: uuid.UUID) -> HttpResponse:
    """One more person for a client."""
    by = actor_of(request)
    found = client_of(client, by)
    form = form_of(PersonForm, request, initial={"language": request.LANGUAGE_CODE})
    if form.is_bound and form.is_valid():
        language = form.cleaned_data["language"]
        with refusals(form):
            made = invite_to_client(client, form.person(), language=language, by=by, at=at_of(request))
            return invited(request, made, "organisations")
    return show(request, "messages/client_person.html", form, client=found)


@page(Permission.ADMINISTER)
def outbox(request: HttpRequest) -> HttpResponse:
    """What was sent to people. In the demo nothing leaves, and every message can be read here."""
    demo = current().demo
    return render(
        request, "messages/outbox.html", {"posted": newest_messages(actor_of(request)), "readable": demo}
    )
