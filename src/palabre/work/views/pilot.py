"""The pilot: begun and concluded by the client, confirmed by the members who take part."""

import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.errors import WrongState
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.actions.pilot import conclude_pilot, confirm_guideline, start_pilot
from palabre.work.errors import LEFT_TO_DO
from palabre.work.forms.pilot import ConfirmForm, PilotForm
from palabre.work.models import Project
from palabre.work.pilot import LEAST_MEMBERS, Pilot, part_of, pilot_of
from palabre.work.setup.readiness import Readiness, readiness_of
from palabre.work.views.setup import about, asks_for, opened

READ = Permission.READ_PROJECTS


@page(READ)
def pilot(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """What a pilot is for, how far this one is, and what its times come to."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    stands = readiness_of(found)
    if asks_for(request, "conclude"):
        try:
            conclude_pilot(project, by=by, at=at)
        except WrongState as error:
            return render(request, "work/setup/pilot.html", _shown(request, stands, str(error)), status=422)
        said = gettext("The times are measured. Look at the new price.")
        return done(request, said, "setup-quote", project=project)
    form = form_of(PilotForm, request, initial={"tasks": found.pilot_tasks} if found.pilot_tasks else {})
    if form.is_bound and form.is_valid():
        with refusals(form):
            started = start_pilot(project, form.cleaned_data["tasks"], by=by, at=at)
            said = gettext("%(tasks)s tasks are offered to members now.") % {"tasks": started.pilot_tasks}
            return done(request, said, "setup-pilot", project=project)
    return show(request, "work/setup/pilot.html", form, **_shown(request, stands))


def _shown(request: HttpRequest, stands: Readiness, refused: str = "") -> Mapping[str, object]:
    project = stands.project
    running = project.state == Project.State.PILOT
    stand: Pilot | None = pilot_of(project) if running else None
    missing = [LEFT_TO_DO[name] for name in stand.missing] if stand else []
    return {
        **about(request, stands, "pilot"),
        "pilot": stand,
        "left_to_do": missing,
        "refused": refused,
        "least": LEAST_MEMBERS,
        "running": running,
    }


@page(Permission.WORK)
def pilot_answer(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """A member reads the guideline once more and says whether it is clear."""
    by, at = actor_of(request), at_of(request)
    part = part_of(by, project)
    said = part.confirmation
    initial = {"clear": "yes" if said.clear else "no", "remark": said.remark} if said else {}
    form = form_of(ConfirmForm, request, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals(form):
            clear = form.cleaned_data["clear"] == "yes"
            confirm_guideline(project, clear, form.cleaned_data["remark"], by=by, at=at)
            thanks = gettext("Thank you. You can change your answer while the pilot runs.")
            return done(request, thanks, "pilot-answer", project=project)
    return show(request, "work/setup/pilot_answer.html", form, part=part)
