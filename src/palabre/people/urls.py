"""Coming in, and who is here."""

from django.urls import path

from palabre.people.views import account, links, people, security, sign_in

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/login/", sign_in.sign_in, name="account_login"),
    path("account/login/passkey/", sign_in.passkey_sign_in, name="mfa_login_webauthn"),
    path("account/login/second-step/", sign_in.second, name="mfa_authenticate"),
    path("account/logout/", sign_in.sign_out, name="account_logout"),
    path("account/link/<str:secret>/", links.open_link, name="open-link"),
    path("account/first-steps/", account.first_steps, name="first-steps"),
    path("account/language/", account.language, name="my-language"),
    path("account/acting-for/", account.acting_for, name="acting-for"),
    path("account/password/", account.password, name="password"),
    path("account/token/", account.new_token, name="my-token"),
    path("account/sessions/", account.everywhere, name="end-sessions"),
    # Under the names that allauth looks for.
    path("account/again/", security.again, name="account_reauthenticate"),
    path("account/again/code/", security.again_code, name="mfa_reauthenticate"),
    path("account/again/passkey/", security.again_passkey, name="mfa_reauthenticate_webauthn"),
    path("account/security/", account.account, name="mfa_index"),
    path("account/passkeys/add/", security.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<row:pk>/remove/", security.remove_passkey, name="mfa_remove_webauthn"),
    path("account/app/", security.add_app, name="mfa_activate_totp"),
    path("account/app/remove/", security.remove_app, name="mfa_deactivate_totp"),
    path("account/codes/", security.codes, name="mfa_view_recovery_codes"),
    path("account/codes/new/", security.new_codes, name="mfa_generate_recovery_codes"),
    path("people/", people.people, name="people"),
    path("people/<uuid:account>/", people.person, name="person"),
    path("people/<uuid:account>/roles/", people.roles, name="person-roles"),
    path("people/<uuid:account>/correct/", people.correct, name="person-correct"),
    path("people/<uuid:account>/residence/", people.residence, name="person-residence"),
    path("people/<uuid:account>/erase/", people.erase, name="person-erase"),
    path("tokens/<uuid:token>/end/", people.end_token, name="end-token"),
]
