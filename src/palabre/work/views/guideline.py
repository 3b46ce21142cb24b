"""How to answer: written with a preview, published as versions that can be compared."""

import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.actions.versions import publish_guideline
from palabre.work.forms.guideline import GuidelineForm
from palabre.work.models import Guideline, Project
from palabre.work.schemas import form_of as schema_form_of
from palabre.work.setup.differences import differences
from palabre.work.setup.readiness import readiness_of
from palabre.work.setup.skeletons import skeleton
from palabre.work.views.setup import about, asks_for, asks_for_piece, opened, typed

READ = Permission.READ_PROJECTS


@page(READ)
def guideline(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The newest version, to be worded better and published as the next one."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    versions = list(found.guidelines.order_by("-version"))
    newest = versions[0] if versions else None
    context = {**about(request, readiness_of(found), "guideline"), "versions": versions, "newest": newest}
    more = {"version": newest.version if newest else 0}
    if request.method == "POST" and not asks_for(request, "save"):
        return _helped(request, found, context, more)
    form = form_of(GuidelineForm, request, initial={"body": _body(request, newest)}, **more)
    if form.is_bound and form.is_valid():
        with refusals(form):
            changes = form.cleaned_data.get("changes", "")
            published = publish_guideline(project, form.cleaned_data["body"], changes, by=by, at=at)
            said = gettext("Version %(version)s is published.") % {"version": published.version}
            return done(request, said, "setup-guideline", project=project)
    return show(request, "work/setup/guideline.html", form, **context, text=form["body"].value())


def _body(request: HttpRequest, newest: Guideline | None) -> str:
    """The newest version; an answer that is to go into it (`add`) stands at its end."""
    body, added = newest.body if newest else "", request.GET.get("add", "").strip()
    return f"{body.rstrip()}\n\n{added}" if added else body


def _helped(
    request: HttpRequest, project: Project, context: Mapping[str, object], more: Mapping[str, int]
) -> HttpResponse:
    """The preview, or a skeleton put after what is there: nothing is judged and nothing is lost."""
    fields = typed(request.POST)
    body, asked = str(fields.get("body", "")), request.POST.get("do", "")
    schema = project.schemas.order_by("-version").first()
    if asked in {"skeleton-fr", "skeleton-en"} and schema is not None:
        ready = skeleton(schema_form_of(schema.body), asked.removeprefix("skeleton-"))
        fields["body"] = f"{body.rstrip()}\n\n{ready}" if body.strip() else ready
    if asked == "preview" and asks_for_piece(request):
        return render(request, "work/setup/guideline_preview.html", {"text": body})
    form = GuidelineForm(initial=fields, **more)
    shown = {**context, "form": form, "text": fields.get("body", "")}
    return render(request, "work/setup/guideline.html", shown)


@page(READ)
def guideline_version(request: HttpRequest, project: uuid.UUID, version: int) -> HttpResponse:
    """One version as members read it, and what changed in it."""
    found = opened(request, project)
    pair = list(found.guidelines.filter(version__in=[version - 1, version]).order_by("-version"))
    if not pair or pair[0].version != version:
        raise NotFound()
    before: Guideline | None = pair[1] if len(pair) > 1 else None
    context = about(request, readiness_of(found), "guideline")
    context |= {"shown": pair[0], "before": before}
    if before is not None:
        context["pieces"] = differences(before.body, pair[0].body)
    return render(request, "work/setup/guideline_version.html", context)
