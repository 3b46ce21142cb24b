"""Results as files: asked for, made in the background, fetched by a short-lived link."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.exchange import queries
from palabre.exchange.actions import ask_export
from palabre.exchange.forms import ExportForm
from palabre.exchange.links import export_link
from palabre.exchange.models import Export
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.keyset import rows_of
from palabre.web.page import done, page
from palabre.work.access import project_for

P = Permission


@page(P.READ_RESULTS)
def results(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The exports of a project, newest first; POST asks for another one."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, P.READ_RESULTS)
    form = form_of(ExportForm, request)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        with refusals(form):
            ask_export(project, asked["what"], asked["format"], provenance=asked["provenance"], by=by, at=at)
            sentence = gettext("The file is being made. It appears below when it is ready.")
            return done(request, sentence, "project-results", project=project)
    may_export = by.may(P.EXPORT_RESULTS)
    return show(
        request,
        "exchange/results.html",
        form,
        project=found,
        may_export=may_export,
        **_list(request, project),
    )


@page(P.READ_RESULTS)
def files(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The part of the page that moves."""
    found = project_for(actor_of(request), project, P.READ_RESULTS)
    return render(request, "exchange/files.html", {"project": found, **_list(request, project)})


@page(P.READ_RESULTS)
def fetch(request: HttpRequest, project: uuid.UUID, export: uuid.UUID) -> HttpResponse:
    """A link of some minutes to a file that is made; whoever has the link has the file."""
    one = queries.export_for(actor_of(request), export)
    if one.project_id != project:
        raise NotFound
    made = export_link(export, by=actor_of(request), at=at_of(request))
    return HttpResponseRedirect(reverse("export", kwargs={"token": made.token}))


def _list(request: HttpRequest, project: uuid.UUID) -> dict[str, object]:
    by = actor_of(request)
    shown = rows_of(
        request,
        uuid.UUID,
        lambda before, limit: queries.latest_exports(by, project, before, limit),
        lambda one: one.id,
        limit=20,
    )
    waiting = any(one.state in {Export.State.WAITING, Export.State.RUNNING} for one in shown.items)
    return {"exports": shown, "waiting": waiting}
