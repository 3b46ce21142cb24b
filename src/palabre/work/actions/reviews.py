"""Reviews of disputed tasks: handed to a reviewer, decided or given back, paid like judgements.

Which tasks are disputed is for `quality` to say; it calls `hand_out_review` and `store_review`.
The rules are in docs/decisions/013-reviews.md.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import cast

from django.db import connection, transaction
from django.db.models import Max

from palabre.errors import NotFound
from palabre.ids import new_id
from palabre.money import ceil_minor
from palabre.pay.actions import credit_base_pay, open_account, spendable
from palabre.pay.models import LedgerAccount
from palabre.people.actor import Actor
from palabre.people.models import Residence
from palabre.people.permissions import Permission
from palabre.people.residences import Residences, residences_of
from palabre.timesheet.actions import Counted, Slice, record_time
from palabre.timesheet.models import Kind, Source
from palabre.work.access import work_ended
from palabre.work.actions.fund import refresh_funding
from palabre.work.actions.notes import note
from palabre.work.checks import check_text
from palabre.work.errors import NoRateHere, NotCovered, NotOffered, ResultWrong, ReviewDone, WorkEnded
from palabre.work.marks import in_hands
from palabre.work.models import Project, Review, Task
from palabre.work.queries.books import books_of
from palabre.work.queries.versions import result_form_of
from palabre.work.sync.write import result_digest

LONGEST_REASON = 2_000
# From opening to sending, as the server sees it, no more than this is counted for one review. Her word counts
# beyond it: a correction of the day adds what it really took.
LONGEST_LOOK = dt.timedelta(minutes=10)

State = Review.State
_SENT = ("result", "reason", "submitted_at", "state", "stood", "pay", "pay_currency", "charge", "charged_to")


def hand_out_review(project_id: uuid.UUID, task: int, *, by: Actor, at: dt.datetime) -> Review:
    """Put one task into a reviewer's hands, under the newest versions, at the pay of her place.

    The caller holds the task's row and knows that it is disputed. Money: as for a judgement, the escrow
    must cover it beside all that is in somebody's hands; it is set aside until the review is done. What is
    being handed out just now is waited for where it may count on the same money (`refresh_funding`).

    Raises: NotAllowed, NotFound, NotOffered (not live), NoRateHere, WorkEnded (by a decision), NotCovered.
    """
    by.require(Permission.REVIEW)
    lived = residence_of(by)
    project = _held_project(project_id, by)
    if project.state != Project.State.LIVE:
        raise NotOffered
    rate = project.rates.get(lived.at(at).country)
    if rate is None:
        raise NoRateHere
    if work_ended(project.id, lived.account_id):
        raise WorkEnded
    review = Review.objects.create(
        task_id=task,
        reviewer_id=lived.account_id,
        project=project,
        schema_version=project.schemas.aggregate(Max("version"))["version__max"],
        guideline_version=project.guidelines.aggregate(Max("version"))["version__max"],
        opened_at=at,
        expires_at=at + dt.timedelta(hours=project.lease_hours),
        pay=Decimal(rate["pay"]),
        pay_currency=rate["currency"],
        charge=Decimal(rate["charge"]),
    )
    refresh_funding(project)
    if not covers_hands(project):
        raise NotCovered
    note("work.review.leased", project, {"review": review.id, "task": task}, by=by, at=at)
    return review


def residence_of(by: Actor) -> Residences:
    """Where the reviewer lives and lived. Her row is held: her time and pay are written one by one. Raises: NotFound."""
    held = Residence.objects.select_for_update(no_key=True).filter(account=by.account).first()
    lived = residences_of(held.account_id) if held else None
    if lived is None:
        raise NotFound
    return lived


def _held_project(project_id: uuid.UUID, by: Actor) -> Project:
    held = Project.objects.select_for_update(no_key=True)
    project = held.filter(id=project_id, operator=by.organisation).first()
    if project is None:
        raise NotFound
    return project


def covers_hands(project: Project) -> bool:
    """Whether the money covers all that is in somebody's hands."""
    if project.escrow_id is None or not project.rates:
        return False
    # Before the money: an answer in between is paid and still in hand, never neither.
    hands = in_hands(project)
    return books_of(project).affordable() >= hands


def store_review(
    review_id: int,
    result: Sequence[object],
    reason: str,
    stood: Mapping[str, object] | None,
    *,
    by: Actor,
    at: dt.datetime,
) -> Review:
    """Keep what a reviewer decided, count her time, credit her pay.

    After its time it is taken as well; when somebody else holds or has decided the task meanwhile, or the
    project is closed, it is kept and paid by the operator and decides nothing (*extra*). The same review sent
    twice with the same content changes nothing. `stood`: what the task's consensus said until now, for undoing it.

    Raises: NotAllowed, NotFound (unknown or another reviewer's), ReviewDone, ResultWrong, TextWrong.
    """
    lived, review = own_review(review_id, by)
    check_text("reason", reason, LONGEST_REASON)
    _check_result(review, result)
    if review.state in (State.SUBMITTED, State.EXTRA):
        if review.result == list(result) and review.reason == reason.strip():
            return review
        raise ReviewDone
    if review.state == State.RETURNED:
        raise ReviewDone
    review.result, review.reason, review.submitted_at = list(result), reason.strip(), at
    review.state = State.SUBMITTED if _decides(review) else State.EXTRA
    review.stood = dict(stood) if stood and review.state == State.SUBMITTED else None
    _price(review, lived.at(at).country)
    review.charged_to_id = charge = _charge(review)
    review.save(update_fields=_SENT)
    counted = _count(review, charge, lived, at)
    paid = _pay(review, charge, lived.day_of(at), at)
    data = {
        "review": review.id,
        "task": review.task_id,
        "state": str(review.state),
        "digest": result_digest(review.result, review.reason),
        "versions": [review.schema_version, review.guideline_version],
        "time": _timed(counted),
        "pay": [paid],
    }
    note("work.review.submitted", review.project, data, by=by, at=at)
    return review


@transaction.atomic
def return_review(review_id: int, reason: str, *, by: Actor, at: dt.datetime) -> Review:
    """A reviewer gives a task back undecided, and says why; her time is counted. Another may take it.

    Raises: NotAllowed, NotFound, ReviewDone, TextWrong.
    """
    lived, review = own_review(review_id, by)
    check_text("reason", reason, LONGEST_REASON)
    if review.state == State.RETURNED and review.reason == reason.strip():
        return review
    if review.state not in (State.OPEN, State.EXPIRED):
        raise ReviewDone
    review.state, review.reason, review.submitted_at = State.RETURNED, reason.strip(), at
    review.save(update_fields=["state", "reason", "submitted_at"])
    counted = _count(review, _charge(review), lived, at)
    _mark_due(lived.account_id, counted)
    data = {"review": review.id, "task": review.task_id, "time": _timed(counted)}
    note("work.review.returned", review.project, data, by=by, at=at)
    return review


@transaction.atomic
def return_expired_reviews(*, at: dt.datetime, most: int = 1_000) -> int:
    """Let go of tasks whose review is over, `most` at a time. What comes later is still kept and paid."""
    over = Review.objects.filter(state=State.OPEN, expires_at__lt=at).order_by("expires_at")
    ids = list(over.select_for_update(skip_locked=True).values_list("id", flat=True)[:most])
    return Review.objects.filter(id__in=ids).update(state=State.EXPIRED)


def own_review(review_id: int, by: Actor) -> tuple[Residences, Review]:
    """A review of the actor's and where she lived, both held. Raises: NotAllowed, NotFound."""
    by.require(Permission.REVIEW)
    lived = residence_of(by)
    task = Review.objects.filter(id=review_id, reviewer=by.account, project__operator=by.organisation)
    # The task's row is what two who decide about the same task wait for.
    held = Task.objects.select_for_update(no_key=True).filter(id__in=task.values("task")).first()
    if held is None:
        raise NotFound
    return lived, Review.objects.select_for_update().get(id=review_id)


def _check_result(review: Review, result: Sequence[object]) -> None:
    form = result_form_of(review.project_id, review.schema_version)
    problems = form.problems(list(result)) if form else []
    if problems:
        raise ResultWrong(path="result", problems="\n".join(str(one) for one in problems))


def _decides(review: Review) -> bool:
    if review.project.state == Project.State.CLOSED:
        return False
    others = Review.objects.filter(task=review.task_id, state__in=Review.HOLDING).exclude(id=review.id)
    return not others.exists()


def _price(review: Review, country: str) -> None:
    """Who moved since it was handed out is paid in the place of the day, so that no day is paid in two currencies."""
    rate = review.project.rates.get(country)
    if rate is not None and rate["currency"] != review.pay_currency:
        review.pay, review.pay_currency = Decimal(rate["pay"]), rate["currency"]
        review.charge = Decimal(rate["charge"])


def _charge(review: Review) -> int:
    """The client pays for what decides, and for what was given back; the operator for what came too late, and
    where the deposit is spent."""
    project = review.project
    escrow = cast("int", project.escrow_id)
    wanted = 0 if review.state == State.RETURNED else ceil_minor(review.charge, project.currency)
    late = review.state == State.EXTRA or project.state == Project.State.CLOSED
    if late or spendable(escrow, wanted) < wanted:
        return open_account(LedgerAccount.Kind.PLATFORM, project.operator_id, project.currency).id
    return escrow


def _count(review: Review, charge: int, lived: Residences, at: dt.datetime) -> list[Counted]:
    """The last part of her look, up to the bound; the whole of it stands beside as measured."""
    look = min(at - review.opened_at, dt.timedelta(hours=24))
    one = Slice(
        key=new_id(),
        kind=Kind.REVIEW,
        charge=charge,
        started_at=at - min(look, LONGEST_LOOK),
        measured_ms=look // dt.timedelta(milliseconds=1),
        task=review.task_id,
        not_before=review.opened_at,
        source=Source.SERVER,
        longest=LONGEST_LOOK,
    )
    return record_time(lived.account_id, [one], lived=lived, at=at)


def _pay(review: Review, charge: int, day: dt.date, at: dt.datetime) -> list[object]:
    credit = credit_base_pay(
        member=review.reviewer_id,
        charge_account=charge,
        day=day,
        currency=review.pay_currency,
        exact=review.pay,
        exact_charge=review.charge,
        charge_currency=review.project.currency,
        key=f"review:{review.id}:{review.undone}" if review.undone else f"review:{review.id}",
        at=at,
    )
    return [credit.transaction_id, charge, review.pay_currency, credit.credited_minor]


def _mark_due(member: uuid.UUID, counted: Sequence[Counted]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO pay_dueday (member_id, day) SELECT %s, unnest(%s::date[]) ON CONFLICT DO NOTHING",
            [member, sorted({one.day for one in counted})],
        )


def _timed(counted: Sequence[Counted]) -> list[list[object]]:
    return [[one.entry, one.kind, one.measured_ms, one.counted_ms, one.rule] for one in counted]
