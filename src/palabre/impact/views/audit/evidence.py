"""Evidence to take away."""

import uuid

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.impact.actions.audit import ask_evidence
from palabre.impact.audit.evidence import file_name, stream_evidence
from palabre.impact.views.audit.events import day_begins
from palabre.people.permissions import Permission
from palabre.record import queries
from palabre.web.access import actor_of, at_of
from palabre.web.built import built
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import of_organisation

READ = Permission.READ_RECORD


class EvidenceForm(forms.Form):
    """What the bundle holds. Left empty: everything."""

    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until the end of"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    project = forms.ChoiceField(label=_("Project"), required=False)

    def __init__(self, *args: object, projects: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["project"].choices = [("", _("all projects")), *projects]  # type: ignore[attr-defined]


@page(READ)
def evidence(request: HttpRequest) -> HttpResponseBase:
    """Ask for a bundle; it waits below. That it was asked for is an event of the record."""
    by = actor_of(request)
    names = {
        str(number): name for number, name in of_organisation(by).order_by("name").values_list("id", "name")
    }
    form = form_of(EvidenceForm, request, projects=list(names.items()))
    if form.is_bound and form.is_valid():
        with refusals(form):
            typed = form.cleaned_data
            ask_evidence(
                since=day_begins(request, str(typed["since"] or "")),
                until=day_begins(request, str(typed["until"] or ""), days=1),
                project=uuid.UUID(typed["project"]) if typed["project"] else None,
                by=by,
                at=at_of(request),
            )
            return done(request, gettext("The bundle is ready: take it below."), "record-evidence")
    if by.organisation is None:
        raise NotFound
    asked = [(one, names.get(str(one.project), "")) for one in queries.evidence_of(by.organisation)]
    return show(
        request, "impact/audit/evidence.html", form, asked=asked, may_check=by.may(Permission.CHECK_RECORD)
    )


@page(READ)
def evidence_zip(request: HttpRequest, evidence: uuid.UUID) -> HttpResponseBase:
    """The bundle, whole or not at all."""
    by = actor_of(request)
    if by.organisation is None:
        raise NotFound
    asked = queries.evidence_for(by.organisation, evidence)
    return built(stream_evidence(asked, at_of(request)), file_name(asked), "application/zip")
