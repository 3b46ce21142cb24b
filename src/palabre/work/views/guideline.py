"""How to answer: written with a preview, published as versions that can be compared."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.settings import LANGUAGES
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.actions.versions import publish_guideline
from palabre.work.forms.guideline import GuidelineForm
from palabre.work.forms.spoken import typed_texts
from palabre.work.models import Guideline, Project
from palabre.work.schemas import form_of as schema_form_of
from palabre.work.setup.differences import differences
from palabre.work.setup.readiness import readiness_of
from palabre.work.setup.skeletons import LANGUAGES as SKELETONS
from palabre.work.setup.skeletons import skeleton
from palabre.work.spoken import reads
from palabre.work.views.setup import about, asks_for, asks_for_piece, opened, typed

SKELETON = "skeleton-"
READ = Permission.READ_PROJECTS


@page(READ)
def guideline(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The newest version, to be worded better and published as the next one."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    versions = list(found.guidelines.order_by("-version"))
    newest = versions[0] if versions else None
    context = {
        **about(request, readiness_of(found), "guideline"),
        "versions": versions,
        "newest": newest,
        "skeletons": SKELETONS,
    }
    more: dict[str, Any] = {
        "version": newest.version if newest else 0,
        "main_language": found.main_language,
        "also": [*found.translations, *(newest.texts("body") if newest else ())],
    }
    if request.method == "POST" and not asks_for(request, "save"):
        return _helped(request, found, context, more)
    form = form_of(GuidelineForm, request, initial=_bodies(request, found, newest), **more)
    if form.is_bound and form.is_valid():
        with refusals(form):
            main, others = form.main_texts(), form.translations()
            published = publish_guideline(project, **main, translations=others, by=by, at=at)
            said = gettext("Version %(version)s is published.") % {"version": published.version}
            return done(request, said, "setup-guideline", project=project)
    return show(request, "work/setup/guideline.html", form, **context)


def _bodies(request: HttpRequest, project: Project, newest: Guideline | None) -> dict[str, str]:
    """The newest version; an answer that is to go into it (`add`) stands at the end of the main language's."""
    texts = typed_texts(newest, "body") if newest else {}
    added, main = request.GET.get("add", "").strip(), f"body_{project.main_language}"
    return {**texts, main: f"{texts.get(main, '').rstrip()}\n\n{added}"} if added else texts


def _helped(
    request: HttpRequest, project: Project, context: Mapping[str, object], more: Mapping[str, Any]
) -> HttpResponse:
    """The preview, another language, or a skeleton put after what is there: nothing is judged and nothing is lost."""
    fields, asked = typed(request.POST), request.POST.get("do", "")
    schema = project.schemas.order_by("-version").first()
    language = asked.removeprefix(SKELETON)
    if asked.startswith(SKELETON) and language in SKELETONS and schema is not None:
        body = str(fields.get(f"body_{language}", ""))
        ready = skeleton(schema_form_of(schema.body), language)
        fields |= {
            f"body_{language}": f"{body.rstrip()}\n\n{ready}" if body.strip() else ready,
            "tab": language,
        }
    form = GuidelineForm(initial=fields, **more)
    piece = asked == "preview" and asks_for_piece(request)
    template = "work/setup/guideline_preview.html" if piece else "work/setup/guideline.html"
    return render(request, template, {**context, "form": form})


@page(READ)
def guideline_version(request: HttpRequest, project: uuid.UUID, version: int) -> HttpResponse:
    """One version as members of each language read it, and what changed in it."""
    found = opened(request, project)
    pair = list(found.guidelines.filter(version__in=[version - 1, version]).order_by("-version"))
    if not pair or pair[0].version != version:
        raise NotFound()
    before: Guideline | None = pair[1] if len(pair) > 1 else None
    context = about(request, readiness_of(found), "guideline")
    bodies = pair[0].texts("body")
    language = request.GET.get("in", "")
    language = next((one for one in (language, reads()) if one in bodies), pair[0].main_language)
    context |= {
        "shown": pair[0],
        "before": before,
        "language": language,
        "languages": {code: LANGUAGES.get(code, code) for code in bodies},
        "html": pair[0].html("body", language),
        "changes": pair[0].said("changes", language),
    }
    if before is not None:
        context["pieces"] = differences(before.texts("body").get(language, ""), bodies[language])
    return render(request, "work/setup/guideline_version.html", context)
