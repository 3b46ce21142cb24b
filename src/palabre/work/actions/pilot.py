"""The pilot of a project: begun, confirmed by the members who took part, and turned into a price."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Sum

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import locked_project, project_for
from palabre.work.actions.fund import refresh_funding
from palabre.work.actions.launch import missing_of, versions_of
from palabre.work.actions.notes import note
from palabre.work.actions.quotes import quote_again
from palabre.work.checks import check_number, check_text
from palabre.work.errors import NotReady, PilotNotCovered, PilotOpen, ProjectIs, TookNoPart
from palabre.work.models import Annotation, Batch, Project, Quote
from palabre.work.models.projects import Confirmation
from palabre.work.pilot import LEAST_MEMBERS, pilot_of

State = Project.State
USUAL_TASKS, MOST_TASKS = 20, 500
LONGEST_REMARK = 5_000


@transaction.atomic
def start_pilot(project_id: uuid.UUID, tasks: int = USUAL_TASKS, *, by: Actor, at: dt.datetime) -> Project:
    """Offer a draft's first tasks, and no others, or more of them while the pilot runs.

    Raises: NotAllowed, NotFound, ProjectIs (neither draft nor in its pilot), NumberWrong (fewer than
    before), NotReady (what is missing), PilotNotCovered (the deposit is too small for it).
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state not in (State.DRAFT, State.PILOT):
        raise ProjectIs(state=project.state)
    check_number("tasks", tasks, project.pilot_tasks or LEAST_MEMBERS, MOST_TASKS)
    missing = missing_of(project)
    if missing:
        raise NotReady(missing)
    batches = project.batches.filter(state=Batch.State.OPEN)
    project.state = State.PILOT
    project.pilot_tasks = min(tasks, batches.aggregate(Sum("size"))["size__sum"])
    project.save(update_fields=["state", "pilot_tasks"])
    refresh_funding(project)
    covered = batches.aggregate(Sum("funded_upto"))["funded_upto__sum"]
    if covered < project.pilot_tasks:
        raise PilotNotCovered(covered=covered, tasks=project.pilot_tasks)
    note("work.pilot.started", project, {"tasks": project.pilot_tasks, **versions_of(project)}, by=by, at=at)
    return project


@transaction.atomic
def confirm_guideline(
    project_id: uuid.UUID, clear: bool, remark: str = "", *, by: Actor, at: dt.datetime
) -> Confirmation:
    """A member of the pilot says that the newest guideline is clear, or what in it isn't.

    She may change her answer while the pilot runs; a new version of the guideline is asked about anew.

    Raises: NotAllowed, NotFound, ProjectIs (not in its pilot), TookNoPart (she has answered no task
    of it), TextWrong (not clear, and no word of what).
    """
    project = project_for(by, project_id, Permission.WORK)
    if by.account is None:
        raise NotFound()
    if project.state != State.PILOT:
        raise ProjectIs(state=project.state)
    if not Annotation.objects.filter(project=project, member=by.account).exists():
        raise TookNoPart()
    if remark.strip() or not clear:
        check_text("remark", remark, LONGEST_REMARK)
    version = versions_of(project)["guideline"]
    said = {"clear": clear, "remark": remark.strip(), "at": at}
    confirmation, _created = Confirmation.objects.update_or_create(
        project=project, member_id=by.account, guideline_version=version, defaults=said
    )
    note("work.guideline.confirmed", project, {"version": version, "clear": clear}, by=by, at=at)
    return confirmation


@transaction.atomic
def conclude_pilot(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Quote:
    """Put the measured times in the place of the guess, and quote the price again.

    Each task has the answers of two members (of one, where a task has one answer), two members at
    least have confirmed the newest guideline and nobody finds it unclear. What a judgement takes is
    the 75th percentile of the counted time of those so far, after Appen's Fair Pay rule (three of
    four reach the hourly rate), and its share of the time on tasks that brought none. Concluding
    again, with more answers, measures again.

    Raises: NotAllowed, NotFound, ProjectIs (not in its pilot), PilotOpen (what is left to do), and
    what `quote_project` raises.
    """
    project = locked_project(by, project_id, Permission.MANAGE_PROJECTS)
    if project.state != State.PILOT:
        raise ProjectIs(state=project.state)
    pilot = pilot_of(project)
    if pilot.missing or pilot.seconds is None:
        raise PilotOpen(pilot.missing)
    guess, project.seconds_per_task = project.seconds_per_task, pilot.seconds
    project.piloted_at, project.pilot_judgements = at, pilot.measured
    project.pilot_shared_seconds = pilot.shared
    project.save(update_fields=["seconds_per_task", "piloted_at", "pilot_judgements", "pilot_shared_seconds"])
    data = {
        "guess": f"{guess:f}",
        "seconds": f"{pilot.seconds:f}",
        "shared": f"{pilot.shared:f}",
        "judgements": pilot.measured,
        "members": pilot.members,
        "confirmed": len(pilot.confirmations),
        **versions_of(project),
    }
    note("work.pilot.concluded", project, data, by=by, at=at)
    return quote_again(project, by=by, at=at)
