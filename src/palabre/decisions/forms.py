"""The form with which a decision is contested."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AppealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you disagree?"),
        help_text=_("In your own words and in your own language. A few lines are enough."),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
    )
