"""A reviewer decides a disputed task, or gives it back; her time and her pay."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.exchange.delivery import stream_export
from palabre.pay.jobs import run_settlements
from palabre.pay.models import Accrual, DueDay, LedgerAccount
from palabre.quality.actions import lease_review, recompute, submit_review
from palabre.quality.models import Agreement, Consensus
from palabre.times import ManualClock
from palabre.timesheet.models import Kind, Source, TimeEntry
from palabre.work.actions.launch import close_project
from palabre.work.actions.reviews import LONGEST_LOOK, return_review
from palabre.work.errors import ResultWrong, ReviewDone, TextWrong
from palabre.work.models import Project, Review
from palabre.work.verify import problems
from tests.quality.disputed import HAPPY, LATER, SAD, disputed_project, reviewer
from tests.work.stage import Stage, events

SENT = LATER + dt.timedelta(minutes=3)
WHY = "The text says so in its last line."


@pytest.fixture
def project(stage: Stage) -> Project:
    return disputed_project(stage)


@pytest.fixture
def review(stage: Stage, project: Project) -> Review:
    return lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)


def decide(stage: Stage, review: Review, at: dt.datetime = SENT) -> Review:
    return submit_review(review.id, SAD, WHY, by=stage.cast.reviewer.actor, at=at)


def test_her_label_is_the_consensus(stage: Stage, project: Project, review: Review) -> None:
    assert decide(stage, review).state == Review.State.SUBMITTED
    found = Consensus.objects.get(task=review.task_id)
    assert (found.labels, found.method, found.confidence) == ({"mood": ["sad"]}, "adjudicated", 1)
    file = b"".join(piece for piece, _ in stream_export(project, "consensus", "csv")).decode()
    assert file.count("adjudicated") == 1


def test_it_stays_whatever_is_computed_later_and_judgements_stay_apart(
    stage: Stage, project: Project, review: Review
) -> None:
    before = Agreement.objects.values("alpha", "judgements", "reliability").get()
    decide(stage, review)
    recompute(project.id, at=SENT)
    assert Consensus.objects.get(task=review.task_id).method == "adjudicated"
    assert Consensus.objects.exclude(task=review.task_id).filter(method="adjudicated").count() == 0
    assert Agreement.objects.values("alpha", "judgements", "reliability").get() == before


def test_her_time_and_pay(stage: Stage, project: Project, review: Review) -> None:
    decide(stage, review)
    entry = TimeEntry.objects.get(member=stage.cast.reviewer.account)
    assert (entry.kind, entry.source, entry.charge) == (Kind.REVIEW, Source.SERVER, project.escrow_id)
    assert (entry.measured_ms, entry.counted_ms, entry.task) == (180_000, 180_000, review.task_id)
    accrual = Accrual.objects.get(member=stage.cast.reviewer.account)
    assert (accrual.exact, accrual.exact_charge, accrual.charge_id) == (
        review.pay,
        review.charge,
        project.escrow_id,
    )
    assert DueDay.objects.filter(member=stage.cast.reviewer.account).exists()
    run_settlements(ManualClock(SENT + dt.timedelta(days=2)))
    assert list(problems()) == []


def test_a_page_left_open_counts_ten_minutes(stage: Stage, review: Review) -> None:
    """The measured time stands beside."""
    decide(stage, review, LATER + dt.timedelta(hours=5))
    entry = TimeEntry.objects.get(member=stage.cast.reviewer.account)
    assert entry.counted_ms == LONGEST_LOOK // dt.timedelta(milliseconds=1)
    assert (entry.measured_ms, entry.rule) == (5 * 3_600_000, "bound")


def test_members_lose_nothing(stage: Stage, review: Review) -> None:
    before = list(Accrual.objects.filter(member=stage.cast.member.account).values())
    decide(stage, review)
    assert list(Accrual.objects.filter(member=stage.cast.member.account).values()) == before


def test_twice_is_once(stage: Stage, project: Project, review: Review) -> None:
    decide(stage, review)
    decide(stage, review, SENT + dt.timedelta(minutes=1))
    assert TimeEntry.objects.filter(member=stage.cast.reviewer.account).count() == 1
    assert len(events(project.id, "work.review.submitted")) == 1
    with pytest.raises(ReviewDone):
        submit_review(review.id, HAPPY, WHY, by=stage.cast.reviewer.actor, at=SENT)


def test_who_may_not(stage: Stage, review: Review) -> None:
    with pytest.raises(NotAllowed):
        submit_review(review.id, SAD, WHY, by=stage.cast.member.actor, at=SENT)
    for who in (reviewer(stage, "other"), stage.cast.stranger):
        with pytest.raises(NotFound):
            submit_review(review.id, SAD, WHY, by=who.actor, at=SENT)
        with pytest.raises(NotFound):
            return_review(review.id, WHY, by=who.actor, at=SENT)


def test_what_does_not_answer(stage: Stage, review: Review) -> None:
    by = stage.cast.reviewer.actor
    unknown = [{**SAD[0], "value": {"choices": ["angry"]}}]
    for result in ([], unknown):
        with pytest.raises(ResultWrong):
            submit_review(review.id, result, WHY, by=by, at=SENT)
    with pytest.raises(TextWrong):
        submit_review(review.id, SAD, "  ", by=by, at=SENT)


def test_given_back(stage: Stage, project: Project, review: Review) -> None:
    """Her time is counted; another may take it, she doesn't meet it again."""
    by = stage.cast.reviewer.actor
    for _ in range(2):
        assert return_review(review.id, "I know who wrote it.", by=by, at=SENT).state == "returned"
    assert TimeEntry.objects.get(member=by.account).counted_ms == 180_000
    assert not Accrual.objects.filter(member=by.account).exists()
    with pytest.raises(ReviewDone):
        submit_review(review.id, SAD, WHY, by=by, at=SENT)
    other = lease_review(project.id, by=reviewer(stage, "other").actor, at=SENT)
    assert other.task_id == review.task_id
    assert lease_review(project.id, by=by, at=SENT).task_id != review.task_id
    assert Consensus.objects.get(task=review.task_id).method != "adjudicated"
    assert list(problems()) == []


def test_what_comes_too_late_is_kept_and_paid_and_decides_nothing(stage: Stage, review: Review) -> None:
    over = review.expires_at + dt.timedelta(minutes=1)
    other = reviewer(stage, "other")
    taken = lease_review(review.project_id, by=other.actor, at=over)
    assert taken.task_id == review.task_id
    late = decide(stage, review, over)
    assert late.state == Review.State.EXTRA
    assert Accrual.objects.get(member=late.reviewer_id).charge.kind == LedgerAccount.Kind.PLATFORM
    submit_review(taken.id, HAPPY, WHY, by=other.actor, at=over)
    assert Consensus.objects.get(task=review.task_id).labels == {"mood": ["happy"]}
    assert list(problems()) == []


def test_late_without_another_still_decides(stage: Stage, review: Review) -> None:
    Review.objects.update(state=Review.State.EXPIRED)
    assert decide(stage, review, review.expires_at + dt.timedelta(days=1)).state == Review.State.SUBMITTED


def test_after_the_close_it_decides_nothing(stage: Stage, project: Project, review: Review) -> None:
    close_project(project.id, by=stage.coordinator.actor, at=SENT)
    assert decide(stage, review).state == Review.State.EXTRA
    assert Consensus.objects.get(task=review.task_id).method != "adjudicated"


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_on_one_task(stage: Stage) -> None:
    """One decides, the other is kept and paid."""
    project = disputed_project(stage, tasks=1)
    people = [stage.cast.reviewer, reviewer(stage, "other")]
    reviews = [lease_review(project.id, by=people[0].actor, at=LATER)]
    Review.objects.update(state=Review.State.EXPIRED)
    reviews.append(lease_review(project.id, by=people[1].actor, at=LATER))
    Review.objects.update(state=Review.State.EXPIRED)

    def send(number: int) -> str:
        try:
            by = people[number].actor
            return str(submit_review(reviews[number].id, (SAD, HAPPY)[number], WHY, by=by, at=SENT).state)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == ["extra", "submitted"]
    assert Consensus.objects.get().method == "adjudicated"
