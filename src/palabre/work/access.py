"""The wall around a project: its client and its operator see it, and members of the operator work on it.

Foreign and unknown projects look the same.
"""

import uuid

from django.db.models import Q, QuerySet

from palabre.decisions.models import Decision
from palabre.errors import NotFound
from palabre.pay.models import LedgerAccount
from palabre.people.actor import Actor
from palabre.people.models import Residence
from palabre.people.permissions import Permission
from palabre.work.decisions import ENDED
from palabre.work.models import Handout, Project

# A member who took work still reads its guideline while the project is paused.
WORKED_ON = (Project.State.PILOT, Project.State.LIVE, Project.State.PAUSED)
# Work is handed out.
OFFERED = (Project.State.PILOT, Project.State.LIVE)


def of_organisation(by: Actor) -> QuerySet[Project]:
    """The projects of the actor's organisation, on either side; of all, for the program itself."""
    projects = Project.objects.all()
    if by.account is None:
        return projects
    return projects.filter(Q(operator=by.organisation) | Q(client=by.organisation))


def charges_of(operator: uuid.UUID | None) -> QuerySet[LedgerAccount]:
    """The accounts that an operator's time and pay are charged to: its own, and those of the projects that it runs."""
    run = Project.objects.filter(operator=operator).values("id")
    return LedgerAccount.objects.filter(Q(owner=operator) | Q(owner__in=run))


def work_ended(project: uuid.UUID, member: uuid.UUID | None) -> bool:
    """Whether a decision that stands says that she gets no more of the project. Handing out reads it by itself."""
    taken = Decision.objects.filter(project=project, member=member, kind=ENDED)
    return taken.exclude(state=Decision.State.REVERSED).exists()


def open_to_member(by: Actor, *states: Project.State) -> QuerySet[Project]:
    """Projects of her operator, in one of `states`, that have a price for the place where she lives."""
    country = Residence.objects.filter(account=by.account).values_list("country", flat=True).first()
    if country is None:
        return Project.objects.none()
    return Project.objects.filter(operator=by.organisation, state__in=states, rates__has_key=country)


def hers(by: Actor) -> QuerySet[Project]:
    """Projects that are open to her, and those that she was handed something of before she moved to where they have no
    price: what she holds of them she may finish, with its guideline and her questions."""
    country = Residence.objects.filter(account=by.account).values_list("country", flat=True).first()
    if country is None:
        return Project.objects.none()
    handed = Handout.objects.filter(member=by.account).values("project")
    mine = Q(rates__has_key=country) | Q(id__in=handed)
    return Project.objects.filter(mine, operator=by.organisation, state__in=WORKED_ON)


def projects_visible_to(by: Actor) -> QuerySet[Project]:
    """What the actor may read, by her role: her organisation's projects, or hers as a member."""
    if by.may(Permission.READ_PROJECTS):
        return of_organisation(by)
    if by.may(Permission.WORK):
        return hers(by)
    return Project.objects.none()


def project_for(by: Actor, project_id: uuid.UUID, permission: Permission) -> Project:
    """One project that the actor may act on with `permission`.

    Raises: NotAllowed, NotFound (unknown, or another organisation's).
    """
    by.require(permission)
    projects = hers(by) if permission is Permission.WORK else of_organisation(by)
    return _one(projects, project_id)


def visible_project(by: Actor, project_id: uuid.UUID) -> Project:
    """One project that the actor may read, whatever her role. Raises: NotFound."""
    return _one(projects_visible_to(by), project_id)


def locked_project(by: Actor, project_id: uuid.UUID, permission: Permission) -> Project:
    """The same, with the project's row held until the transaction ends.

    Only its non-key columns are locked, so that tasks, leases and answers, whose rows refer to
    it, are still written meanwhile.

    Raises: NotAllowed, NotFound.
    """
    by.require(permission)
    return _one(of_organisation(by).select_for_update(no_key=True), project_id)


def _one(projects: QuerySet[Project], project_id: uuid.UUID) -> Project:
    project = projects.filter(id=project_id).first()
    if project is None:
        raise NotFound()
    return project
