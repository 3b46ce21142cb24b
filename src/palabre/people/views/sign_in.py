"""The door: password, passkey, the second step, and out again."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from palabre.people.views.frame import framed
from palabre.web.access import PUBLIC
from palabre.web.page import page
from palabre.web.sign_in import see

_sign_in = framed(account.LoginView.as_view(template_name="people/sign_in.html"), PUBLIC)


@page(PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Phone or e-mail with password, or a passkey. Whose access has ended everywhere is told so."""
    if request.user.is_authenticated and see(request) is None:
        return render(request, "people/no_place.html")
    return _sign_in(request)


sign_out = framed(account.LogoutView.as_view(template_name="people/sign_out.html"), PUBLIC)
passkey_sign_in = framed(webauthn.LoginWebAuthnView.as_view(), PUBLIC)
second = framed(second_step.AuthenticateView.as_view(template_name="people/second_step.html"), PUBLIC)
