"""Reads of questions: the open ones, similar ones together, the oldest first."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.work.access import of_organisation, visible_project
from palabre.work.models import Project, Question

# As many as a person looks through at once.
MOST = 100
# Two texts are near when the shorter one shares most of its words, fillers apart, and at least two.
NEAR, LEAST_SHARED = 0.6, 2
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are about the same: of one project, on one task or in nearly the same words."""

    questions: tuple[Question, ...]

    @property
    def first(self) -> Question:
        """The one that has waited longest."""
        return self.questions[0]


def open_questions(by: Actor, project: uuid.UUID | None = None) -> list[Group]:
    """Open questions of a project or of all that the actor's organisation runs. One statement.

    Raises: NotAllowed.
    """
    by.require(Permission.READ_PROJECTS)
    found = Question.objects.filter(project__in=_projects(by, project), answered_at=None)
    rows = found.select_related("project", "task").order_by("asked_at", "id")[:MOST]
    return grouped(list(rows))


def is_full(groups: Sequence[Group]) -> bool:
    """Whether there may be more than are shown."""
    return sum(len(group.questions) for group in groups) >= MOST


def answered_questions(by: Actor, project: uuid.UUID | None = None, limit: int = 30) -> list[Question]:
    """The last answers, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.READ_PROJECTS)
    found = Question.objects.filter(project__in=_projects(by, project), answered_at__isnull=False)
    return list(found.select_related("project", "task").order_by("-answered_at", "id")[:limit])


def questions_to_answer(by: Actor, ids: Sequence[uuid.UUID]) -> list[Question]:
    """The named questions, the oldest first. One statement.

    Raises: NotAllowed, NotFound (none, or one of them unknown or another organisation's).
    """
    by.require(Permission.ANSWER_QUESTIONS)
    found = Question.objects.filter(id__in=ids, project__in=of_organisation(by))
    rows = list(found.select_related("project", "task").order_by("asked_at", "id"))
    if not rows or len(rows) != len(set(ids)):
        raise NotFound
    return rows


def oldest_question(by: Actor) -> tuple[int, dt.datetime | None]:
    """How many questions wait for an answer, and since when. One statement."""
    waiting = Question.objects.filter(project__in=of_organisation(by), answered_at=None)
    found = waiting.aggregate(number=Count("id"), since=Min("asked_at"))
    return found["number"], found["since"]


def _projects(by: Actor, project: uuid.UUID | None) -> QuerySet[Project]:
    projects = of_organisation(by)
    return projects if project is None else projects.filter(id=project)


def grouped(questions: Sequence[Question]) -> list[Group]:
    """Each question joins the first group that has one near to it.

    >>> a, b, c = (Question(text=text) for text in ("Is a minibus transport?", "a minibus: transport?", "Tax?"))
    >>> [len(group.questions) for group in grouped([a, b, c])]
    [2, 1]
    """
    groups: list[list[tuple[Question, frozenset[str]]]] = []
    for question in questions:
        words = frozenset(_WORD.findall(question.text.casefold()))
        for group in groups:
            if any(_near(question, words, other, theirs) for other, theirs in group):
                group.append((question, words))
                break
        else:
            groups.append([(question, words)])
    return [Group(tuple(question for question, _ in group)) for group in groups]


def _near(one: Question, words: frozenset[str], other: Question, theirs: frozenset[str]) -> bool:
    if one.project_id != other.project_id:
        return False
    if one.task_id is not None and one.task_id == other.task_id:
        return True
    if one.text.strip().casefold() == other.text.strip().casefold():
        return True
    shared = len(words & theirs)
    return shared >= LEAST_SHARED and shared >= NEAR * min(len(words), len(theirs))


def questions(
    by: Actor, project_id: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200
) -> list[Question]:
    """A project's questions in the order in which they were asked.

    A member sees her own, and those of others once they are answered. Raises: NotFound.
    """
    found = Question.objects.filter(project=visible_project(by, project_id)).order_by("id")
    if not by.may(Permission.READ_PROJECTS):
        found = found.filter(Q(member=by.account) | Q(answered_at__isnull=False))
    return list((found.filter(id__gt=after) if after else found)[:limit])
