"""Forms of the room: a file, how it is read, and what is taken home."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.exchange.actions import How
from palabre.exchange.models import Import
from palabre.exchange.preview import Preview

KEEP = (
    (Import.Keep.GOOD_ROWS, _("Take the good rows, and show me the bad ones")),
    (Import.Keep.ALL_OR_NOTHING, _("Take nothing when a row is bad")),
)
ENCODINGS = (
    ("", _("As the file says (UTF-8)")),
    ("windows-1252", _("Windows-1252 (older Excel)")),
    ("latin-1", "Latin-1"),
)
NONE = ""


class FileForm(forms.Form):
    """The way that needs no script: the file in one piece."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV, TSV, JSON, JSONL, Label Studio tasks, or a ZIP of pictures or texts. At most 5 GB."
        ),
        error_messages={"required": _("Choose a file first.")},
    )


class EncodingForm(forms.Form):
    """Which old encoding a text is in; nothing in the file says it."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=ENCODINGS[1:])


class TakeForm(forms.Form):
    """Which column is what, and what becomes of bad rows."""

    encoding = forms.ChoiceField(choices=ENCODINGS, required=False, widget=forms.HiddenInput)

    def __init__(self, preview: Preview, *args: Any, again: bool = False, **more: Any) -> None:
        """`again`: the same file is here already, so that she is asked whether she means it."""
        super().__init__(*args, **more)
        self._preview = preview
        self.mapped = preview.fields if preview.columns else ()
        columns = [(column, column) for column in preview.columns]
        for name in self.mapped:
            self.fields[f"column-{name}"] = forms.ChoiceField(
                label=_("Column for “%(field)s”") % {"field": name},
                help_text=_("Members are shown what stands in this column."),
                choices=[(NONE, _("Choose a column")), *columns],
                initial=preview.guesses.get(name, NONE),
            )
        # In an archive, the name of each file is its id.
        if columns and preview.kind != "zip":
            self.fields["id_column"] = forms.ChoiceField(
                label=_("Column of the ids"),
                help_text=_("An id of your own for each row. It comes back with the results."),
                choices=[(NONE, _("No ids")), *columns],
                required=False,
                initial=preview.id_guess,
            )
        if again:
            self.fields["again"] = forms.BooleanField(
                label=_("Take its rows a second time"),
                help_text=_(
                    "The same file is in this project already. Each of its rows would be a task twice."
                ),
                error_messages={
                    "required": _("The same file is in this project already: tick this if you mean it.")
                },
            )
        self.fields["keep"] = forms.ChoiceField(
            label=_("When some rows can’t be taken"),
            choices=KEEP,
            widget=forms.RadioSelect,
            initial=Import.Keep.GOOD_ROWS,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen: set[str] = set()
        for name in self.mapped:
            column = cleaned.get(f"column-{name}")
            if column and column in chosen:
                self.add_error(f"column-{name}", _("This column is named for another field already."))
            chosen.add(column or "")
        return cleaned

    def columns(self) -> Mapping[str, str]:
        """{field: column}, only where the two differ."""
        pairs = {name: str(self.cleaned_data[f"column-{name}"]) for name in self.mapped}
        return {name: column for name, column in pairs.items() if column != name}

    def how(self) -> How:
        again = bool(self.cleaned_data.get("again"))
        return How(columns=self.columns(), encoding=self.cleaned_data["encoding"], again=again)


class ExportForm(forms.Form):
    """A file of results."""

    what = forms.ChoiceField(
        label=_("What"),
        choices=(
            ("consensus", _("One line for each task: what the judgements lead to")),
            ("judgements", _("One line for each judgement")),
        ),
        widget=forms.RadioSelect,
        initial="consensus",
    )
    format = forms.ChoiceField(
        label=_("Format"),
        choices=(
            ("csv", _("CSV, for a spreadsheet")),
            ("jsonl", _("JSONL, for programs")),
            ("label_studio", _("Label Studio")),
        ),
        widget=forms.RadioSelect,
        initial="csv",
    )
    provenance = forms.BooleanField(
        label=_("With provenance"),
        help_text=_("Pseudonym, time, versions and pay per hour with each judgement."),
        required=False,
    )
