"""Forms of the room: a reviewer's answer, made from the project's label schema."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.reviews import LONGEST_REASON
from palabre.work.models import Review
from palabre.work.schemas.form import Form, Label, Question, Words


def said(words: Words, name: str) -> str:
    """A title in the reader's language, or in English, or in any; else the name itself."""
    language = (get_language() or "en").split("-")[0]
    return words.get(language) or words.get("en") or next(iter(words.values()), "") or name


def said_before(schema: Form, review: Review) -> dict[str, object]:
    """What she had decided before she undid it, as the fields of the form. Nothing of a review that she gave back."""
    items = {item["from_name"]: item["value"] for item in review.result}
    filled: dict[str, object] = {"reason": review.reason} if items else {}
    for place, question in enumerate(schema.asks):
        value = items.get(question.name, {})
        chosen = value.get("choices", value.get("text", []))
        if chosen:
            several = question.type == "choices" and not question.single
            filled[f"answer-{place}"] = chosen if several else chosen[0]
    return filled


class ReviewForm(forms.Form):
    """One field for each question, then why."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_(
            "In a sentence or two, pointing at what is in the task. The members who answered it read this."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: object, schema: Form, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.schema = schema
        asked = {
            f"answer-{place}": _field(question, alone=len(schema.asks) == 1)
            for place, question in enumerate(schema.asks)
        }
        self.fields = {**asked, **self.fields}

    def result(self) -> list[object]:
        """The answer as Label Studio items; questions that were left open are not in it."""
        filled = (
            (place, question, self.cleaned_data[f"answer-{place}"])
            for place, question in enumerate(self.schema.asks)
        )
        return [_item(place, question, value) for place, question, value in filled if value]


class GiveBackForm(forms.Form):
    """Why she can't decide."""

    back = forms.CharField(
        label=_("What keeps you from deciding?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 2}),
    )


def _field(question: Question, *, alone: bool) -> forms.Field:
    """A question that stands alone and has no title needs none: its name is for files, not for people."""
    label = said(question.title, gettext("Your answer") if alone else question.name)
    help_text = said(question.hint, "")
    if question.type != "choices":
        note = forms.Textarea({"rows": 2})
        return forms.CharField(
            label=label, help_text=help_text, required=question.required, widget=note, max_length=5_000
        )
    choices = [(one.value, _shown(one)) for one in question.labels]
    if question.single:
        return forms.ChoiceField(
            label=label,
            help_text=help_text,
            choices=choices,
            widget=forms.RadioSelect,
            required=question.required,
        )
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        required=question.required,
    )


def _shown(label: Label) -> str:
    title, hint = said(label.title, label.value), said(label.hint, "")
    return f"{title}: {hint}" if hint else title


def _item(place: int, question: Question, value: str | list[str]) -> Mapping[str, object]:
    chosen: dict[str, object] = (
        {"choices": [value] if isinstance(value, str) else value}
        if question.type == "choices"
        else {"text": [value]}
    )
    return {
        "id": f"r{place}",
        "from_name": question.name,
        "to_name": question.to,
        "type": question.type,
        "value": chosen,
    }
