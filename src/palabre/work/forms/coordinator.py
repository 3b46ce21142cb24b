"""Forms of the coordinator's pages."""

import re
import uuid
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.ended import LONGEST
from palabre.work.actions.questions import LONGEST as LONGEST_ANSWER
from palabre.work.models import Guideline, Question

MOST_NAMED = 50
# What the ledger of tasks can count to.
LARGEST = 2**63 - 1


class AnswerForm(forms.Form):
    """One answer to the questions that are ticked."""

    questions = forms.MultipleChoiceField(
        label=_("Questions that this answers"), widget=forms.CheckboxSelectMultiple
    )
    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_("Everybody who works on the project reads it beside the guideline, without who asked."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 5}),
    )
    guideline = forms.BooleanField(
        label=_("Then put this into the guideline"),
        help_text=_("Opens a new version with the question and your answer at its end."),
        required=False,
    )

    def __init__(self, *args: object, asked: Sequence[Question], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["questions"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(one.id), one.text) for one in asked]

    def chosen(self) -> list[uuid.UUID]:
        return [uuid.UUID(one) for one in self.cleaned_data["questions"]]


class MoreTimeForm(forms.Form):
    """How much more time a member gets."""

    hours = forms.TypedChoiceField(
        label=_("More time, from now"),
        coerce=int,
        choices=[(24, _("1 day")), (72, _("3 days")), (168, _("1 week")), (336, _("2 weeks"))],
        initial=72,
    )


class TasksField(forms.CharField):
    """Numbers of tasks, parted by commas, spaces or lines."""

    def to_python(self, value: object) -> str:
        return str(value or "").strip()

    def clean(self, value: object) -> list[int]:
        """Raises: forms.ValidationError."""
        words = re.split(r"[\s,;]+", super().clean(value))
        named = [word.removeprefix("#") for word in words if word]
        if not all(re.fullmatch(r"[0-9]{1,19}", word) and int(word) <= LARGEST for word in named):
            raise forms.ValidationError(_("Write numbers of tasks, such as 1204, 1205."))
        if len(named) > MOST_NAMED:
            raise forms.ValidationError(_("At most %(most)s tasks at once."), params={"most": MOST_NAMED})
        return [int(word) for word in named]


class AssignForm(forms.Form):
    """Tasks for a member: those that are ticked in a list (`pick`), and others by their numbers."""

    tasks = TasksField(
        required=False,
        label=_("Others, by their numbers"),
        help_text=_(
            "Their numbers, parted by commas or lines. Each task has its number beside it in lists and exports."
        ),
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, object]:
        """All of them, once each, as `tasks`. Raises: forms.ValidationError."""
        said = super().clean() or {}
        data = self.data
        ticked = data.getlist("pick") if isinstance(data, QueryDict) else []
        if not all(re.fullmatch(r"[0-9]{1,19}", one) and int(one) <= LARGEST for one in ticked):
            raise forms.ValidationError(_("Write numbers of tasks, such as 1204, 1205."))
        named = {*map(int, ticked), *said.get("tasks", [])}
        if not named and not self.errors:
            raise forms.ValidationError(_("Tick at least one task, or write its number."))
        if len(named) > MOST_NAMED:
            raise forms.ValidationError(_("At most %(most)s tasks at once."), params={"most": MOST_NAMED})
        return said | {"tasks": sorted(named)}


class CorrectionForm(forms.Form):
    """Yes, or no with a why."""

    accept = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes, the time is counted")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why"),
        help_text=_("She reads it. A “no” needs a reason: it is a decision that she can contest."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
    )


class AppealAnswerForm(forms.Form):
    """The answer to an appeal."""

    reverse = forms.ChoiceField(
        label=_("What becomes of the decision?"),
        choices=[("yes", _("It is reversed: its effect is undone")), ("no", _("It stands"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Why"), help_text=_("She reads it."), max_length=4_000, widget=forms.Textarea({"rows": 4})
    )


class EndWorkForm(forms.Form):
    """A decision with its why."""

    rule = forms.CharField(
        label=_("The rule"),
        help_text=_("What was not kept to, as the guideline or the rules say it."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
    )
    guideline_version = forms.TypedChoiceField(label=_("Stands in the guideline, version"), coerce=int)
    seen = forms.CharField(
        label=_("What was seen"),
        help_text=_("Facts, not guesses; tasks, not people. She reads it and can answer it."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
    )
    tasks = TasksField(
        label=_("Tasks of hers that show it"),
        help_text=_("Their numbers, parted by commas or lines."),
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    sure = forms.BooleanField(label=_("I have spoken with her, or tried to"))

    def __init__(self, *args: object, guidelines: Sequence[Guideline], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["guideline_version"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(one.version, one.version) for one in guidelines]
