"""From draft to live, to paused, to closed."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max

from palabre.pay.queries import balance
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.fund import refresh_funding, settle_shares
from palabre.work.actions.notes import note
from palabre.work.errors import NotReady, ProjectIs
from palabre.work.models import Batch, Project

State = Project.State


@transaction.atomic
def launch_project(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Project:
    """Offer the work to members. A draft needs a schema, a guideline, an accepted quote, money and tasks.

    Raises: NotAllowed, NotFound, ProjectIs (neither draft nor paused), NotReady (what is missing).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state not in (State.DRAFT, State.PAUSED):
        raise ProjectIs(state=project.state)
    missing = _missing(project)
    if missing:
        raise NotReady(missing)
    project.state = State.LIVE
    project.launched_at = project.launched_at or at
    project.save(update_fields=["state", "launched_at"])
    refresh_funding(project)
    note("work.project.launched", project, _versions(project), by=by, at=at)
    return project


def _versions(project: Project) -> dict[str, int]:
    """What members start from."""
    schema = project.schemas.aggregate(Max("version"))["version__max"]
    guideline = project.guidelines.aggregate(Max("version"))["version__max"]
    return {"schema": schema, "guideline": guideline}


def _missing(project: Project) -> list[str]:
    """What the project lacks before members can work on it."""
    there = {
        "schema": project.schemas.exists(),
        "guideline": project.guidelines.exists(),
        "quote": bool(project.rates and project.escrow_id),
        "deposit": bool(project.escrow_id) and balance(project.escrow_id or 0) > 0,
        "tasks": project.batches.filter(state=Batch.State.OPEN).exists(),
    }
    return [name for name, is_there in there.items() if not is_there]


@transaction.atomic
def pause_project(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Project:
    """Offer no more work; what members hold stays theirs. `launch_project` takes it up again.

    Raises: NotAllowed, NotFound, ProjectIs (not live).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state != State.LIVE:
        raise ProjectIs(state=project.state)
    project.state = State.PAUSED
    project.save(update_fields=["state"])
    note("work.project.paused", project, {}, by=by, at=at)
    return project


@transaction.atomic
def close_project(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Project:
    """End the project: nothing is offered any more; answers that still come are kept and paid.

    The platform's share and the social cover are moved. What is left on the escrow stays there,
    for top-ups of days that are not settled yet and for the client. Closing again changes nothing.

    Raises: NotAllowed, NotFound, ProjectIs (a draft).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state == State.CLOSED:
        return project
    if project.state == State.DRAFT:
        raise ProjectIs(state=project.state)
    project.state, project.closed_at = State.CLOSED, at
    project.save(update_fields=["state", "closed_at"])
    settle_shares(project, at=at)
    left = balance(project.escrow_id) if project.escrow_id else 0
    note("work.project.closed", project, {"left": left, "currency": project.currency}, by=by, at=at)
    return project
