"""Coming in, and who is here."""

from django.urls import path

from palabre.people.views import account, sign_in

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/login/", sign_in.sign_in, name="account_login"),
    path("account/logout/", sign_in.sign_out, name="account_logout"),
    path("account/login/passkey/", sign_in.passkey_sign_in, name="mfa_login_webauthn"),
    path("account/login/second-step/", sign_in.second, name="mfa_authenticate"),
]
