"""The door: password, passkey, the second step, and out again."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.webauthn import views as webauthn

from palabre.people.views.frame import framed
from palabre.web.access import PUBLIC

sign_in = framed(account.LoginView.as_view(template_name="people/sign_in.html"), PUBLIC)
sign_out = framed(account.LogoutView.as_view(template_name="people/sign_out.html"), PUBLIC)
passkey_sign_in = framed(webauthn.LoginWebAuthnView.as_view(), PUBLIC)
second = framed(second_step.AuthenticateView.as_view(template_name="people/second_step.html"), PUBLIC)
