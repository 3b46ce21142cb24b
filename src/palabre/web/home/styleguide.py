"""Every component of the design system on one page, in demo mode."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.settings import current
from palabre.web.access import PUBLIC
from palabre.web.page import page


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As members will read it."), max_length=80)
    about = forms.CharField(label=_("In your own words"), widget=forms.Textarea({"rows": 4}), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("text", _("Texts")), ("image", _("Pictures"))])
    several = forms.ChoiceField(
        label=_("How many answers?"),
        choices=[("one", _("Exactly one")), ("some", _("One or several"))],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label=_("I have read the guideline"))


@page(PUBLIC)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Raises: NotFound, outside of the demo."""
    if not current().demo:
        raise NotFound
    return render(request, "web/styleguide.html", {"form": Sample(), "wrong": Sample({"name": ""})})
