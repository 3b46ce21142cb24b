"""The label schema as JSON, for who would rather write it."""

import json

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOST = 300_000


class SchemaForm(forms.Form):
    body = forms.CharField(
        label=_("Label schema (JSON)"),
        max_length=MOST,
        widget=forms.Textarea({"rows": 24, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def clean_body(self) -> dict[str, object]:
        try:
            body = json.loads(self.cleaned_data["body"])
        except json.JSONDecodeError as error:
            where = {"line": error.lineno, "column": error.colno}
            raise forms.ValidationError(
                gettext("This is no JSON: look at line %(line)s, character %(column)s.") % where
            ) from None
        except RecursionError:
            raise forms.ValidationError(gettext("This is nested too deeply.")) from None
        if not isinstance(body, dict):
            raise forms.ValidationError(
                gettext("A label schema is an object: it begins with { and ends with }.")
            )
        return body
