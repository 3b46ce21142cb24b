"""Handing out: never twice, never more than the places, nothing lost to anybody."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.launch import pause_project
from palabre.work.actions.leases import MOST_HELD, assign_tasks, lease_tasks, return_expired_leases
from palabre.work.dispatch.claim import MOST_LOOKED_AT
from palabre.work.errors import NotOffered, TooManyHeld
from palabre.work.models import Annotation, Batch, Lease, Task
from tests.work.stage import AT, Stage, events

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=4)


def test_it_hands_out_the_first_tasks_in_order_and_says_so(stage: Stage) -> None:
    project = stage.live(10)
    leased = lease_tasks(project.id, count=4, by=stage.cast.member.actor, at=AT)
    assert [task.position for task in leased.tasks] == [1, 2, 3, 4]
    assert leased.expires_at == AT + dt.timedelta(hours=72)
    assert (leased.schema_version, leased.guideline_version) == (1, 1)
    said = events(project.id, "work.tasks.leased")[-1].data
    assert said["leases"] == [[task.lease, task.task] for task in leased.tasks]


def test_a_lost_answer_is_given_again(stage: Stage) -> None:
    project, by = stage.live(10), stage.cast.member.actor
    first = lease_tasks(project.id, count=3, by=by, at=AT)
    again = lease_tasks(project.id, count=3, by=by, at=AT)
    assert [task.lease for task in again.tasks] == [task.lease for task in first.tasks]
    held = [task.lease for task in first.tasks]
    onward = lease_tasks(project.id, count=3, holding=held, by=by, at=AT)
    assert [task.position for task in onward.tasks] == [4, 5, 6]


def test_nobody_gets_a_task_twice_and_no_place_is_given_twice(stage: Stage) -> None:
    project = stage.live(6)
    assert stage.work(project, stage.cast.member) == 6
    assert stage.work(project, stage.cast.member) == 0
    assert stage.work(project, stage.cast.reviewer) == 6
    assert Annotation.objects.filter(project=project, place__isnull=False).count() == 12
    assert not Task.objects.filter(project=project, is_open=True).exists()


def test_an_expired_lease_comes_back_to_others_and_not_to_her(stage: Stage) -> None:
    project = stage.live(2)
    member, reviewer = stage.cast.member.actor, stage.cast.reviewer.actor
    lease_tasks(project.id, count=2, by=member, at=AT)
    stage.work(project, stage.cast.reviewer)
    assert return_expired_leases(at=LATER) == 2
    assert return_expired_leases(at=LATER) == 0
    assert lease_tasks(project.id, count=2, by=reviewer, at=LATER).tasks == []
    assert lease_tasks(project.id, count=2, by=member, at=LATER).tasks == []
    assert Task.objects.filter(project=project, is_open=True, returned__isnull=False).count() == 2


def test_only_what_the_money_covers_is_offered(stage: Stage) -> None:
    project = stage.live(10)
    Batch.objects.filter(project=project).update(funded_upto=3)
    assert len(lease_tasks(project.id, count=10, by=stage.cast.member.actor, at=AT).tasks) == 3


def test_bytes_are_bounded_but_one_task_always_comes(stage: Stage) -> None:
    project = stage.live(5)
    Task.objects.filter(project=project).update(payload={"text": "x" * 2_000})
    assert (
        len(lease_tasks(project.id, count=5, max_bytes=4_500, by=stage.cast.member.actor, at=AT).tasks) == 2
    )
    assert len(lease_tasks(project.id, count=5, max_bytes=10, by=stage.cast.reviewer.actor, at=AT).tasks) == 1


def test_who_may_not(stage: Stage) -> None:
    project = stage.live(2)
    with pytest.raises(NotAllowed):
        lease_tasks(project.id, count=1, by=stage.cast.client_person.actor, at=AT)
    with pytest.raises(NotFound):
        lease_tasks(project.id, count=1, by=stage.cast.stranger_member.actor, at=AT)


def test_a_paused_project_gives_nothing_out(stage: Stage) -> None:
    project = stage.live(2)
    pause_project(project.id, by=stage.coordinator.actor, at=AT)
    with pytest.raises(NotOffered):
        lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)


def test_a_pack_for_the_road_is_bounded(stage: Stage) -> None:
    project, by, held = stage.live(MOST_HELD + 20), stage.cast.member.actor, list[int]()
    while len(held) < MOST_HELD:
        held += [task.lease for task in lease_tasks(project.id, count=50, holding=held, by=by, at=AT).tasks]
    with pytest.raises(TooManyHeld):
        lease_tasks(project.id, count=1, holding=held, by=by, at=AT)


def test_named_tasks_are_handed_out_by_the_same_rules(stage: Stage) -> None:
    project, member = stage.live(5), stage.cast.member
    tasks = list(Task.objects.filter(project=project, position__gte=4).values_list("id", flat=True))
    got = assign_tasks(project.id, member.account, tasks, by=stage.coordinator.actor, at=AT)
    assert [task.position for task in got.tasks] == [4, 5]
    assert assign_tasks(project.id, member.account, tasks, by=stage.coordinator.actor, at=AT).tasks == []
    with pytest.raises(NotAllowed):
        assign_tasks(project.id, member.account, tasks, by=member.actor, at=AT)
    with pytest.raises(NotFound):
        assign_tasks(project.id, stage.cast.stranger_member.account, tasks, by=stage.coordinator.actor, at=AT)


def test_the_database_itself_refuses_a_second_answer_in_one_place(stage: Stage) -> None:
    project = stage.live(1)
    stage.work(project, stage.cast.member)
    taken = Annotation.objects.get(project=project)
    lease_tasks(project.id, count=1, by=stage.cast.reviewer.actor, at=AT)
    with (
        pytest.raises(IntegrityError, match="annotation_place_uq"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(
            "INSERT INTO work_annotation (task_id, member_id, project_id, place, revision, key, body_hash, result,"
            " note, schema_version, guideline_version, submitted_at, received_at, active_ms, late, pay, pay_currency)"
            " SELECT task_id, %s, project_id, place, 1, gen_random_uuid(), body_hash, result, '', 1, 1, submitted_at,"
            " received_at, 0, false, 0, 'XOF' FROM work_annotation WHERE id = %s",
            [stage.cast.reviewer.account, taken.id],
        )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["work", "hold", "expire"])), max_size=12))
def test_whatever_happens_every_place_is_held_once(stage: Stage, steps: list[tuple[int, str]]) -> None:
    with transaction.atomic():
        project = stage.live(4)
        people = [stage.cast.member, stage.cast.reviewer, stage.cast.member]
        for who, step in steps:
            if step == "work":
                stage.work(project, people[who], most=2)
            elif step == "hold":
                lease_tasks(project.id, count=1, by=people[who].actor, at=AT)
            else:
                return_expired_leases(at=LATER)
        for task in Task.objects.filter(project=project):
            held = Lease.objects.filter(task=task, state="open").values_list("place", flat=True)
            filled = Annotation.objects.filter(task=task, place__isnull=False).values_list("place", flat=True)
            places = [place for place in (*held, *filled) if place is not None]
            assert len(places) == len(set(places)) <= project.overlap
            assert task.free == (1 << project.overlap) - 1 - sum(1 << place for place in places)
        transaction.set_rollback(True)


def test_what_one_request_looks_at_does_not_grow(stage: Stage) -> None:
    """A member whose cursor is lost passes what she did in bounded steps: the answer says `more`."""
    project, member = stage.live(MOST_LOOKED_AT + 500), stage.cast.member
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_lease (task_id, member_id, project_id, place, state, leased_at, expires_at, reason, comment)"
            " SELECT id, %s, project_id, 0, 'submitted', %s, %s, '', '' FROM work_task"
            " WHERE project_id = %s AND position <= %s",
            [member.account, AT, AT, project.id, MOST_LOOKED_AT + 400],
        )
    first = lease_tasks(project.id, count=1, by=member.actor, at=AT)
    assert (first.tasks, first.more) == ([], True)
    found = lease_tasks(project.id, count=1, by=member.actor, at=AT)
    assert [task.position for task in found.tasks] == [MOST_LOOKED_AT + 401]


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_each_place_goes_to_one(stage: Stage) -> None:
    project = stage.live(3)
    start, got = threading.Barrier(2, timeout=30), list[int]()

    def take(who: int) -> None:
        person = (stage.cast.member, stage.cast.reviewer)[who]
        start.wait()
        try:
            for _ in range(5):
                held = lease_tasks(project.id, count=1, holding=got, by=person.actor, at=AT).tasks
                got.extend(task.task for task in held)
                stage_answers = [task.lease for task in held]
                Lease.objects.filter(id__in=stage_answers).update(state="submitted")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(who,)) for who in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(2 * list(Task.objects.filter(project=project).values_list("id", flat=True)))
