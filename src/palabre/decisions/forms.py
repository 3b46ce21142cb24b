"""The forms with which a decision is taken and contested."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AppealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you disagree?"),
        help_text=_("In your own words and in your own language. A few lines are enough."),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )


class EndAccessForm(forms.Form):
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("She reads this, and can contest it. Say what was seen, and which rule it goes against."),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )
