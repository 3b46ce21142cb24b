"""Who is here: for who manages people."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.people import queries
from palabre.people.actions import (
    correct_person,
    erase_person,
    move_residence,
    revoke_token,
)
from palabre.people.actions import set_roles as set_all_roles
from palabre.people.forms import EraseForm, HomeForm, IdentityForm, RolesForm
from palabre.people.permissions import Permission
from palabre.people.queries import organisation_of, tokens_of
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.web.templatetags.palabre import day

MANAGE = Permission.MANAGE_PEOPLE
PAGE = 50


@page(MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, page by page in the order in which they came, or those of a name."""
    named = request.GET.get("name", "").strip()[:100]
    rows = queries.people(actor_of(request), named=named, after=_after(request), limit=PAGE + 1)
    context = {"people": rows[:PAGE], "named": named, "next": rows[PAGE - 1].id if len(rows) > PAGE else None}
    return render(request, "people/people.html", context)


def _after(request: HttpRequest) -> uuid.UUID | None:
    """Where the page begins; a broken address begins at the start."""
    try:
        return uuid.UUID(request.GET.get("after", ""))
    except ValueError:
        return None


@page(MANAGE)
def person(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """One person: what is known here, and what can be changed."""
    by = actor_of(request)
    found = queries.person(account, by)
    context = {
        "person": found,
        "tokens": tokens_of(account, by),
        "oneself": account == by.account,
        "languages": dict(settings.LANGUAGES),
    }
    return render(request, "people/person.html", context)


@page(MANAGE)
def roles(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Give roles and take them."""
    by = actor_of(request)
    found = queries.person(account, by)
    place = organisation_of(by).kind
    form = form_of(RolesForm, request, initial={"roles": found.roles}, place=place)
    if form.is_bound and form.is_valid():
        with refusals(form):
            set_all_roles(account, form.chosen(), by=by, at=at_of(request))
            return done(request, gettext("Saved."), "person", account=account)
    return show(request, "people/roles.html", form, person=found)


@page(MANAGE, proven=True)
def correct(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Put her name or her addresses right."""
    by = actor_of(request)
    found = queries.person(account, by)
    initial = {"name": found.name, "email": found.email, "phone": found.phone}
    form = form_of(IdentityForm, request, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals(form):
            correct_person(account, form.person(), by=by, at=at_of(request))
            return done(request, gettext("Saved."), "person", account=account)
    return show(request, "people/correct.html", form, person=found)


@page(MANAGE)
def residence(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Say where she lives, from today on or, where today has time or pay already, from tomorrow on."""
    by = actor_of(request)
    found = queries.person(account, by)
    initial = {"country": found.country, "timezone": found.timezone, "region": found.region}
    form = form_of(HomeForm, request, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals(form):
            moved = move_residence(account, form.home(), by=by, at=at_of(request))
            said = gettext("Saved. It holds from %(day)s on.") % {"day": day(moved.from_day)}
            return done(request, said, "person", account=account)
    return show(request, "people/residence.html", form, person=found)


@page(Permission.ERASE_PEOPLE, proven=True)
def erase(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Delete what identifies her, for good."""
    by = actor_of(request)
    found = queries.person(account, by)
    form = form_of(EraseForm, request, person=found)
    if form.is_bound and form.is_valid():
        with refusals(form):
            erase_person(account, by=by, at=at_of(request), owing=form.cleaned_data["owing"])
            return done(request, gettext("Erased."), "people")
    return show(request, "people/erase.html", form, person=found)


@page(SIGNED_IN)
def end_token(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """End a key of one's own or, for who manages people, of somebody in the organisation."""
    by = actor_of(request)
    owner = queries.owner_of_token(token, by)
    oneself = owner == by.account
    if request.method == "POST":
        revoke_token(token, by=by, at=at_of(request))
        said = gettext("The token opens nothing any more.")
        return done(request, said, "account") if oneself else done(request, said, "person", account=owner)
    return render(request, "people/end_token.html", {"account": owner, "oneself": oneself})
