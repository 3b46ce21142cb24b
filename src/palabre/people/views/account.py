"""A person's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from palabre.web.access import SIGNED_IN
from palabre.web.page import page


@page(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "people/account.html")
