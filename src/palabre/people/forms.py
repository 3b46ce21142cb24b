"""What people type at the door and about themselves."""

from typing import TYPE_CHECKING

from allauth.account.forms import LoginForm, ReauthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def password_field(
    label: "StrOrPromise", autocomplete: str, help_text: "StrOrPromise" = ""
) -> forms.CharField:
    """A password, which may be pasted and which a password manager recognises."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )


class SignIn(LoginForm):
    """One field for e-mail or phone, one for the password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Phone or e-mail"),
            max_length=254,
            widget=forms.TextInput(
                {"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"] = password_field(_("Password"), "current-password")
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        return {"login": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class PasswordAgain(ReauthenticateForm):
    """Before something that a thief of an open phone shouldn't do."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Your password"), "current-password")
