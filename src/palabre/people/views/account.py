"""A person's own page: who she is here, how she comes in, where she is signed in."""

import uuid

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from palabre.errors import NotFound
from palabre.people.actions import end_sessions, set_password, speak
from palabre.people.forms import ChangePassword, LanguageForm, NewPassword
from palabre.people.queries import links_given, oneself, sessions_of
from palabre.people.views.links import CAME_BY_LINK, came_by_link
from palabre.people.words import REASONS_TO_HER
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.errors import NotSignedIn
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
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
    """Set a password: with the old one, or after a link that went to her own address."""
    user = _user(request)
    trusted = came_by_link(request) or not user.has_usable_password()
    form = form_of(NewPassword if trusted else ChangePassword, request)
    if form.is_bound and form.is_valid() and _knows_old(form, user):
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


@page(SIGNED_IN)
def everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out on all other devices."""
    if request.method == "POST":
        end_sessions(by=actor_of(request), at=at_of(request), keep=request.session.session_key)
        return done(request, gettext("You are signed out everywhere else."), "account")
    return HttpResponseRedirect(reverse("account"))


def _user(request: HttpRequest) -> AbstractBaseUser:
    """Raises: NotSignedIn."""
    user = get_user(request)
    if not isinstance(user, AbstractBaseUser):
        raise NotSignedIn
    return user


def _knows_old(form: forms.Form, user: AbstractBaseUser) -> bool:
    old = form.cleaned_data.get("old")
    if old is None or user.check_password(old):
        return True
    form.add_error("old", gettext("This is not your password."))
    return False


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
