"""The pilot, the launch, and what members say of the guideline."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.launch import LONGEST_REASON
from palabre.work.actions.pilot import LONGEST_REMARK, MOST_TASKS, USUAL_TASKS
from palabre.work.pilot import LEAST_MEMBERS


class PilotForm(forms.Form):
    tasks = forms.IntegerField(
        label=_("How many tasks?"),
        help_text=_("20 are enough as a rule. They are paid like all others, and their answers count."),
        min_value=LEAST_MEMBERS,
        max_value=MOST_TASKS,
        initial=USUAL_TASKS,
    )


class WithoutPilotForm(forms.Form):
    without_pilot = forms.CharField(
        label=_("Why is there no pilot?"),
        help_text=_("Your ScoreCard will say that there was none."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
    )


class ConfirmForm(forms.Form):
    clear = forms.ChoiceField(
        label=_("Is the guideline clear?"),
        choices=[("yes", _("Yes, I know how to answer")), ("no", _("No, something isn't clear"))],
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label=_("What isn't clear, or could be said better?"),
        help_text=_("Needed if something isn't clear. The client reads it, without your name."),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea({"rows": 4}),
    )

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or {}
        if data.get("clear") == "no" and not data.get("remark"):
            self.add_error("remark", _("Say what isn't clear."))
        return data
