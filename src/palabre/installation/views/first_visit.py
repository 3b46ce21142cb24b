"""The first visit: who runs this, and who looks after it."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.installation.first_visit import holds
from palabre.people.actions import Operator, PersonalFields, found, set_password
from palabre.people.actor import Actor
from palabre.people.forms import LanguageForm, NewPassword, PlaceFields
from palabre.people.models import Account
from palabre.people.trying import try_from
from palabre.settings import current
from palabre.web.access import SIGNED_LINK, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import page


class FirstVisit(NewPassword, LanguageForm, PlaceFields):
    """The operator, its administrator, her password."""

    organisation = forms.CharField(
        label=_("Name of the organisation that runs the community"), max_length=200
    )
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.CharField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    field_order = ("organisation", "country", "timezone", "name", "email", "language", "password")


@page(SIGNED_LINK)
def first_visit(request: HttpRequest, token: str) -> HttpResponse:
    """Make the operator and its administrator, and sign her in. Raises: NotFound, for any other link."""
    if request.method == "POST":
        try_from(request, "open link", most=30, seconds=2)
    if not holds(current(), token, at=at_of(request)) or Account.objects.exists():
        raise NotFound
    form = form_of(FirstVisit, request, initial={"language": request.LANGUAGE_CODE})
    if form.is_bound and form.is_valid():
        with refusals(form):
            account = _found(request, form.cleaned_data)
            record_authentication(request, account, method="password")
            response: HttpResponse = perform_login(request, account, redirect_url=reverse("home"))
            return response
    return show(request, "installation/first_visit.html", form)


def _found(request: HttpRequest, data: dict[str, str]) -> Account:
    """All of it or nothing."""
    at = at_of(request)
    with transaction.atomic():
        account = found(
            Operator(data["organisation"], data["country"], data["timezone"]),
            PersonalFields(data["name"], data["email"]),
            language=data["language"],
            at=at,
        )
        grant = account.grants.get()
        by = Actor(account.id, grant.organisation_id, frozenset())
        return set_password(data["password"], by=by, at=at)
