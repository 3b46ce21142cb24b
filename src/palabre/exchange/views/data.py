"""The data of a project: its batches, files on their way, and a way in for another one."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from palabre.exchange import queries
from palabre.exchange.actions import receive
from palabre.exchange.forms import FileForm
from palabre.exchange.models import Import
from palabre.exchange.parts import PART_BYTES
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.keyset import rows_of
from palabre.web.page import done, page
from palabre.work.access import project_for
from palabre.work.actions.batches import close_batch
from palabre.work.models import Project
from palabre.work.setup.readiness import readiness_of
from palabre.work.views.setup import about

P = Permission


@page(P.READ_PROJECTS)
def data(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Batches, files on their way, and the form for another file (POST)."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, P.READ_PROJECTS)
    form = form_of(FileForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            sent = form.cleaned_data["file"]
            made = receive(project, sent, sent.name, sent.size, by=by, at=at)
            return HttpResponseRedirect(reverse("upload", kwargs={"project": project, "upload": made.id}))
    batches = rows_of(
        request,
        uuid.UUID,
        lambda after, limit: queries.batches_of(by, project, after, limit),
        lambda row: row.batch.id,
    )
    return show(request, "exchange/data.html", form, batches=batches, **drop_context(request, found))


def drop_context(request: HttpRequest, project: Project, corrects: Import | None = None) -> dict[str, object]:
    """What the part `exchange/drop.html` needs."""
    by = actor_of(request)
    takes = by.may(P.IMPORT_TASKS) and project.state != Project.State.CLOSED
    uploads = queries.uploads_of(by, project.id) if takes else []
    return {
        "project": project,
        "takes_files": takes,
        "uploads": [one for one in uploads if corrects is None or one.corrects_id == corrects.id],
        "corrects": corrects,
        "part_bytes": PART_BYTES,
        **(about(request, readiness_of(project), "data") if _is_set_up(project) else {}),
    }


def _is_set_up(project: Project) -> bool:
    """Whether its data is a step on the way to the launch: then its pages say which one comes next."""
    return project.launched_at is None and project.state != Project.State.CLOSED


@page(P.IMPORT_TASKS)
def close(request: HttpRequest, project: uuid.UUID, batch: uuid.UUID) -> HttpResponse:
    """Offer no more of a batch."""
    project_for(actor_of(request), project, P.IMPORT_TASKS)
    if request.method == "POST":
        close_batch(batch, by=actor_of(request), at=at_of(request))
        sentence = gettext("The batch is closed. What members hold stays theirs.")
        return done(request, sentence, "project-data", project=project)
    return HttpResponseRedirect(reverse("project-data", kwargs={"project": project}))
