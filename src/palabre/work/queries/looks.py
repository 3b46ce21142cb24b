"""Reads of what waits for somebody to look at it: tasks that members marked or left, what nobody could read,
two answers to one task; and what was said of it to her."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, QuerySet

from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation
from palabre.work.actions.choices import others_open_to
from palabre.work.models import Flag, OtherAnswer, Project, RawSubmission, Task
from palabre.work.queries.versions import result_form_of
from palabre.work.undo import WITHIN

# As many as a person looks through at once.
MOST = 50
# What must not wait behind the others.
GRAVE = (Flag.Reason.HARMFUL, Flag.Reason.PERSONAL)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A task and all that waits about it, without who said it."""

    task: Task
    flags: tuple[Flag, ...]

    @property
    def grave(self) -> bool:
        return any(one.reason in GRAVE for one in self.flags)


def flagged_tasks(by: Actor, project: uuid.UUID | None = None) -> list[Flagged]:
    """Tasks that members marked or left with a reason and that nobody has looked at. Two statements.

    Those that may do harm or show who somebody is come first, then what has waited longest.

    Raises: NotAllowed.
    """
    by.require(Permission.MANAGE_PROJECTS)
    waiting = _waiting(by) if project is None else _waiting(by).filter(project=project)
    grave = waiting.filter(reason__in=GRAVE).values_list("task", flat=True)
    since = waiting.values_list("task").annotate(since=Min("flagged_at")).order_by("since", "task")
    first = [*since.filter(task__in=grave)[:MOST], *since.exclude(task__in=grave)[:MOST]][:MOST]
    rows: dict[int, list[Flag]] = {task: [] for task, _since in first}
    for flag in waiting.filter(task__in=rows).select_related("task", "project").order_by("flagged_at", "id"):
        rows[flag.task_id].append(flag)
    return [Flagged(flags[0].task, tuple(flags)) for flags in rows.values() if flags]


def flagged_count(by: Actor) -> tuple[int, int]:
    """How many tasks wait, and how many of them may do harm or show who somebody is. Two statements."""
    waiting = _waiting(by)
    grave = waiting.filter(reason__in=GRAVE)
    return _tasks(waiting), _tasks(grave)


def _tasks(flags: QuerySet[Flag]) -> int:
    number: int = flags.aggregate(n=Count("task", distinct=True))["n"]
    return number


def flagged_in(projects: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """How many tasks wait in each of some projects. One statement."""
    waiting = Flag.objects.filter(project__in=projects, outcome=Flag.Outcome.WAITING)
    return dict(waiting.values_list("project").annotate(Count("task", distinct=True)))


def _waiting(by: Actor) -> QuerySet[Flag]:
    return Flag.objects.filter(project__in=of_organisation(by), outcome=Flag.Outcome.WAITING)


def unread_waiting(by: Actor) -> list[RawSubmission]:
    """What members of the operator sent and nobody could read, the oldest first. One statement.

    Raises: NotAllowed.
    """
    by.require(Permission.CORRECT_TIME)
    rows = _unread(by).select_related("member__personal_data", "project", "lease")
    return list(rows.order_by("received_at", "id")[:MOST])


def unread_count(by: Actor) -> int:
    """How much of that waits. One statement."""
    return _unread(by).count()


def _unread(by: Actor) -> QuerySet[RawSubmission]:
    return RawSubmission.objects.filter(operator=by.organisation, state=RawSubmission.State.WAITING)


def unread_rows(by: Actor, *, after: int | None, limit: int) -> list[RawSubmission]:
    """What waits of that, from after a row on. One statement. Raises: NotAllowed."""
    by.require(Permission.CORRECT_TIME)
    return list(_unread(by).filter(id__gt=after or 0).order_by("id")[:limit])


def other_rows(by: Actor, *, after: int | None, limit: int) -> list[OtherAnswer]:
    """Answers that wait for a choice, from after a row on. One statement. Raises: NotAllowed."""
    return list(others_open_to(by).filter(id__gt=after or 0).order_by("id")[:limit])


@dataclass(frozen=True, slots=True)
class Pair:
    """The answer that stands, and the other one; what each says, by question."""

    other: OtherAnswer
    project: Project
    task: Task
    stands: str
    instead: str


def two_answers(by: Actor) -> list[Pair]:
    """Answers beside another that wait for her choice, or a reviewer's. One statement. Raises: NotAllowed."""
    rows = others_open_to(by).select_related("annotation__task", "annotation__project").order_by("id")[:MOST]
    return [
        Pair(
            one,
            one.annotation.project,
            one.annotation.task,
            answer_in_words(one.annotation.project_id, one.annotation.schema_version, one.annotation.result),
            answer_in_words(one.annotation.project_id, one.schema_version, one.result),
        )
        for one in rows
    ]


def two_answers_count(by: Actor) -> int:
    """How many wait for her. One statement."""
    return others_open_to(by).count()


def answer_in_words(project: uuid.UUID, version: int, result: object) -> str:
    """The labels of one answer, by question. No statement once the version's form was read."""
    form = result_form_of(project, version)
    chosen = form.labels(result) if form else {}
    return " · ".join(", ".join(labels) for labels in chosen.values() if labels)


def flags_to_undo(by: Actor, at: dt.datetime) -> Flag | None:
    """One of those that she settled last, as long as she can undo it. One statement."""
    mine = Flag.objects.filter(settled_by=by.account, settled_at__gte=at - WITHIN)
    return mine.filter(project__in=of_organisation(by)).order_by("-settled_at").first()


def unread_to_undo(by: Actor, at: dt.datetime) -> RawSubmission | None:
    """What she looked at last, as long as she can undo it. One statement."""
    mine = RawSubmission.objects.filter(looked_by=by.account, looked_at__gte=at - WITHIN)
    return mine.filter(operator=by.organisation).order_by("-looked_at").first()


def choice_to_undo(by: Actor, at: dt.datetime) -> OtherAnswer | None:
    """Her last choice between two answers, as long as she can undo it. One statement."""
    mine = OtherAnswer.objects.filter(settled_by=by.account, settled_at__gte=at - WITHIN)
    return mine.select_related("annotation").order_by("-settled_at").first()


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody who looked says to her."""

    project: Project | None
    task: int | None
    word: str
    outcome: str


def words_to_her(by: Actor, since: dt.datetime) -> list[Word]:
    """What was said to her about tasks that she marked, and about what could not be read. Two statements."""
    flags = Flag.objects.filter(member=by.account, settled_at__gte=since, project__operator=by.organisation)
    raws = RawSubmission.objects.filter(member=by.account, operator=by.organisation)
    marked = flags.exclude(word="").select_related("project").order_by("-settled_at")[:10]
    looked = raws.filter(looked_at__gte=since).select_related("project").order_by("-looked_at")[:10]
    return [
        *(Word(one.project, one.task_id, one.word, one.outcome) for one in marked),
        *(Word(one.project, None, one.word, one.state) for one in looked),
    ]


def unread_of_hers(by: Actor) -> int:
    """How much of what she sent waits for a person. One statement."""
    waiting = RawSubmission.objects.filter(member=by.account, operator=by.organisation)
    return waiting.filter(state=RawSubmission.State.WAITING).count()
