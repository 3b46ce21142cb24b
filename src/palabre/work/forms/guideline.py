"""A version of the guideline."""

from django import forms
from django.utils.translation import gettext_lazy as _

from palabre.work.actions.versions import LONGEST_CHANGES, LONGEST_GUIDELINE


class GuidelineForm(forms.Form):
    """`changes` is asked for from the second version on."""

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

    def __init__(self, *args: object, version: int, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        if version == 0:
            del self.fields["changes"]

    def clean_body(self) -> str:
        """Lines end alike, whatever the browser sends."""
        body: str = self.cleaned_data["body"]
        return body.replace("\r\n", "\n")
