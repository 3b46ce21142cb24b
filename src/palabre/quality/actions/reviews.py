"""A reviewer takes a disputed task, and what she decides is the task's consensus.

The rules, and why they are so: docs/decisions/013-reviews.md.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import connection, transaction

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.quality.models import CLEAR, Consensus
from palabre.quality.queries.reviews import FOR_HER
from palabre.transactions import retried
from palabre.work.access import project_for
from palabre.work.actions.reviews import hand_out_review, residence_of, store_review
from palabre.work.actions.undo_reviews import reopen_review, take_up_again
from palabre.work.errors import NothingDisputed
from palabre.work.models import Project, Review
from palabre.work.queries.versions import result_form_of

ADJUDICATED = "adjudicated"

# Those in somebody's hands just now are passed.
_NEXT = f"""
SELECT t.id FROM work_project p CROSS JOIN LATERAL (SELECT t.id, c.confidence {FOR_HER}
    ORDER BY c.confidence, c.task_id LIMIT 64) few JOIN work_task t ON t.id = few.id
WHERE p.id = %(project)s ORDER BY few.confidence, t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED
"""  # noqa: S608 - text of our own


@retried
@transaction.atomic
def lease_review(project_id: uuid.UUID, *, by: Actor, at: dt.datetime) -> Review:
    """Hand the reviewer the least sure disputed task of a project that she may take.

    Disputed: all places are filled, nobody holds it, and the consensus is less sure than `CLEAR`. Never one
    that was in her own hands, never twice the same. The one that she has open comes first, so that asking twice
    takes nothing twice. Two who ask at once get two tasks.

    Raises: NotAllowed, NotFound, NotOffered, NoRateHere, WorkEnded, NotCovered, NothingDisputed.
    """
    by.require(Permission.REVIEW)
    residence_of(by)
    project = project_for(by, project_id, Permission.WORK)
    _let_go(project, at)
    held = Review.objects.filter(reviewer=by.account, project=project, state=Review.State.OPEN).first()
    held = held or take_up_again(project, by=by, at=at)
    if held is not None:
        return held
    task = _next_task(project, by)
    if task is None:
        raise NothingDisputed
    return hand_out_review(project.id, task, by=by, at=at)


def _let_go(project: Project, at: dt.datetime) -> None:
    """Reviews whose time is over hold nothing any more."""
    over = Review.objects.filter(project=project, state=Review.State.OPEN, expires_at__lt=at)
    over.update(state=Review.State.EXPIRED)


def _next_task(project: Project, by: Actor) -> int | None:
    """The task's row is held. One that another took in the moment before is looked past, seen afresh."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT, {"project": project.id, "clear": CLEAR, "reviewer": by.account})
            row = cursor.fetchone()
        if row is None:
            return None
        task: int = row[0]
        if not Review.objects.filter(task=task, state__in=Review.HOLDING).exists():
            return task


@retried
@transaction.atomic
def submit_review(
    review_id: int, result: Sequence[object], reason: str, *, by: Actor, at: dt.datetime
) -> Review:
    """Decide a disputed task: the label stands as its consensus, marked *adjudicated*, from now on.

    Judgements stay as they are and go on being counted among themselves: agreement and each member's figures
    don't change, and no pay does. Time and pay: `store_review`.

    Raises: NotAllowed, NotFound, ReviewDone, ResultWrong, TextWrong.
    """
    review = store_review(review_id, result, reason, _standing(review_id), by=by, at=at)
    if review.state == Review.State.SUBMITTED:
        _decide(review)
    return review


@retried
@transaction.atomic
def undo_review(review_id: int, *, by: Actor, at: dt.datetime) -> Review:
    """Take back her last review: the consensus is again what it was before it, and the task is in her hands.

    Time stays, pay goes back: `reopen_review`. Twice is an error, as it is no longer decided.

    Raises: NotAllowed, NotFound, UndoOver.
    """
    review = reopen_review(review_id, by=by, at=at)
    if review.stood is not None:
        Consensus.objects.filter(task=review.task_id, method=ADJUDICATED).update(**review.stood)
    return review


def _standing(review_id: int) -> dict[str, object] | None:
    """What the consensus of the review's task says, as long as no person decided it."""
    said = Consensus.objects.filter(task__reviews=review_id).exclude(method=ADJUDICATED)
    row = said.values("labels", "confidence", "method").first()
    return dict(row) if row else None


def _decide(review: Review) -> None:
    form = result_form_of(review.project_id, review.schema_version)
    if form is None:
        raise NotFound
    labels = {name: list(chosen) for name, chosen in form.labels(review.result).items()}
    # 1: a person decided. It is no estimate.
    Consensus.objects.filter(task=review.task_id).update(labels=labels, confidence=1, method=ADJUDICATED)
