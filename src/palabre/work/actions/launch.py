"""From draft to live, to paused, to closed."""

import datetime as dt
import uuid
from hashlib import sha256

from django.db import transaction
from django.db.models import Max

from palabre.pay.queries import balance
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project
from palabre.work.actions.fund import refresh_funding, settle_shares
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
from palabre.work.errors import NotReady, PilotMissing, ProjectIs
from palabre.work.models import Batch, Project
from palabre.work.schemas import form_of

State = Project.State
LONGEST_REASON = 1_000


@transaction.atomic
def launch_project(project_id: uuid.UUID, *, without_pilot: str = "", by: Actor, at: dt.datetime) -> Project:
    """Offer all of the work to members, or take up a paused project again where it stood.

    A draft needs a schema, a guideline, an accepted quote, money and tasks; and a pilot whose times
    were measured, with a quote that was accepted since, or `without_pilot`: why there is none. The
    ScoreCard says so then.

    Raises: NotAllowed, NotFound, ProjectIs (live or closed), NotReady (what is missing), PilotMissing,
    TextWrong.
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state not in (State.DRAFT, State.PILOT, State.PAUSED):
        raise ProjectIs(state=project.state)
    missing = missing_of(project)
    if missing:
        raise NotReady(missing)
    if project.state == State.PAUSED and project.launched_at is None and not without_pilot:
        return _offered(project, State.PILOT, by, at)
    if project.launched_at is None:
        _check_pilot(project, without_pilot)
        project.launched_at = at
    return _offered(project, State.LIVE, by, at)


def _check_pilot(project: Project, without_pilot: str) -> None:
    """Raises: PilotMissing, NotReady, TextWrong."""
    if without_pilot:
        check_text("without_pilot", without_pilot, LONGEST_REASON)
        project.without_pilot = without_pilot.strip()
    elif project.piloted_at is None:
        raise PilotMissing()
    elif not _is_priced_by(project, project.piloted_at):
        raise NotReady(["quote"])


def _is_priced_by(project: Project, measured: dt.datetime) -> bool:
    """Whether the client accepted a price with the times that were measured then."""
    quote = project.quotes.filter(accepted_at__gte=measured).order_by("-accepted_at", "-id").first()
    if quote is None:
        return False
    base = next(line for line in quote.lines if line["line"] == "base_pay")
    return bool(base["seconds"] == f"{project.seconds_per_task:f}")


def _offered(project: Project, state: State, by: Actor, at: dt.datetime) -> Project:
    project.state = state
    project.save(update_fields=["state", "launched_at", "without_pilot"])
    refresh_funding(project)
    data: dict[str, object] = {"state": str(state), **versions_of(project)}
    if project.without_pilot:
        # Words may hold a name: the record has what they can be checked by.
        data["without_pilot"] = sha256(project.without_pilot.encode()).hexdigest()
    note("work.project.launched", project, data, by=by, at=at)
    return project


def versions_of(project: Project) -> dict[str, int]:
    """What members start from."""
    schema = project.schemas.aggregate(Max("version"))["version__max"]
    guideline = project.guidelines.aggregate(Max("version"))["version__max"]
    return {"schema": schema, "guideline": guideline}


def missing_of(project: Project) -> list[str]:
    """What the project lacks before members can work on it."""
    there = {
        "schema": project.schemas.exists(),
        "guideline": project.guidelines.exists(),
        "quote": bool(project.rates and project.escrow_id),
        "deposit": bool(project.escrow_id) and balance(project.escrow_id or 0) > 0,
        "tasks": project.batches.filter(state=Batch.State.OPEN).exists(),
        "language": _language_said(project),
    }
    return [name for name, is_there in there.items() if not is_there]


def _language_said(project: Project) -> bool:
    """Screens speak and turn a text by its language: it is said before the first task is offered, by the project or
    by its schema. What was offered before that rule goes on."""
    if project.language or project.state != State.DRAFT:
        return True
    newest = project.schemas.order_by("-version").first()
    return newest is None or form_of(newest.body).says_languages


@transaction.atomic
def pause_project(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Project:
    """Offer no more work, of a pilot either; what members hold stays theirs. `launch_project` takes it up again.

    Raises: NotAllowed, NotFound, ProjectIs (nothing is on offer).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state not in (State.PILOT, State.LIVE):
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
