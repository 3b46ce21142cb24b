"""What members see and are asked: a builder without code, and the schema itself for experts."""

import json
import uuid
from collections.abc import Mapping
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from palabre.errors import PalabreError
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.drafts import typed_before
from palabre.web.errors import status_of
from palabre.web.forms import form_of, show
from palabre.web.page import done, page
from palabre.work.actions.versions import publish_schema
from palabre.work.forms.schema import SchemaForm
from palabre.work.models import LabelSchema, Project, Task
from palabre.work.schemas import validate_schema
from palabre.work.schemas.form import MANY_OR_NONE, SchemaBody
from palabre.work.setup.beginnings import BEGINNINGS, beginning
from palabre.work.setup.moves import moved
from palabre.work.setup.readiness import readiness_of
from palabre.work.setup.shown import errors_of, shown, summary
from palabre.work.setup.sketch import LabelRow, QuestionRow, Sketch, from_body, from_typed, to_body
from palabre.work.views.setup import about, asks_for_piece, opened

READ = Permission.READ_PROJECTS


@page(READ)
def questions(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The builder. Its buttons change the rows and keep what is typed; only publishing writes."""
    found = opened(request, project)
    context = about(request, readiness_of(found), "questions")
    newest = found.schemas.order_by("-version").first()
    if request.method == "POST":
        return _asked(request, found, context)
    sketch = _begun(request, found, newest)
    if sketch is None:
        return render(request, "work/setup/questions.html", {**context, **_no_rows(newest)})
    rows = _rows(found, sketch, {}, _sample(found))
    return render(request, "work/setup/questions.html", {**context, **rows})


def _asked(request: HttpRequest, project: Project, context: Mapping[str, object]) -> HttpResponse:
    sketch, asked = from_typed(cast("Mapping[str, object]", request.POST)), request.POST.get("do", "")
    payload = _sample(project)
    if asked != "save":
        focus = moved(sketch, asked)
        rows = {**context, **_rows(project, sketch, {}, payload), "focus": focus}
        return render(request, _part(request, asked), rows)
    errors = errors_of(sketch, payload)
    if not errors:
        try:
            published = publish_schema(
                project.id, dict(to_body(sketch)), by=actor_of(request), at=at_of(request)
            )
        except PalabreError as error:
            if status_of(error) in {403, 404} or status_of(error) >= 500:
                raise
            errors = {"": str(error).split("\n  - ")}
        else:
            said = gettext("Version %(version)s is published.") % {"version": published.version}
            return done(request, said, "setup-guideline", project=project.id)
    rows = {**context, **_rows(project, sketch, errors, payload)}
    return render(request, "work/setup/questions.html", rows, status=422)


def _part(request: HttpRequest, asked: str) -> str:
    """The piece that the script puts in its place, or the whole page."""
    if not asks_for_piece(request):
        return "work/setup/questions.html"
    return "work/setup/task_preview.html" if asked == "preview" else "work/setup/builder.html"


def _begun(request: HttpRequest, project: Project, newest: LabelSchema | None) -> Sketch | None:
    """What to start from: what she typed before she was signed out, a ready beginning, or the newest version."""
    typed = typed_before(request)
    if typed:
        return from_typed(typed)
    chosen = request.GET.get("begin", "")
    ready = beginning(chosen)
    if ready is not None or chosen == "blank":
        sketch = ready.sketch() if ready else _blank()
        sketch.language = "" if project.language in MANY_OR_NONE else project.language
        return sketch
    return from_body(cast("SchemaBody", newest.body)) if newest else None


def _blank() -> Sketch:
    return Sketch(questions=[QuestionRow(labels=[LabelRow(), LabelRow()])])


def _no_rows(newest: LabelSchema | None) -> dict[str, object]:
    return {"beginnings": BEGINNINGS, "newest": newest}


def _rows(
    project: Project, sketch: Sketch, errors: Mapping[str, list[str]], payload: Mapping[str, object]
) -> dict[str, object]:
    works = project.state != Project.State.DRAFT
    return {
        "sketch": sketch,
        "rows": shown(sketch, errors, works=works),
        "errors": errors,
        "problems": summary(errors),
        "works": works,
        "fields": sorted(payload),
        "sample": payload.get(sketch.column, ""),
        "reads": (get_language() or "en")[:2],
    }


def _sample(project: Project) -> dict[str, object]:
    """The payload of the project's first task, if it has one. One statement."""
    first = Task.objects.filter(batch__project=project, position=1).order_by("batch__number")
    payload = first.values_list("payload", flat=True).first()
    return payload if isinstance(payload, dict) else {}


@page(READ)
def expert(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The schema itself, to be looked at, pasted and edited; errors name their places."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    context = about(request, readiness_of(found), "questions")
    newest = found.schemas.order_by("-version").first()
    body = json.dumps(newest.body, ensure_ascii=False, indent=2) if newest else ""
    form = form_of(SchemaForm, request, initial={"body": body})
    if form.is_bound and form.is_valid():
        problems = validate_schema(form.cleaned_data["body"])
        if problems:
            form.add_error("body", [str(problem) for problem in problems])
            return show(request, "work/setup/expert.html", form, newest=newest, **context)
        try:
            published = publish_schema(project, form.cleaned_data["body"], by=by, at=at)
        except PalabreError as error:
            if status_of(error) in {403, 404} or status_of(error) >= 500:
                raise
            form.add_error("body", str(error).split("\n  - "))
        else:
            said = gettext("Version %(version)s is published.") % {"version": published.version}
            return done(request, said, "setup-questions", project=project)
    return show(request, "work/setup/expert.html", form, newest=newest, **context)
