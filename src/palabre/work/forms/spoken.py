"""Texts that are written in several languages: one set of fields for each, of which one is open at a time."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from palabre.settings import LANGUAGES
from palabre.work.models.projects import Spoken
from palabre.work.setup.languages import spoken_here
from palabre.work.spoken import Said


@dataclass(frozen=True, slots=True)
class Tab:
    """The fields of one language. `state`: main, written, or empty; `wrong`: something is to be put right in it."""

    language: str
    name: str
    state: str
    open: bool
    wrong: bool
    fields: list[BoundField]


class SpokenForm(forms.Form):
    """`spoken` names the fields that there is one of for each language: `name` becomes `name_fr`, `name_en`, …

    The main language is what the form says, or else `main_language`; only its texts have to be there. `also`: other
    languages that something is written in. All fields are sent, whichever are open, so nothing that is typed gets lost.
    """

    spoken: ClassVar[tuple[str, ...]] = ()
    use_required_attribute = False  # what is required may stand where nobody sees it; the answer opens it

    def __init__(self, *args: object, main_language: str, also: Collection[str] = (), **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.order = spoken_here(main_language, also)
        chosen = self._typed("main_language")
        self.main = chosen if chosen in self.order else main_language
        for name in [one for one in self.spoken if one in self.fields]:
            one = self.fields.pop(name)
            for language in self.order:
                self.fields[f"{name}_{language}"] = self._in(language, one)

    def _in(self, language: str, one: forms.Field) -> forms.Field:
        field = deepcopy(one)
        field.widget.attrs["lang"] = language
        if language != self.main:
            field.required = False
            field.label = format_lazy("{} ({})", one.label or "", LANGUAGES.get(language, language))
        return field

    def _typed(self, name: str) -> str:
        value = self.data.get(name) if self.is_bound else self.initial.get(name)
        return str(value or "")

    @property
    def shown(self) -> str:
        """The open language: one with something to put right, the one that was asked for, or the main one."""
        wrong = [language for language in self.order if self._is_wrong(language)]
        asked = self._typed("tab")
        if wrong:
            return asked if asked in wrong else wrong[0]
        return asked if asked in self.order else self.main

    @property
    def tabs(self) -> list[Tab]:
        """The languages with their fields, in the order in which they stand."""
        return [
            Tab(
                language,
                LANGUAGES.get(language, language),
                self._state(language),
                language == self.shown,
                self._is_wrong(language),
                self._fields(language),
            )
            for language in self.order
        ]

    @property
    def others(self) -> list[BoundField]:
        """What has no language."""
        spoken = {field.name for language in self.order for field in self._fields(language)}
        return [field for field in self if field.name not in spoken and not field.is_hidden]

    @property
    def as_read(self) -> dict[str, Said]:
        """What a member reads of it who reads the open language."""
        return {name: self._said(name) for name in self.spoken if f"{name}_{self.main}" in self.fields}

    def _said(self, name: str) -> Said:
        hers, main = (self._typed(f"{name}_{language}") for language in (self.shown, self.main))
        return Said(hers, self.shown) if hers.strip() else Said(main, self.main)

    def _state(self, language: str) -> str:
        if language == self.main:
            return "main"
        written = any(self._typed(field.name).strip() for field in self._fields(language))
        return "written" if written else "empty"

    def _is_wrong(self, language: str) -> bool:
        return self.is_bound and any(field.errors for field in self._fields(language))

    def _fields(self, language: str) -> list[BoundField]:
        return [self[f"{name}_{language}"] for name in self.spoken if f"{name}_{language}" in self.fields]

    def main_texts(self) -> dict[str, str]:
        """What was written in the main language."""
        return self._texts(self.main)

    def translations(self) -> dict[str, dict[str, str]]:
        """What was written in the others."""
        found = {language: self._texts(language) for language in self.order if language != self.main}
        return {language: texts for language, texts in found.items() if any(texts.values())}

    def _texts(self, language: str) -> dict[str, str]:
        found: Mapping[str, str] = {
            name: self.cleaned_data.get(f"{name}_{language}", "")
            for name in self.spoken
            if f"{name}_{language}" in self.fields
        }
        return dict(found)

    def clean(self) -> dict[str, object]:
        """A text in another language stands beside one in the main language: nobody is told less than others."""
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        for name in self.spoken:
            main = f"{name}_{self.main}"
            if main not in self.fields or self.cleaned_data.get(main, "").strip() or main in self.errors:
                continue
            if any(self.cleaned_data.get(f"{name}_{language}", "").strip() for language in self.order):
                said = _("Write this in %(language)s too: it is the main language.")
                self.add_error(main, said % {"language": LANGUAGES.get(self.main, self.main)})
        return cleaned


def typed_texts(spoken: Spoken, *fields: str) -> dict[str, str]:
    """Texts that are there, as a form begins with them."""
    return {f"{field}_{language}": text for field in fields for language, text in spoken.texts(field).items()}
