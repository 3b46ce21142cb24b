"""Consensus and agreement of a project, recomputed. The only writer of the room's tables."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from palabre.quality.consensus import Found, Method, consensus_of, joined
from palabre.quality.figures import (
    agreement,
    disputed_json,
    judged,
    question_json,
    reliability_json,
    seed_of,
    sure_json,
)
from palabre.quality.models import Agreement
from palabre.quality.queries import Answers, Marks, answers_to, marks_of, tasks_touched_since
from palabre.quality.questions import Asked, asked_by
from palabre.quality.storing import digest_of, store
from palabre.record.actions import record


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`tasks` have a consensus by `method`; `changed` of them got another one."""

    tasks: int
    changed: int
    method: Method | None


@transaction.atomic
def recompute(project: uuid.UUID, *, at: dt.datetime) -> Recomputed:
    """Consensus of every task, and agreement, confusion, disputed tasks and reliability, from all answers.

    Two at once on one project take turns. Rows that stay the same are not written. The bootstrap's seed is
    the project's id, so the same answers give the same figures. A project without answers gets nothing.
    """
    _take_turn(project)
    marks = marks_of(project)
    answers = [(question, answers_to(question, project)) for question in asked_by(project)]
    answers = [(question, given) for question, given in answers if len(given.task)]
    if not answers:
        return Recomputed(0, 0, None)
    found, method = _consensus(answers)
    changed = store(project, found, method)
    _store_agreement(project, answers, found, marks, at)
    _note(project, found, method, marks, at)
    return Recomputed(len(found.task), changed, method)


@transaction.atomic
def recount_touched(project: uuid.UUID, marks: Marks, *, at: dt.datetime) -> Recomputed:
    """Majority vote for the tasks with an answer that is new since `marks`, until all are recomputed.

    Costs as much as there is new, whatever the size of the project.
    """
    _take_turn(project)
    tasks = tasks_touched_since(project, marks)
    answers = [(question, answers_to(question, project, tasks=tasks)) for question in asked_by(project)]
    answers = [(question, given) for question, given in answers if len(given.task)]
    if not answers:
        return Recomputed(0, 0, None)
    found, method = _consensus(answers, Method.MAJORITY)
    changed = store(project, found, method)
    if changed:
        _note(project, found, method, marks, at)
    return Recomputed(len(found.task), changed, method)


def _take_turn(project: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"consensus:{project}"])


def _consensus(
    answers: Sequence[tuple[Asked, Answers]], method: Method | None = None
) -> tuple[Found, Method]:
    results = [consensus_of(given, question, method) for question, given in answers]
    return joined([found for found, _ in results]), results[0][1]


def _store_agreement(
    project: uuid.UUID,
    answers: Sequence[tuple[Asked, Answers]],
    consensus: Found,
    marks: Marks,
    at: dt.datetime,
) -> None:
    seed = seed_of(project)
    judgements = [judged(given, question) for question, given in answers]
    found = [agreement(taken, seed) for taken in judgements]
    questions = [
        question_json(given, question, taken, agreed, seed)
        for (question, given), taken, agreed in zip(answers, judgements, found, strict=True)
    ]
    first, members = judgements[0], answers[0][1].members
    Agreement.objects.update_or_create(
        project_id=project,
        defaults={
            "tasks": len(first.tasks),
            "judgements": len(first),
            "alpha": found[0].alpha,
            "alpha_low": found[0].low,
            "alpha_high": found[0].high,
            "confusion": {"questions": questions, "sure": sure_json(consensus.confidence)},
            "disputed": disputed_json(first),
            "reliability": reliability_json(first, members),
            "through": marks.through,
            "revisions": marks.revisions,
            "computed_at": at,
        },
    )


def _note(project: uuid.UUID, found: Found, method: Method, marks: Marks, at: dt.datetime) -> None:
    record(
        "quality.consensus.computed",
        by=None,
        at=at,
        subject=f"project:{project}",
        data={
            "tasks": len(found.task),
            "method": str(method),
            "through": marks.through,
            "revisions": marks.revisions,
            "digest": digest_of(found),
        },
    )
