"""A version of the guideline."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.versions import LONGEST_CHANGES, LONGEST_GUIDELINE
from palabre.work.forms.spoken import SpokenForm


class GuidelineForm(SpokenForm):
    """`changes` is asked for from the second version on."""

    spoken = ("body", "changes")

    body = forms.CharField(
        label=_("Guideline"),
        help_text=_(
            "# makes a heading, * a point of a list, **two stars** bold. Short sentences help everybody."
        ),
        max_length=LONGEST_GUIDELINE,
        strip=False,
        widget=forms.Textarea({"rows": 22}),
    )
    changes = forms.CharField(
        label=_("What is new since the last version?"),
        help_text=_("Members see this first, so that they need not compare."),
        max_length=LONGEST_CHANGES,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self, *args: object, version: int, main_language: str, also: Collection[str] = (), **more: object
    ) -> None:
        super().__init__(*args, main_language=main_language, also=also, **more)
        if version == 0:
            for language in self.order:
                del self.fields[f"changes_{language}"]

    def clean(self) -> dict[str, object]:
        """Lines end alike, whatever the browser sends."""
        cleaned = super().clean()
        for language in self.order:
            body = self.cleaned_data.get(f"body_{language}", "")
            self.cleaned_data[f"body_{language}"] = body.replace("\r\n", "\n")
        return cleaned
