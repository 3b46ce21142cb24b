"""Setting a project up: all steps at a glance, a new project, and what it is for."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.web.sign_in import viewer_in
from palabre.work.access import project_for
from palabre.work.actions.duplicate import duplicate_project
from palabre.work.actions.projects import create_project, edit_project, terms_of
from palabre.work.forms.purpose import NewProjectForm, PurposeForm
from palabre.work.forms.spoken import typed_texts
from palabre.work.models import Project
from palabre.work.setup.parties import parties_for, places_with_floor
from palabre.work.setup.readiness import Readiness, readiness_of
from palabre.work.setup.steps import next_of, steps_of
from palabre.work.spoken import reads

TAB = "tab:"  # what a button of a language begins with
MANAGE, READ = Permission.MANAGE_PROJECTS, Permission.READ_PROJECTS


@page(READ)
def overview(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Every step, whether it is done, and what comes next."""
    return render(request, "work/setup/overview.html", about(request, readiness_of(opened(request, project))))


@page(MANAGE)
def new_project(request: HttpRequest) -> HttpResponse:
    """The first step, for a project that isn't there yet."""
    by, at = actor_of(request), at_of(request)
    parties, places = parties_for(by), places_with_floor()
    more: dict[str, Any] = {
        "clients": parties.clients,
        "operators": parties.operators,
        "places": places,
        "main_language": first_spoken(),
    }
    initial = {"currency": parties.currency}
    if asks_to_see(request):
        return _previewed(request, "work/setup/new.html", NewProjectForm(initial=typed(request.POST), **more))
    form = form_of(NewProjectForm, request, initial=initial, **more)
    if form.is_bound and form.is_valid():
        with refusals(form):
            between = {name: uuid.UUID(form.cleaned_data[name]) for name in ("client", "operator")}
            made = create_project(form.terms(), **between, by=by, at=at)
            said = gettext("The draft is there. Nobody sees it before you launch it.")
            return done(request, said, "setup-questions", project=made.id)
    return show(request, "work/setup/new.html", form, parties=parties)


@page(READ)
def purpose(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """What it is for, in words that members read; fixed once members work."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    context = about(request, readiness_of(found), "purpose")
    before = terms_of(found)
    initial = {name: getattr(before, name) for name in ("main_language", "language", "countries", "currency")}
    initial |= typed_texts(found, *PurposeForm.spoken)
    more: dict[str, Any] = {
        "places": sorted({*places_with_floor(), *found.countries}),
        "main_language": found.main_language,
        "also": list(found.translations),
    }
    if asks_to_see(request):
        form = PurposeForm(initial=typed(request.POST), **more)
        return _previewed(request, "work/setup/purpose.html", form, context)
    form = form_of(PurposeForm, request, initial=initial, **more)
    if form.is_bound and form.is_valid():
        with refusals(form):
            edit_project(project, form.terms(before), by=by, at=at)
            return done(request, gettext("Saved."), "setup-questions", project=project)
    return show(request, "work/setup/purpose.html", form, **context)


@page(MANAGE)
def copy(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """A new draft with the same set-up."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, MANAGE)
    if request.method != "POST":
        return render(request, "work/setup/copy.html", about(request, readiness_of(found)))
    name = gettext("%(name)s (copy)") % {"name": found.name[:180]}
    made = duplicate_project(project, name, by=by, at=at)
    return done(
        request, gettext("The copy is a draft: change what differs."), "project-setup", project=made.id
    )


# -- what the pages of a set-up share -------------------------------------------------------------


def opened(request: HttpRequest, project: uuid.UUID) -> Project:
    """The project: looked at by whoever reads it, changed by whoever manages it.

    Raises: NotAllowed, NotFound.
    """
    return project_for(actor_of(request), project, MANAGE if request.method == "POST" else READ)


def about(request: HttpRequest, stands: Readiness, here: str = "") -> dict[str, object]:
    """What each page of the set-up shows: the steps, where the project stands, what the reader may do."""
    viewer = viewer_in(request)
    manages = viewer is not None and viewer.may(MANAGE)
    steps = steps_of(stands.project, stands.done, here)
    return {
        "project": stands.project,
        "stands": stands,
        "steps": steps,
        "next": next_of(steps),
        "manages": manages,
        "edits": manages and stands.project.state == Project.State.DRAFT,
    }


def asks_for(request: HttpRequest, what: str) -> bool:
    """Whether a form's button, or the script in its place, asks for no more than this."""
    return request.method == "POST" and request.POST.get("do") == what


def asks_to_see(request: HttpRequest) -> bool:
    """Whether a form is sent to be shown: its preview, or another of its languages. Nothing is judged or written."""
    asked = request.POST.get("do", "")
    return request.method == "POST" and (asked == "preview" or asked.startswith(TAB))


def asks_for_piece(request: HttpRequest) -> bool:
    """Whether `static/work/setup.js` asks, for the piece of the page that it puts in its place."""
    return "X-Piece" in request.headers


def typed(data: QueryDict) -> dict[str, object]:
    """A form as it was sent, to be shown again without being judged."""
    fields: dict[str, object] = {
        name: values if len(values) > 1 else values[0] for name, values in data.lists()
    }
    asked = str(data.get("do", ""))
    return {**fields, "tab": asked.removeprefix(TAB)} if asked.startswith(TAB) else fields


def first_spoken() -> str:
    """What a new project is written in: the language that the reader reads, where members can read it."""
    here = [str(code) for code, _name in settings.LANGUAGES]
    return reads() if reads() in here else here[0]


def _previewed(
    request: HttpRequest, template: str, form: forms.Form, context: Mapping[str, object] | None = None
) -> HttpResponse:
    """The page with its preview brought up to date; only the preview where the script asks."""
    fragment = asks_for_piece(request)
    shown = "work/setup/offer_preview.html" if fragment else template
    return render(request, shown, {"form": form, **(context or {})})
