"""Launch, pause, take up again: what is missing, with the way to it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.actions.launch import launch_project, pause_project
from palabre.work.forms.pilot import WithoutPilotForm
from palabre.work.models import Project
from palabre.work.setup.readiness import readiness_of
from palabre.work.setup.steps import steps_of
from palabre.work.views.setup import about, asks_for, opened

READ = Permission.READ_PROJECTS
State = Project.State


@page(READ)
def launch(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The checklist, and one button for what can be done now."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    if asks_for(request, "pause"):
        pause_project(project, by=by, at=at)
        said = gettext("Nothing more is offered. What members have in hand stays theirs and is paid.")
        return done(request, said, "setup-launch", project=project)
    if asks_for(request, "launch"):
        launch_project(project, by=by, at=at)
        return done(request, gettext("The work is offered to members."), "setup-launch", project=project)
    form = form_of(WithoutPilotForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            launch_project(project, without_pilot=form.cleaned_data["without_pilot"], by=by, at=at)
            return done(request, gettext("The work is offered to members."), "setup-launch", project=project)
    stands = readiness_of(found)
    ready = not stands.missing
    before = found.launched_at is None
    passed = found.piloted_at is not None and stands.priced
    checks = [step for step in steps_of(found, stands.done) if step.name not in {"launch", "quality"}]
    return show(
        request,
        "work/setup/launch.html",
        form,
        **about(request, stands, "launch"),
        checks=checks,
        launches=ready and before and passed and found.state == State.PILOT,
        goes_without=ready and before and not passed and found.state in (State.DRAFT, State.PILOT),
        resumes=found.state == State.PAUSED,
        pauses=found.state in (State.PILOT, State.LIVE),
    )
