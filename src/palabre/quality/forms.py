"""What people write about a project's quality."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.questions import LONGEST


class QuestionForm(forms.Form):
    """A member asks about a project."""

    text = forms.CharField(
        label=_("Your question"),
        help_text=_("Write in your own language. The answer goes to everybody, without your name."),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4}),
    )
