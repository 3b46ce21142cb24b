"""A reviewer takes a disputed task."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from palabre.errors import NotAllowed, NotFound
from palabre.people.models import Role
from palabre.quality.actions import lease_review, recompute
from palabre.quality.models import Consensus
from palabre.work.actions.ended import end_work
from palabre.work.actions.launch import pause_project
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.reviews import return_expired_reviews
from palabre.work.errors import NoRateHere, NotCovered, NothingDisputed, NotOffered, WorkEnded
from palabre.work.marks import in_hands
from palabre.work.models import Batch, Project, Review
from palabre.work.queries.books import books_of
from tests.cast import NAIROBI, enter
from tests.quality.disputed import LATER, disputed_project, friend, reviewer, say
from tests.work.meeting import meet
from tests.work.stage import AT, Stage, events


def test_the_least_sure_task_comes_first(stage: Stage) -> None:
    project = disputed_project(stage)
    second = Consensus.objects.order_by("task_id")[1]
    Consensus.objects.filter(task=second.task_id).update(confidence=0.4)
    review = lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    assert review.task_id == second.task_id
    assert (review.schema_version, review.guideline_version, review.pay_currency) == (1, 1, "XOF")
    assert (str(review.pay), str(review.charge)) == (
        project.rates["SN"]["pay"],
        project.rates["SN"]["charge"],
    )
    (event,) = events(project.id, "work.review.leased")
    assert event.data == {"review": review.id, "task": review.task_id}


def test_asking_twice_takes_one(stage: Stage) -> None:
    project, by = disputed_project(stage), stage.cast.reviewer.actor
    assert lease_review(project.id, by=by, at=LATER) == lease_review(project.id, by=by, at=LATER)
    assert Review.objects.count() == 1


def test_who_may_not(stage: Stage) -> None:
    project = disputed_project(stage)
    for who in (stage.cast.member, stage.cast.coordinator):
        with pytest.raises(NotAllowed):
            lease_review(project.id, by=who.actor, at=LATER)
    with pytest.raises(NotFound):
        lease_review(project.id, by=stage.cast.stranger.actor, at=LATER)


def test_never_a_task_of_her_own(stage: Stage) -> None:
    """Not even one that she only skipped; the database refuses it as well."""
    project = stage.live(1)
    hers = stage.cast.reviewer
    say(lease_tasks(project.id, count=1, by=hers.actor, at=AT), "happy", hers)
    say(lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT), "sad", stage.cast.member)
    recompute(project.id, at=AT)
    with pytest.raises(NothingDisputed):
        lease_review(project.id, by=hers.actor, at=LATER)
    other = lease_review(project.id, by=reviewer(stage, "other").actor, at=LATER)
    other.pk, other.reviewer_id, other.state = None, hers.account, Review.State.EXPIRED
    with pytest.raises(IntegrityError, match="in her own hands"), transaction.atomic():
        other.save(force_insert=True)


def test_only_what_is_disputed(stage: Stage) -> None:
    """Not a clear consensus, not a task with a free place, nor one that somebody holds."""
    project = stage.live(3)
    first = lease_tasks(project.id, count=3, by=stage.cast.member.actor, at=AT)
    say(first, "happy", stage.cast.member)
    recompute(project.id, at=AT)
    Consensus.objects.update(confidence=0.5)
    with pytest.raises(NothingDisputed):
        lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    second = lease_tasks(project.id, count=2, by=reviewer(stage, "one").actor, at=AT)
    assert len(second.tasks) == 2
    with pytest.raises(NothingDisputed):
        lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)


def test_agreed_is_not_disputed(stage: Stage) -> None:
    project = stage.live(1)
    for who in (stage.cast.member, reviewer(stage, "one")):
        say(lease_tasks(project.id, count=1, by=who.actor, at=AT), "happy", who)
    recompute(project.id, at=AT)
    with pytest.raises(NothingDisputed):
        lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)


def test_paused_or_without_a_price_for_her(stage: Stage) -> None:
    project = disputed_project(stage)
    abroad = enter(stage.cast.operator, "abroad", Role.REVIEWER, home=NAIROBI)
    with pytest.raises(NotFound):
        lease_review(project.id, by=abroad.actor, at=LATER)
    pause_project(project.id, by=stage.coordinator.actor, at=LATER)
    with pytest.raises(NotOffered):
        lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    assert NoRateHere.code == "work.no_rate_here"


def test_not_where_her_work_has_ended(stage: Stage) -> None:
    project = disputed_project(stage)
    end_work(
        project.id,
        stage.cast.reviewer.account,
        rule="Look first.",
        seen="All the same.",
        guideline_version=1,
        by=stage.coordinator.actor,
        at=LATER,
    )
    with pytest.raises(WorkEnded):
        lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)


def test_only_what_the_money_covers(stage: Stage) -> None:
    """What is in somebody's hands has its money set aside; a review takes the last judgement of the mark."""
    project = disputed_project(stage, tasks=2)
    stage.add_tasks(project, 2)
    batch = Batch.objects.get(project=project, number=2)
    covered = batch.funded_upto
    lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    batch.refresh_from_db()
    assert batch.funded_upto <= covered
    Project.objects.filter(id=project.id).update(
        rates={"SN": {**project.rates["SN"], "charge": "1000.00000000"}}
    )
    with pytest.raises(NotCovered):
        lease_review(project.id, by=reviewer(stage, "poor").actor, at=LATER)


def test_what_is_over_goes_to_another(stage: Stage) -> None:
    """And never to her again."""
    project = disputed_project(stage, tasks=1)
    first = lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    over = first.expires_at + dt.timedelta(seconds=1)
    other = reviewer(stage, "other")
    assert lease_review(project.id, by=other.actor, at=over).task_id == first.task_id
    first.refresh_from_db()
    assert first.state == Review.State.EXPIRED
    with pytest.raises(NothingDisputed):
        lease_review(project.id, by=stage.cast.reviewer.actor, at=over)


def test_the_background_lets_go_too(stage: Stage) -> None:
    project = disputed_project(stage, tasks=1)
    review = lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    assert return_expired_reviews(at=review.expires_at) == 0
    over = review.expires_at + dt.timedelta(seconds=1)
    assert (return_expired_reviews(at=over), return_expired_reviews(at=over)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_several_at_the_same_time_get_different_tasks(stage: Stage) -> None:
    project = disputed_project(stage, tasks=3)
    people = [reviewer(stage, f"r{number}") for number in range(4)]

    def take(number: int) -> int | None:
        try:
            return lease_review(project.id, by=people[number].actor, at=LATER).task_id
        except NothingDisputed:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [task for task in pool.map(take, range(4)) if task]
    assert len(taken) == len(set(taken)) <= 3
    assert taken


def nearly_spent(stage: Stage) -> Project:
    """Money for four judgements more: somebody holds two of them, the other two are offered."""
    project = disputed_project(stage, tasks=2, deposit=3)
    stage.add_tasks(project, 20)
    assert books_of(project).affordable() == 4
    assert len(lease_tasks(project.id, count=50, by=friend(stage).actor, at=AT).tasks) == 2
    return project


@pytest.mark.django_db(transaction=True)
def test_money_of_a_task_that_is_being_handed_out_is_not_hers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last judgement that the money covers goes to the member who has seen it, or to the review: never both."""
    project = nearly_spent(stage)

    def review() -> None:
        with pytest.raises(NotCovered):
            lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)

    assert meet(stage, project, review, monkeypatch) == 2
    assert books_of(project).affordable() == in_hands(project) == 4


def test_the_last_money_is_hers_when_she_comes_first(stage: Stage) -> None:
    project = nearly_spent(stage)
    lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    assert len(lease_tasks(project.id, count=50, by=stage.cast.member.actor, at=AT).tasks) == 1
    assert books_of(project).affordable() == in_hands(project) == 4
