"""Reads about reviews: what waits for a reviewer, one task as she sees it, what was decided."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from django.db import connection
from django.db.models import Sum

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.quality.models import CLEAR
from palabre.timesheet.models import Kind, TimeEntry
from palabre.work.models import Annotation, Guideline, LabelSchema, Project, Review
from palabre.work.queries.offers import Offer, offers_for
from palabre.work.queries.versions import result_form_of
from palabre.work.schemas import form_of, with_language
from palabre.work.schemas.form import Form
from palabre.work.undo import WITHIN

# What makes a task one that a reviewer may take: disputed, complete, in nobody's hands, never in hers.
# `consensus_disputed_ix` gives the least sure first.
FOR_HER = """
FROM quality_consensus c JOIN work_task t ON t.id = c.task_id
WHERE c.project_id = p.id AND c.confidence < %(clear)s AND c.judgements >= p.overlap AND t.free = 0
  AND NOT EXISTS (SELECT FROM work_lease l WHERE l.task_id = t.id
                  AND (l.state = 'open' OR l.member_id = %(reviewer)s))
  AND NOT EXISTS (SELECT FROM work_annotation a WHERE a.task_id = t.id AND a.member_id = %(reviewer)s)
  AND NOT EXISTS (SELECT FROM work_review r WHERE r.task_id = t.id
                  AND (r.state IN ('open', 'submitted') OR r.reviewer_id = %(reviewer)s))
"""
# Counting goes no further: "100 and more" says as much.
MOST_COUNTED = 100

_COUNTS = f"""
SELECT p.id, (SELECT count(*) FROM (SELECT 1 {FOR_HER} LIMIT %(most)s) few)
FROM work_project p WHERE p.id = ANY(%(projects)s)
"""  # noqa: S608 - text of our own


@dataclass(frozen=True, slots=True)
class Waiting:
    """Disputed tasks of a project that are open to her: how many (`more`: at least), and what an hour brings."""

    project: Project
    client_name: str
    tasks: int
    more: bool
    open_review: int | None
    per_review: Decimal
    per_hour: Decimal
    currency: str


def reviews_waiting(by: Actor) -> list[Waiting]:
    """Live projects with something for this reviewer, those with the most first. Six statements.

    Raises: NotAllowed.
    """
    by.require(Permission.REVIEW)
    offers = offers_for(by)
    counts = _counts([one.project.id for one in offers], by)
    held = dict(
        Review.objects.filter(reviewer=by.account, state=Review.State.OPEN).values_list("project_id", "id")
    )
    found = [_waiting(one, counts.get(one.project.id, 0), held.get(one.project.id)) for one in offers]
    return sorted(
        (one for one in found if one.tasks or one.open_review), key=lambda one: (-one.tasks, one.project.name)
    )


def _counts(projects: Sequence[uuid.UUID], by: Actor) -> dict[uuid.UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {"clear": CLEAR, "reviewer": by.account, "most": MOST_COUNTED, "projects": list(projects)},
        )
        return dict(cursor.fetchall())


def _waiting(offer: Offer, tasks: int, open_review: int | None) -> Waiting:
    return Waiting(
        project=offer.project,
        client_name=offer.client_name,
        tasks=tasks,
        more=tasks >= MOST_COUNTED,
        open_review=open_review,
        per_review=offer.per_judgement,
        per_hour=offer.per_hour,
        currency=offer.currency,
    )


def review_time(by: Actor, since: dt.date) -> int:
    """Milliseconds of her reviews that were counted since a day. One statement."""
    entries = TimeEntry.objects.filter(member=by.account, day__gte=since, kind=Kind.REVIEW)
    return entries.aggregate(total=Sum("counted_ms"))["total"] or 0


# -- one review -----------------------------------------------------------------------------------


Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A task as its reviewer sees it: the different answers in a drawn order, without whose they are."""

    review: Review
    project: Project
    form: Form
    guideline: Guideline
    answers: tuple[Chosen, ...]


def opened_review(review_id: int, by: Actor) -> Opened:
    """A review of the actor's own. Four statements. Raises: NotAllowed, NotFound."""
    by.require(Permission.REVIEW)
    review = (
        Review.objects.filter(id=review_id, reviewer=by.account, project__operator=by.organisation)
        .select_related("task__media", "project__client")
        .first()
    )
    if review is None:
        raise NotFound
    project = review.project
    schema = LabelSchema.objects.get(project=project, version=review.schema_version)
    guideline = Guideline.objects.get(project=project, version=review.guideline_version)
    return Opened(
        review,
        project,
        form_of(with_language(schema.body, project.language)),
        guideline,
        _different_answers(review),
    )


def _different_answers(review: Review) -> tuple[Chosen, ...]:
    """Each answer once, in an order that has nothing to do with who gave it or how many did."""
    said = Annotation.objects.filter(task=review.task_id).values_list("result", "schema_version")
    found: dict[str, Chosen] = {}
    for result, version in said:
        form = result_form_of(review.project_id, version)
        if form is not None:
            labels = form.labels(result)
            found[repr(labels)] = labels
    different = [found[key] for key in sorted(found)]
    Random(review.id).shuffle(different)  # noqa: S311 (an order that stays the same, no secret)
    return tuple(different)


# -- what was decided -----------------------------------------------------------------------------


DONE = (Review.State.SUBMITTED, Review.State.EXTRA, Review.State.RETURNED)


def my_reviews(by: Actor, *, before: int | None = None, limit: int = 50) -> list[Review]:
    """Her own reviews that are done, the newest first. One statement. Raises: NotAllowed."""
    by.require(Permission.REVIEW)
    found = Review.objects.filter(reviewer=by.account, state__in=DONE).select_related("project")
    return list((found.filter(id__lt=before) if before else found).order_by("-id")[:limit])


def undoable_review(by: Actor, at: dt.datetime) -> Review | None:
    """Her last review, as long as she can undo it. One statement."""
    late = Review.objects.filter(reviewer=by.account, project__operator=by.organisation)
    late = late.filter(submitted_at__gte=at - WITHIN, project__state=Project.State.LIVE)
    last = late.select_related("project").order_by("-submitted_at").first()
    return last if last and last.state in (Review.State.SUBMITTED, Review.State.RETURNED) else None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A task that she answered and a reviewer decided: what each said, and why. Never who the reviewer is."""

    annotation: int
    project: Project
    payload: Mapping[str, object]
    answered: Chosen
    decided: Chosen
    reason: str
    decided_at: dt.datetime

    @property
    def same(self) -> bool:
        return {name: sorted(one) for name, one in self.answered.items() if one} == {
            name: sorted(one) for name, one in self.decided.items() if one
        }


def reviews_of_my_answers(by: Actor, *, before: int | None = None, limit: int = 50) -> list[Reviewed]:
    """Reviews of tasks that the actor answered, the newest answers first: information, nothing is taken.

    Two statements, and one for each schema version that is new to the process. Raises: NotAllowed.
    """
    by.require(Permission.WORK)
    mine = Annotation.objects.filter(
        member=by.account, project__operator=by.organisation, task__reviews__state=Review.State.SUBMITTED
    )
    mine = mine.filter(id__lt=before) if before else mine
    rows = list(mine.select_related("project", "task").order_by("-id")[:limit])
    reviews = {
        one.task_id: one
        for one in Review.objects.filter(task__in=[row.task_id for row in rows], state=Review.State.SUBMITTED)
    }
    return [_reviewed(row, reviews[row.task_id]) for row in rows]


def _reviewed(row: Annotation, review: Review) -> Reviewed:
    return Reviewed(
        annotation=row.id,
        project=row.project,
        payload=row.task.payload,
        answered=_labels(row.project_id, row.schema_version, row.result),
        decided=_labels(row.project_id, review.schema_version, review.result),
        reason=review.reason,
        decided_at=review.submitted_at or review.opened_at,
    )


def _labels(project: uuid.UUID, version: int, result: object) -> Chosen:
    form = result_form_of(project, version)
    return form.labels(result) if form else {}
