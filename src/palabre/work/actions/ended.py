"""A member gets no more tasks of a project: a decision, with its why."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from palabre.decisions.actions import take_decision
from palabre.decisions.models import Decision
from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.queries import belongs
from palabre.work.access import locked_project, work_ended
from palabre.work.checks import check_text
from palabre.work.decisions import ENDED
from palabre.work.errors import EndedAlready, NotHerTasks
from palabre.work.models import Annotation

LONGEST = 2_000


@transaction.atomic
def end_work(
    project_id: uuid.UUID,
    member: uuid.UUID,
    *,
    rule: str,
    seen: str,
    guideline_version: int,
    tasks: Sequence[int] = (),
    by: Actor,
    at: dt.datetime,
) -> Decision:
    """Give a member no more tasks of a project, from now until the decision is reversed.

    What she holds she may send, and nothing that she has earned changes. `rule`: what she did not keep to;
    `seen`: what was seen; `tasks`: tasks that she answered and that show it; `guideline_version`: the one that
    the rule stands in. She can contest it, and somebody else answers.

    Raises: NotAllowed, NotFound (project or member of elsewhere, an unknown version), NotHerTasks, TextWrong,
    EndedAlready, and what `take_decision` raises.
    """
    by.require(Permission.DECIDE)
    project = locked_project(by, project_id, Permission.ASSIGN_TASKS)
    if not belongs(member, project.operator_id):
        raise NotFound
    check_text("rule", rule, LONGEST)
    check_text("seen", seen, LONGEST)
    if not project.guidelines.filter(version=guideline_version).exists():
        raise NotFound
    if not _hers(project.id, member, tasks):
        raise NotHerTasks(path="tasks")
    if work_ended(project.id, member):
        raise EndedAlready
    return take_decision(
        member=member,
        kind=ENDED,
        rule=rule,
        evidence={"seen": seen.strip(), "tasks": list(tasks)},
        effect={"project": str(project.id)},
        project=project.id,
        guideline_version=guideline_version,
        by=by,
        at=at,
    )


def _hers(project: uuid.UUID, member: uuid.UUID, tasks: Sequence[int]) -> bool:
    answered = Annotation.objects.filter(project=project, member=member, task__in=tasks)
    return answered.count() == len(set(tasks))
