"""The pilot and the launch over HTTP, for the client and for the members who take part."""

import datetime as dt

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input
from palabre.work.actions.launch import launch_project
from palabre.work.actions.pilot import conclude_pilot, confirm_guideline, start_pilot
from palabre.work.api.projects import ProjectOut, QuoteOut
from palabre.work.models import Project, Quote
from palabre.work.models.projects import Confirmation
from palabre.work.pilot import Part, part_of

router = Router(tags=["projects"])
MANAGE, WORK = Permission.MANAGE_PROJECTS, Permission.WORK


class LaunchIn(Input):
    """`without_pilot`: why all is offered without one. Members and the ScoreCard are told."""

    without_pilot: str = Field("", max_length=1_000)


class PilotIn(Input):
    tasks: int = Field(20, ge=2, le=500)


class ConfirmationIn(Input):
    """`remark`: what isn't clear; needed where `clear` is false."""

    clear: bool
    remark: str = Field("", max_length=5_000)


class ConfirmationOut(Schema):
    guideline_version: int
    clear: bool
    remark: str
    at: dt.datetime


class PilotOut(Schema):
    """A member's part in a pilot. `ask`: she has answered tasks of it, and not yet said whether the newest
    guideline is clear. `confirmation`: what she said of it."""

    running: bool
    guideline_version: int
    answers: int
    ask: bool
    confirmation: ConfirmationOut | None


@router.post("/projects/{project}/pilot/start", auth=allowed(MANAGE), response=ProjectOut)
def begin_pilot(request: HttpRequest, project: Id, body: PilotIn) -> Project:
    """Offer a draft's first tasks: members try the guideline, and their times are measured."""
    return start_pilot(project, body.tasks, by=actor_of(request), at=at_of(request))


@router.post("/projects/{project}/pilot/conclusion", auth=allowed(MANAGE), response={201: QuoteOut})
def end_pilot(request: HttpRequest, project: Id) -> Status[Quote]:
    """Put the measured times in the place of the guess: the answer is the new quote, to be accepted."""
    return Status(201, conclude_pilot(project, by=actor_of(request), at=at_of(request)))


@router.get("/projects/{project}/pilot", auth=allowed(WORK), response=PilotOut)
def show_pilot(request: HttpRequest, project: Id) -> Part:
    """Your part in the pilot of a project that is open to you."""
    return part_of(actor_of(request), project)


@router.post("/projects/{project}/pilot", auth=allowed(WORK), response=ConfirmationOut)
def confirm(request: HttpRequest, project: Id, body: ConfirmationIn) -> Confirmation:
    """Say whether the newest guideline is clear. You may change your answer while the pilot runs."""
    by, at = actor_of(request), at_of(request)
    return confirm_guideline(project, body.clear, body.remark, by=by, at=at)


@router.post("/projects/{project}/launch", auth=allowed(MANAGE), response=ProjectOut)
def launch(request: HttpRequest, project: Id, body: LaunchIn) -> Project:
    """Offer all of the work after its pilot, or say why there was none; or take up a paused project again."""
    why = body.without_pilot
    return launch_project(project, without_pilot=why, by=actor_of(request), at=at_of(request))
