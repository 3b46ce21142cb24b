"""One import: how far it is, what was taken and what wasn't, and how to go on."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.exchange import queries
from palabre.exchange.actions import cancel_import, discard_import, receive
from palabre.exchange.forms import FileForm
from palabre.exchange.models import Import, ImportProblem
from palabre.exchange.views.data import drop_context
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.keyset import rows_of
from palabre.web.page import done, page

P = Permission


@page(P.READ_PROJECTS)
def show_import(request: HttpRequest, project: uuid.UUID, import_id: uuid.UUID) -> HttpResponse:
    """Its progress or its end, with the bad rows. POST brings the file that puts them right."""
    one = _of(request, project, import_id)
    form = form_of(FileForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            sent = form.cleaned_data["file"]
            made = receive(
                project, sent, sent.name, sent.size, corrects=one.id, by=actor_of(request), at=at_of(request)
            )
            return HttpResponseRedirect(reverse("upload", kwargs={"project": project, "upload": made.id}))
    problems = rows_of(
        request,
        int,
        lambda after, limit: [_told(row) for row in queries.problems_of(one, after, limit)],
        lambda row: int(str(row["id"])),
    )
    context = drop_context(request, one.project, corrects=one)
    return show(
        request,
        "exchange/import.html",
        form,
        problems=problems,
        **_progress(one),
        **context | {"uploads": []},
    )


@page(P.READ_PROJECTS)
def progress(request: HttpRequest, project: uuid.UUID, import_id: uuid.UUID) -> HttpResponse:
    """The part of the page that moves; when the import has ended, the page is asked for anew."""
    one = _of(request, project, import_id)
    if one.finished_at is not None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "exchange/progress.html", {"project": one.project, **_progress(one)})


@page(P.READ_PROJECTS)
def problems(request: HttpRequest, project: uuid.UUID, import_id: uuid.UUID) -> HttpResponse:
    """The bad rows as CSV."""
    one = _of(request, project, import_id)
    response = HttpResponse(b"".join(queries.problems_csv(one)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{one.batch.number}.csv"'
    return response


@page(P.IMPORT_TASKS)
def cancel(request: HttpRequest, project: uuid.UUID, import_id: uuid.UUID) -> HttpResponse:
    """End an import that is not finished."""
    one = _of(request, project, import_id)
    if request.method == "POST":
        cancel_import(one.id, by=actor_of(request), at=at_of(request))
        return done(
            request,
            gettext("The import was cancelled: nothing was imported."),
            "project-data",
            project=project,
        )
    return _back(project, import_id)


@page(P.IMPORT_TASKS)
def discard(request: HttpRequest, project: uuid.UUID, import_id: uuid.UUID) -> HttpResponse:
    """Take nothing after all."""
    one = _of(request, project, import_id)
    if request.method == "POST":
        discard_import(one.id, by=actor_of(request), at=at_of(request))
        return done(
            request, gettext("The tasks of this file are taken back."), "project-data", project=project
        )
    return _back(project, import_id)


def _of(request: HttpRequest, project: uuid.UUID, import_id: uuid.UUID) -> Import:
    """Raises: NotFound, for another project's as well."""
    one = queries.import_for(actor_of(request), import_id)
    if one.project_id != project:
        raise NotFound
    return one


def _progress(one: Import) -> dict[str, object]:
    return {"one": one, "share": queries.share_done(one), "why": queries.why(one)}


def _told(row: ImportProblem) -> dict[str, object]:
    wrong, remedy = queries.wording(row)
    told = {"line": row.line, "column": row.column, "value": row.value}
    return {"id": row.id, **told, "wrong": wrong, "remedy": remedy}


def _back(project: uuid.UUID, import_id: uuid.UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("import", kwargs={"project": project, "import_id": import_id}))
