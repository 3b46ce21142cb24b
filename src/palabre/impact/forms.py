"""Forms of the room: the end of a project, and what is given back."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CloseForm(forms.Form):
    """Closing can't be undone, so its name is typed, in any of its languages."""

    name = forms.CharField(
        label=_("Name of the project"),
        help_text=_("Type it as it stands above, so that nothing is closed by a slip."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, wanted: Collection[str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._wanted = wanted

    def clean_name(self) -> str:
        """Spaces and capitals don't matter: it is a question, no password."""
        typed = str(self.cleaned_data["name"])
        if not any(
            " ".join(typed.split()).casefold() == " ".join(name.split()).casefold() for name in self._wanted
        ):
            raise forms.ValidationError(_("This is not the name of the project."))
        return typed


class RefundForm(forms.Form):
    """What is left of the deposit, given back."""

    reference = forms.CharField(
        label=_("Reference of the payment"),
        help_text=_("As the bank writes it. The same reference is never paid back twice."),
        max_length=200,
    )
