"""Passkeys, the app with codes and the recovery codes: allauth's steps on our pages."""

from allauth.account import views as allauth_account
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as second_step
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy

from palabre.people.views.frame import View, framed
from palabre.settings import current
from palabre.web.access import SIGNED_IN

_HOME = reverse_lazy("account")


class ActivateApp(totp.ActivateTOTPView):
    """The picture for the app is drawn into the page: the policy allows no data: address."""

    template_name = "people/app.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        context: dict[str, object] = super().get_context_data(**kwargs)
        drawing = str(context["totp_svg"])
        context["drawing"] = drawing[drawing.index("<svg") :]
        return context


class AddPasskey(webauthn.AddWebAuthnView):
    """Whoever has just made a key with her finger isn't asked for it again to read her recovery codes."""

    template_name = "people/add_passkey.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Browsers make no passkey for an address in numbers: the page then says by which name to come."""
        context: dict[str, object] = super().get_context_data(**kwargs)
        by_number = self.request.get_host().startswith(("127.0.0.1", "[::1]"))
        return context | {"by_name": current().url if by_number else ""}

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        record_authentication(
            self.request,
            authenticated_user(self.request),
            "mfa",
            type=Authenticator.Type.WEBAUTHN,
            reauthenticated=True,
        )
        return response


def _possible(view: View) -> View:
    """Somebody without a password or a key can't be asked for one again: a new link to her own address says it."""

    def shown(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        if not get_adapter().get_reauthentication_methods(request.user):
            return render(request, "people/again_by_link.html")
        return view(request, **kwargs)

    return shown


again = framed(
    _possible(allauth_account.ReauthenticateView.as_view(template_name="people/again.html")),
    SIGNED_IN,
    once=False,
)
again_code = framed(
    _possible(second_step.ReauthenticateView.as_view(template_name="people/again.html")),
    SIGNED_IN,
    once=False,
)
again_passkey = framed(
    _possible(webauthn.ReauthenticateWebAuthnView.as_view(template_name="people/again_passkey.html")),
    SIGNED_IN,
)
add_passkey = framed(AddPasskey.as_view(), SIGNED_IN, proven=True)
remove_passkey = framed(
    webauthn.RemoveWebAuthnView.as_view(template_name="people/remove_passkey.html", success_url=_HOME),
    SIGNED_IN,
    proven=True,
)
add_app = framed(ActivateApp.as_view(), SIGNED_IN, proven=True)
remove_app = framed(
    totp.DeactivateTOTPView.as_view(template_name="people/remove_app.html", success_url=_HOME),
    SIGNED_IN,
    proven=True,
)
codes = framed(
    recovery.ViewRecoveryCodesView.as_view(template_name="people/codes.html"), SIGNED_IN, proven=True
)
new_codes = framed(
    recovery.GenerateRecoveryCodesView.as_view(template_name="people/new_codes.html"), SIGNED_IN, proven=True
)
