"""Coming in, and who is here."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from palabre.web.access import PUBLIC, SIGNED_IN
from palabre.web.page import page


@page(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "people/account.html")


@page(PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponseRedirect(reverse("welcome"))
