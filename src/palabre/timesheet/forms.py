"""The form of a correction: two taps and, where she wants, her own words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.timesheet.figures import DAY_MS, MINUTE_MS
from palabre.timesheet.models import Kind
from palabre.timesheet.reasons import REASONS, worded

_MOST = DAY_MS // MINUTE_MS
_USUAL = 15
_QUICK = (5, 10, _USUAL, 30, 60)


class CorrectionForm(forms.Form):
    """`way` is the button that was pressed; `charge` names what the time was for."""

    minutes = forms.ChoiceField(label=_("How long?"), widget=forms.RadioSelect, initial=str(_USUAL))
    other = forms.IntegerField(
        label=_("Another length, in minutes"),
        required=False,
        min_value=1,
        max_value=_MOST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        choices=[(code, sentence) for code, (sentence, _kind) in REASONS.items()],
    )
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )
    charge = forms.TypedChoiceField(label=_("For which work?"), coerce=int)
    way = forms.ChoiceField(choices=[("add", "add"), ("take", "take")], widget=forms.HiddenInput)

    def __init__(self, *, charges: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        minutes, charge = self.fields["minutes"], self.fields["charge"]
        if isinstance(minutes, forms.ChoiceField) and isinstance(charge, forms.ChoiceField):
            minutes.choices = [(str(one), _("%(minutes)d min") % {"minutes": one}) for one in _QUICK]
            charge.choices = charges

    @property
    def delta_ms(self) -> int:
        """What is added, or less than zero for what is taken away."""
        minutes = self.cleaned_data["other"] or int(self.cleaned_data["minutes"])
        return int(minutes) * MINUTE_MS * (1 if self.cleaned_data["way"] == "add" else -1)

    @property
    def kind(self) -> Kind:
        return REASONS[self.cleaned_data["reason"]][1]

    @property
    def worded(self) -> str:
        return worded(self.cleaned_data["reason"], self.cleaned_data["words"])
