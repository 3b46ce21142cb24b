"""Tasks that members don't agree on, the least sure first, and one of them with its answers."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.quality.models import CLEAR, Consensus
from palabre.work.access import project_for
from palabre.work.models import Annotation, LabelSchema, Task
from palabre.work.models.reviews import Review
from palabre.work.schemas.form import Form, form_of, with_language

# With a filter by labels, so many candidates are looked at for one page: a page never walks a whole project.
LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class Disputed:
    """One task: the labels of each of its answers, without who gave them, and what they lead to."""

    task: Task
    confidence: float
    consensus: dict[str, list[str]]
    answers: Sequence[dict[str, list[str]]]


@dataclass(frozen=True, slots=True)
class DisputedPage:
    """`next`: where the next page begins, None after the last task."""

    items: Sequence[Disputed]
    next: tuple[float, int] | None


def disputed_tasks(
    by: Actor,
    project_id: uuid.UUID,
    *,
    labels: Sequence[str] = (),
    after: tuple[float, int] | None = None,
    limit: int = 20,
) -> DisputedPage:
    """Tasks with an unsure consensus; with `labels`, those whose answers name all of them. Three statements.

    Raises: NotAllowed, NotFound.
    """
    project = project_for(by, project_id, Permission.READ_RESULTS)
    found = Consensus.objects.filter(project=project, confidence__lt=CLEAR)
    if after is not None:
        low, task = after
        found = found.filter(Q(confidence__gt=low) | Q(confidence=low, task__gt=task))
    looked_at = LOOKED_AT if labels else limit
    rows = list(found.select_related("task").order_by("confidence", "task_id")[: looked_at + 1])
    answers = _answers_to([row.task_id for row in rows[:looked_at]])
    items: list[Disputed] = []
    last = None
    for row in rows[:looked_at]:
        given = answers.get(row.task_id, [])
        last = (row.confidence, row.task_id)
        named = {label for one in given for values in one.values() for label in values}
        if set(labels) <= named:
            items.append(Disputed(row.task, row.confidence, row.labels, given))
        if len(items) == limit:
            break
    more = rows and last != (rows[-1].confidence, rows[-1].task_id)
    return DisputedPage(items, last if more else None)


def _answers_to(tasks: Sequence[int]) -> dict[int, list[dict[str, list[str]]]]:
    found: dict[int, list[dict[str, list[str]]]] = {}
    rows = Annotation.objects.filter(task__in=tasks).order_by("id").values_list("task_id", "result")
    for task, result in rows:
        found.setdefault(task, []).append(chosen_in(result))
    return found


def chosen_in(result: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The labels of an answer, by question."""
    return {
        item["from_name"]: list(item["value"]["choices"]) for item in result if item.get("type") == "choices"
    }


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """One task as its client sees it: what it shows, each answer, what they lead to, what was decided."""

    task: Task
    form: Form
    answers: Sequence[Annotation]
    consensus: Consensus | None
    review: Review | None


def task_seen(by: Actor, project_id: uuid.UUID, task_id: int) -> TaskSeen:
    """One task of a project with its answers. Six statements. Raises: NotAllowed, NotFound."""
    project = project_for(by, project_id, Permission.READ_RESULTS)
    task = Task.objects.filter(project=project, id=task_id).select_related("batch").first()
    newest = LabelSchema.objects.filter(project=project).order_by("-version").first()
    if task is None or newest is None:
        raise NotFound
    return TaskSeen(
        task=task,
        form=form_of(with_language(newest.body, project.language)),
        answers=list(Annotation.objects.filter(task=task).order_by("id")),
        consensus=Consensus.objects.filter(task=task).first(),
        review=Review.objects.filter(task=task, state=Review.State.SUBMITTED).first(),
    )
