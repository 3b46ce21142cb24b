"""A reviewer undoes her last review. The rules are in docs/decisions/032-undo.md."""

import datetime as dt
from typing import cast

from django.db import transaction

from palabre.pay.actions import TakenBack, take_back_base_pay
from palabre.pay.errors import NotEnoughMoney
from palabre.people.actor import Actor
from palabre.people.residences import Residences
from palabre.work.actions.fund import refresh_funding
from palabre.work.actions.notes import note
from palabre.work.actions.reviews import covers_hands, own_review
from palabre.work.errors import UndoOver
from palabre.work.models import Project, Review, Task
from palabre.work.undo import check_undo

State = Review.State


@transaction.atomic
def reopen_review(review_id: int, *, by: Actor, at: dt.datetime) -> Review:
    """Take back what a reviewer sent or gave back last: the task is in her hands again, her words in the form.

    Her time stays counted. The pay of what she undoes goes back through the ledger, to whom it was charged; it is
    credited afresh when she decides. What she took meanwhile of the same project is laid aside and comes next
    (`take_up_again`). `stood` says what the consensus was; the caller puts it back.

    Raises: NotAllowed, NotFound, UndoOver (not her last one, past the limit, the project closed, somebody else has
    the task, or the money is paid out already).
    """
    lived, review = own_review(review_id, by)
    if review.state not in (State.SUBMITTED, State.RETURNED) or not _is_last(review):
        raise UndoOver
    check_undo(review.reviewer_id, review.submitted_at, by, at)
    project = Project.objects.select_for_update(no_key=True).get(id=review.project_id)
    held = Review.objects.filter(task=review.task_id, state__in=Review.HOLDING).exclude(id=review.id)
    if project.state != Project.State.LIVE or held.exists():
        raise UndoOver
    review.undone += 1
    paid = _take_back(review, lived, by, at) if review.state == State.SUBMITTED else None
    aside = list(Review.objects.filter(reviewer=by.account, project=project, state=State.OPEN))
    Review.objects.filter(id__in=[one.id for one in aside]).update(state=State.EXPIRED)
    before, review.state = str(review.state), State.OPEN
    review.opened_at, review.expires_at = at, at + dt.timedelta(hours=project.lease_hours)
    review.submitted_at, review.charged_to = None, None
    review.save()
    refresh_funding(project)
    data = {
        "review": review.id,
        "task": review.task_id,
        "undone": review.undone,
        "was": before,
        "aside": [one.id for one in aside],
        "transaction": paid.transaction_id if paid else None,
    }
    note("work.review.undone", project, data, by=by, at=at)
    return review


def take_up_again(project: Project, *, by: Actor, at: dt.datetime) -> Review | None:
    """The review that was laid aside while she undid another, if nobody has its task and the money is there.

    Part of handing out (`lease_review`).
    """
    mine = Review.objects.filter(reviewer=by.account, project=project, state=State.EXPIRED, expires_at__gt=at)
    for review in mine.order_by("-id"):
        Task.objects.select_for_update(no_key=True).get(id=review.task_id)
        if Review.objects.filter(task=review.task_id, state__in=Review.HOLDING).exists():
            continue
        review.state = State.OPEN
        review.save(update_fields=["state"])
        refresh_funding(project)
        if not covers_hands(project):
            review.state = State.EXPIRED
            review.save(update_fields=["state"])
            return None
        note("work.review.taken_up", project, {"review": review.id, "task": review.task_id}, by=by, at=at)
        return review
    return None


def _is_last(review: Review) -> bool:
    after = Review.objects.filter(reviewer=review.reviewer_id, submitted_at__gt=review.submitted_at)
    return not after.exists()


def _take_back(review: Review, lived: Residences, by: Actor, at: dt.datetime) -> TakenBack:
    try:
        with transaction.atomic():
            return take_back_base_pay(
                member=review.reviewer_id,
                charge_account=cast("int", review.charged_to_id),
                day=lived.day_of(cast("dt.datetime", review.submitted_at)),
                currency=review.pay_currency,
                exact=review.pay,
                exact_charge=review.charge,
                key=f"review:{review.id}:undone:{review.undone}",
                by=by,
                at=at,
            )
    except NotEnoughMoney:
        raise UndoOver from None
