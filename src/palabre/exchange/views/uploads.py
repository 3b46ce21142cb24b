"""A file on its way in: how far it is; once it is whole, a look at it before anything is imported."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.exchange.actions import drop_upload, take_upload
from palabre.exchange.forms import EncodingForm, TakeForm
from palabre.exchange.models import Upload
from palabre.exchange.preview import preview
from palabre.exchange.queries import is_here, upload_for
from palabre.exchange.views.data import drop_context
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page

P = Permission


@page(P.IMPORT_TASKS)
def upload(request: HttpRequest, project: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """What a file is, its columns and first rows; POST imports it."""
    one = _of(request, project, upload)
    if one.became_id is not None:
        return _to_import(project, one.became_id)
    if not one.whole:
        return show(
            request, "exchange/upload.html", EncodingForm(), upload=one, **drop_context(request, one.project)
        )
    encoding = request.POST.get("encoding", request.GET.get("encoding", ""))
    seen = preview(one, encoding)
    again = is_here(one)
    form = form_of(
        lambda **more: TakeForm(seen, again=again, **more), request, initial={"encoding": encoding}
    )
    if form.is_bound and form.is_valid() and seen.refused is None:
        with refusals(form):
            made = take_upload(
                one.id,
                keep=form.cleaned_data["keep"],
                id_column=form.cleaned_data.get("id_column", ""),
                how=form.how(),
                by=actor_of(request),
                at=at_of(request),
            )
            return _to_import(project, made.id)
    context = {"upload": one, "project": one.project, "seen": seen, "encodings": EncodingForm()}
    return show(request, "exchange/preview.html", form, **context)


@page(P.IMPORT_TASKS)
def drop(request: HttpRequest, project: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
    """Forget a file that was not imported."""
    one = _of(request, project, upload)
    if request.method == "POST":
        drop_upload(one.id, by=actor_of(request), at=at_of(request))
        return done(
            request,
            gettext("The file is forgotten. Nothing of it was imported."),
            "project-data",
            project=project,
        )
    return HttpResponseRedirect(reverse("upload", kwargs={"project": project, "upload": one.id}))


def _of(request: HttpRequest, project: uuid.UUID, upload: uuid.UUID) -> Upload:
    """Raises: NotFound, for another project's as well."""
    one = upload_for(actor_of(request), upload)
    if one.project_id != project:
        raise NotFound
    return one


def _to_import(project: uuid.UUID, number: uuid.UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("import", kwargs={"project": project, "import_id": number}))
