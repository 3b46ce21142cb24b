"""Invitations, and asking for a link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.people.actions import Why
from palabre.people.forms import HomeForm, PersonForm, PlaceFields, RolesForm
from palabre.people.models import Link, Role
from palabre.people.permissions import WORKING
from palabre.people.words import REASONS


class AskForLink(forms.Form):
    """Who she is, and what the link is for."""

    login = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    purpose = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[
            (Link.Purpose.SIGN_IN, _("A link to sign in, without a password")),
            (Link.Purpose.NEW_PASSWORD, _("A new password")),
        ],
        widget=forms.RadioSelect,
        initial=Link.Purpose.SIGN_IN,
    )


class WayInForm(forms.Form):
    """Why somebody needs a new link to come in."""

    reason = forms.ChoiceField(
        label=_("What happened?"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_("She reads this. Needed where you chose “Something else”."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    no_second_step = forms.BooleanField(
        label=_("Her passkeys and her app with codes are lost too: remove them"),
        help_text=_("Otherwise one of them, or a recovery code, is asked for after the link."),
        required=False,
    )

    def __init__(self, *args: object, second_step: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not second_step:
            del self.fields["no_second_step"]

    def why(self) -> Why:
        data = self.cleaned_data
        return Why(Link.Reason(data["reason"]), data["words"], data.get("no_second_step", False))


class ClientWayInForm(WayInForm):
    """The same for somebody of a client, whom only her address names here."""

    login = forms.CharField(
        label=_("Her phone or e-mail"),
        help_text=_("As she gave it when she was invited."),
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("login", "reason", "words", "no_second_step")


class InviteForm(PersonForm, RolesForm, HomeForm):
    """Who, as what, and for members and reviewers where she lives."""

    field_order = ("name", "email", "phone", "language", "roles", "country", "timezone", "region")

    def __init__(self, *args: object, place: str, **kwargs: object) -> None:
        super().__init__(*args, place=place, **kwargs)
        self.fields["roles"].required = True
        self.fields["country"].required = False
        self.fields["country"].help_text = _(
            "Members and reviewers need it: the floor of their pay depends on it."
        )

    def clean(self) -> dict[str, object]:
        data = super().clean()
        roles = data.get("roles")
        if isinstance(roles, list) and WORKING & {Role(one) for one in roles} and not data.get("country"):
            self.add_error(
                "country", _("Say where she lives: the floor of her pay and her day depend on it.")
            )
        return data


class NewClientForm(PlaceFields, PersonForm):
    """A new client and its first person."""

    organisation = forms.CharField(label=_("Name of the organisation"), max_length=200)
    field_order = ("organisation", "country", "timezone", "name", "email", "phone", "language")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["name"].label = _("Name of its first person")


class LettersForm(forms.Form):
    """What she is told by e-mail."""

    mornings = forms.BooleanField(
        label=_("In the morning, what is new or waits for you"),
        help_text=_("One letter at seven o’clock where you are, only on days with something to say."),
        required=False,
    )
    at_once = forms.BooleanField(
        label=_("At once, what can’t wait"),
        help_text=_(
            "A decision about you, a payout that failed, an answer that is late. Never between nine in the evening"
            " and seven in the morning."
        ),
        required=False,
    )
