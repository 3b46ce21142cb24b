"""What a project is, in words that members read, in each of their languages."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.money import MINOR_UNITS
from palabre.settings import LANGUAGES
from palabre.web.templatetags.palabre import country
from palabre.work.actions.projects import LONGEST_NAME, LONGEST_PURPOSE, LONGEST_RISK, Terms
from palabre.work.forms.spoken import SpokenForm
from palabre.work.setup.languages import languages

# Until the client says how long an answer takes, or a pilot measures it.
GUESSED_SECONDS = Decimal(15)


class PurposeForm(SpokenForm):
    """The first step. The main language is one of the installation's."""

    spoken = ("name", "purpose", "risk_note")

    name = forms.CharField(
        label=_("Name of the project"),
        help_text=_("Short, as members will see it in the list of work."),
        max_length=LONGEST_NAME,
    )
    purpose = forms.CharField(
        label=_("Who are you, and what will the labels be used for?"),
        help_text=_("In plain words. Members read this before they take work; it helps them to answer well."),
        max_length=LONGEST_PURPOSE,
        widget=forms.Textarea({"rows": 5}),
    )
    risk_note = forms.CharField(
        label=_("May something be hard to bear?"),
        help_text=_(
            "Violence, illness, insults, sex…: say what may come. Nobody has to take this work."
            " Leave it empty if there is nothing of the kind."
        ),
        max_length=LONGEST_RISK,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    main_language = forms.ChoiceField(
        label=_("Main language"),
        help_text=_("What members read who have no text here in their own language."),
    )
    language = forms.ChoiceField(
        label=_("Language of your data"),
        help_text=_("What members see in the tasks. Screens read it aloud and turn it the right way."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Where may members live?"),
        help_text=_("Choose none for all places where members live now."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    currency = forms.ChoiceField(
        label=_("Currency of the price"), choices=[(code, code) for code in MINOR_UNITS]
    )

    def __init__(
        self,
        *args: object,
        places: Sequence[str],
        main_language: str,
        also: Collection[str] = (),
        **more: object,
    ) -> None:
        super().__init__(*args, main_language=main_language, also=also, **more)
        choice(self, "language").choices = languages(str(self.initial.get("language", "")))
        choice(self, "main_language").choices = [(code, LANGUAGES.get(code, code)) for code in self.order]
        self.fields["main_language"].initial = self.main
        if len(self.order) == 1:
            self.fields["main_language"].widget = forms.HiddenInput()
        named = sorted(((code, country(code)) for code in places), key=lambda one: one[1].casefold())
        choice(self, "countries").choices = named

    def terms(self, before: Terms | None = None) -> Terms:
        """`before`: the terms that stay as they are."""
        values: dict[str, Any] = {
            name: self.cleaned_data[name] for name in ("main_language", "language", "countries", "currency")
        }
        values |= {**self.main_texts(), "translations": self.translations()}
        if before is not None:
            return replace(before, **values)
        return Terms(seconds_per_task=GUESSED_SECONDS, **values)


class NewProjectForm(PurposeForm):
    """The same, with whom the project is between; a party that is clear is not asked for."""

    client = forms.ChoiceField(label=_("For which client?"))
    operator = forms.ChoiceField(label=_("Who runs the work?"))
    field_order = ("client", "operator")

    def __init__(
        self,
        *args: object,
        clients: Sequence[tuple[uuid.UUID, str]],
        operators: Sequence[tuple[uuid.UUID, str]],
        **more: object,
    ) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        for name, parties in (("client", clients), ("operator", operators)):
            choice(self, name).choices = [(str(party), called) for party, called in parties]
            if len(parties) == 1:
                self.fields[name].widget = forms.HiddenInput()
                self.initial[name] = str(parties[0][0])


def choice(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The field, as what it is."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    return field
