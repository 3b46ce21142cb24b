"""What people type at the door, about themselves and about others."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from babel.core import Locale, get_global
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palabre.people.actions import Home, PersonalFields
from palabre.people.actions.tries import spend_code
from palabre.people.fields import countries
from palabre.people.models import Organisation, Role
from palabre.people.permissions import HELD_IN, Permission
from palabre.people.queries import Person
from palabre.people.trying import CODE, try_by
from palabre.people.words import RIGHTS, ROLES

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


def country_choices() -> list[tuple[str, str]]:
    """Every country in the reader's language."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    found = sorted((str(names.get(code, code)), code) for code in countries())
    return [("", "–"), *((code, name) for name, code in found)]


def zones_of(country: str) -> list[str]:
    return list(get_global("territory_zones").get(country, []))


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


def code_field(label: "StrOrPromise") -> forms.CharField:
    """Digits, which a phone offers by itself where it knows them."""
    widget = forms.TextInput(
        {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
    )
    return forms.CharField(label=label, max_length=20, widget=widget)


class AppCode(ActivateTOTPForm):
    """The first code of an app, to see that both count alike."""

    code = code_field(_("Six digits of the app"))


class _Once(BaseAuthenticateForm):
    """A code is tried so often and no more, and opens once, in whichever process it comes. Raises: TooManyTries."""

    def clean_code(self) -> str:
        one = try_by(context.request, self.user.pk, CODE)
        code: str = super().clean_code()
        of_app = self.authenticator.type == Authenticator.Type.TOTP
        if of_app and not spend_code(self.user.pk, code, at=timezone.now()):
            raise get_adapter().validation_error("incorrect_code")
        one.right()
        return code


class SecondStep(_Once, AuthenticateForm):
    """After the password."""

    code = code_field(_("Code"))


class CodeAgain(_Once, CodeAgainForm):
    """Before something that a thief of an open phone shouldn't do."""

    code = code_field(_("Code"))


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)


class NewPassword(forms.Form):
    """A new password, once: it can be shown while it is typed, so it needn't be typed twice."""

    password = password_field(
        _("New password"),
        "new-password",
        _("At least 10 characters. Three or four words that you can remember are good."),
    )


class PlaceFields(forms.Form):
    """A country with its time zone, which most countries have only one of."""

    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("Only where the country has several: for example America/Recife."),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        zones = zones_of(str(data.get("country") or ""))
        if zones and not data.get("timezone"):
            if len(zones) > 1:
                choices = ", ".join(zones)
                sentence = _("This country has several time zones. Write one of them: %(choices)s.")
                self.add_error("timezone", sentence % {"choices": choices})
            data["timezone"] = zones[0]
        return data


class HomeForm(PlaceFields):
    """Where a person lives: her floor and her day follow from it."""

    region = forms.CharField(
        label=_("Region"),
        max_length=100,
        required=False,
        help_text=_("Only where floors differ by region, as in the list of floors: for example IN-KA."),
    )

    def home(self) -> Home:
        data = self.cleaned_data
        return Home(country=data["country"], timezone=data["timezone"], region=data["region"])


class IdentityForm(forms.Form):
    """What identifies a person."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=32,
        required=False,
        help_text=_("As it is dialled in her country, or with + in front."),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )

    def person(self) -> PersonalFields:
        data = self.cleaned_data
        return PersonalFields(data["name"], data["email"] or None, data["phone"] or None)


class PersonForm(IdentityForm):
    """Who is invited, in which language."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: settings.LANGUAGES,
        help_text=_("The invitation is written in it."),
    )


class RolesForm(forms.Form):
    """What somebody may do in an organisation of this kind."""

    roles = forms.TypedMultipleChoiceField(
        label=_("Roles"), coerce=Role, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: object, place: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        held = HELD_IN[Organisation.Kind(place)]
        self.fields["roles"].choices = [(role, name) for role, name in ROLES.items() if role in held]  # type: ignore[attr-defined]

    def chosen(self) -> frozenset[Role]:
        return frozenset(self.cleaned_data["roles"])


class TokenForm(forms.Form):
    """A key for a program of one's own."""

    name = forms.CharField(label=_("What is it for?"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        help_text=_("Never more than your roles allow."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: object, rights: Iterable[Permission], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["scopes"].choices = [(str(one), RIGHTS[one]) for one in sorted(rights)]  # type: ignore[attr-defined]


class EraseForm(forms.Form):
    """Nobody erases a person by a slip of the finger."""

    confirmation = forms.CharField(
        label=_("Type her name to confirm"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    owing = forms.BooleanField(
        label=_("What is on her account stays owed to her"),
        required=False,
        help_text=_(
            "Only if she can’t take it out first. It stays on the books under a number that you give to her."
        ),
    )

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.person = person

    def clean_confirmation(self) -> str:
        typed = str(self.cleaned_data["confirmation"]).strip()
        if typed.casefold() != (self.person.name or "").casefold():
            raise forms.ValidationError(_("This is not her name as it is written here."))
        return typed
