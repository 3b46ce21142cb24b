"""A person's own page: who she is here, how she comes in, where she is signed in."""

import uuid

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from palabre.errors import NotFound
from palabre.people.actions import create_token, end_sessions, set_password, speak
from palabre.people.forms import LanguageForm, NewPassword, TokenForm
from palabre.people.permissions import ALLOWED, WORKING
from palabre.people.queries import links_given, oneself, organisation_of, sessions_of, tokens_of
from palabre.people.words import REASONS_TO_HER
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.web.proof import CAME_BY_LINK, came_by_link, prove
from palabre.web.sign_in import ACTING_FOR, viewer_in


@page(SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    """Everything about herself that is not about her work."""
    by, at = actor_of(request), at_of(request)
    keys = list(Authenticator.objects.filter(user_id=by.account).order_by("created_at"))
    context = {
        "oneself": oneself(by),
        "sessions": sessions_of(by, at),
        "here": request.session.session_key,
        "passkeys": [key for key in keys if key.type == Authenticator.Type.WEBAUTHN],
        "app": any(key.type == Authenticator.Type.TOTP for key in keys),
        "codes": any(key.type == Authenticator.Type.RECOVERY_CODES for key in keys),
        "languages": settings.LANGUAGES,
        "tokens": tokens_of(by.account, by) if by.account is not None else [],
        "programs": bool(by.roles - WORKING),
        "given": [(one, REASONS_TO_HER[one.reason]) for one in links_given(by)],
    }
    return render(request, "people/account.html", context)


@page(SIGNED_IN)
def language(request: HttpRequest) -> HttpResponse:
    """The language that she is addressed in, on every device."""
    form = form_of(LanguageForm, request)
    response = HttpResponseRedirect(reverse("account"))
    if form.is_bound and form.is_valid():
        chosen = speak(form.cleaned_data["language"], by=actor_of(request), at=at_of(request)).language
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@page(SIGNED_IN)
def acting_for(request: HttpRequest) -> HttpResponse:
    """Act for another one of her organisations from now on. Raises: NotFound."""
    viewer = viewer_in(request)
    wished = request.POST.get("organisation", "")
    if viewer is None or wished not in {str(place.id) for place in viewer.places}:
        raise NotFound
    request.session[ACTING_FOR] = str(uuid.UUID(wished))
    return HttpResponseRedirect(reverse("home"))


@page(SIGNED_IN)
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Set a password: after a fresh proof, or after a link that sets a new one."""
    if not came_by_link(request):
        prove(request)
    form = form_of(NewPassword, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            _set(request, form)
            return done(
                request, gettext("Your password is set. Your other devices are signed out."), "account"
            )
    return show(request, "people/password.html", form)


@page(SIGNED_IN)
@sensitive_post_parameters()
def first_steps(request: HttpRequest) -> HttpResponse:
    """After an invitation: a password, or a passkey instead."""
    if not came_by_link(request):
        return HttpResponseRedirect(reverse("home"))
    form = form_of(NewPassword, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            _set(request, form)
            return done(request, gettext("Welcome! Next time you come in with your password."), "home")
    return show(request, "people/first_steps.html", form)


@page(SIGNED_IN, proven=True)
@never_cache
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a key for a program of one's own. Its secret is shown once and kept nowhere. Raises: NotFound."""
    by = actor_of(request)
    if by.account is None:
        raise NotFound
    rights = {right for role in by.roles for right in ALLOWED[role]}
    form = form_of(TokenForm, request, rights=rights)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        with refusals(form):
            _token, secret = create_token(
                by.account,
                organisation_of(by).id,
                name=chosen["name"],
                scopes=chosen["scopes"],
                by=by,
                at=at_of(request),
            )
            request.session["shown_once"] = secret
            return done(request, gettext("The token is made."), "my-token")
    return show(request, "people/token.html", form, secret=request.session.pop("shown_once", None))


@page(SIGNED_IN)
def everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out on all other devices."""
    if request.method == "POST":
        end_sessions(by=actor_of(request), at=at_of(request), keep=request.session.session_key)
        return done(request, gettext("You are signed out everywhere else."), "account")
    return HttpResponseRedirect(reverse("account"))


def _set(request: HttpRequest, form: forms.Form) -> None:
    """Her own session goes on."""
    user = set_password(
        form.cleaned_data["password"],
        by=actor_of(request),
        at=at_of(request),
        keep=request.session.session_key,
    )
    request.session.pop(CAME_BY_LINK, None)
    # The key stays: a double click would otherwise leave her browser with the old one, signed out.
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
