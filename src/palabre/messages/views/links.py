"""Asking for a link: the answer is the same whoever is meant."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from palabre.messages.actions import ask_for_link
from palabre.messages.channels import channel
from palabre.messages.forms import AskForLink
from palabre.messages.models import Message
from palabre.people.models import Link
from palabre.people.trying import LINK, try_as
from palabre.web.access import PUBLIC, at_of
from palabre.web.forms import form_of, show
from palabre.web.page import page


@page(PUBLIC)
def ask(request: HttpRequest) -> HttpResponse:
    """By e-mail or SMS, to the address that we know."""
    form = form_of(AskForLink, request)
    if form.is_bound and form.is_valid():
        login, purpose = form.cleaned_data["login"], Link.Purpose(form.cleaned_data["purpose"])
        try_as(request, login, LINK)
        ask_for_link(login, purpose, at=at_of(request))
        return HttpResponseRedirect(reverse("link-asked"))
    sends = channel(Message.Channel.EMAIL) is not None
    return show(request, "messages/ask.html", form, sends=sends)


@page(PUBLIC)
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next, said to everybody alike."""
    return render(request, "messages/asked.html")
