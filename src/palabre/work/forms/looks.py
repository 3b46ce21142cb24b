"""Forms of what waits for somebody to look at it: one button each, and a word to her."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.flags import LONGEST
from palabre.work.models import Flag

LARGEST = 2**63 - 1


class _Look(forms.Form):
    word = forms.CharField(label=_("A word to her"), required=False, max_length=LONGEST)


class FlagsForm(_Look):
    """What becomes of a task that was marked or left."""

    task = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        choices=[(str(one), str(one)) for one in Flag.Outcome if one is not Flag.Outcome.WAITING],
        widget=forms.HiddenInput,
    )


class UnreadForm(_Look):
    """What came of something that nobody could read."""

    row = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(choices=[("taken", ""), ("nothing", "")], widget=forms.HiddenInput)


class ChoiceForm(forms.Form):
    """Which of two answers stands."""

    row = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    take = forms.ChoiceField(choices=[("other", ""), ("stays", "")], widget=forms.HiddenInput)


class UndoForm(forms.Form):
    """Which of her last looks she takes back."""

    undo = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
