"""An outbox: one status for each item; sent twice it changes nothing; late and extra is kept and paid."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.errors import NotAllowed
from palabre.ids import new_id
from palabre.pay.models import Accrual, Posting
from palabre.record.models import Event
from palabre.timesheet.models import TimeEntry
from palabre.work.actions.launch import close_project
from palabre.work.actions.leases import lease_tasks, return_expired_leases
from palabre.work.actions.sync import sync
from palabre.work.errors import BadSync
from palabre.work.models import Annotation, AnnotationRevision, Lease, Project, Question, RawSubmission, Task
from palabre.work.sync.outcome import Outcome
from palabre.work.verify import problems
from tests.cast import Persona
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
SOON = AT + dt.timedelta(minutes=30)
LATER = AT + dt.timedelta(days=4)
Item = dict[str, Any]


def answer(lease: int, label: str = "happy", revision: int = 1, at: dt.datetime = SOON) -> Item:
    began = at - dt.timedelta(seconds=12)
    return {
        "type": "answer",
        "key": str(new_id()),
        "lease": lease,
        "revision": revision,
        "result": [
            {
                "id": "r",
                "from_name": "mood",
                "to_name": "text",
                "type": "choices",
                "value": {"choices": [label]},
            }
        ],
        "schema_version": 1,
        "guideline_version": 1,
        "answered_at": at.isoformat(),
        "slices": [{"key": str(new_id()), "kind": "task", "started_at": began.isoformat(), "ms": 12_000}],
    }


def send(items: list[Any], who: Persona, at: dt.datetime = SOON) -> list[Outcome]:
    return sync(items, device_now=at, by=who.actor, at=at)


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [one.status.value for one in outcomes]


def lease_of(stage: Stage, project: Project, who: Persona | None = None, count: int = 1) -> list[int]:
    by = (who or stage.cast.member).actor
    return [task.lease for task in lease_tasks(project.id, count=count, by=by, at=AT).tasks]


def counts() -> tuple[int, ...]:
    tables = (Annotation, AnnotationRevision, RawSubmission, TimeEntry, Posting, Event)
    return tuple(table.objects.count() for table in tables)


def test_an_answer_is_stored_paid_and_recorded(stage: Stage) -> None:
    project, member = stage.live(3), stage.cast.member
    (lease,) = lease_of(stage, project)
    (outcome,) = send([answer(lease)], member)
    assert outcome.status == "stored"
    assert outcome.receipt
    stored = Annotation.objects.get()
    assert (stored.schema_version, stored.guideline_version, stored.place) == (1, 1, 0)
    accrual = Accrual.objects.get(member=member.account)
    assert accrual.exact == Decimal(project.rates["SN"]["pay"])
    assert accrual.credited == 2  # rounded up once: 1.03 XOF
    assert TimeEntry.objects.get().counted_ms == 12_000
    said = Event.objects.filter(code="work.synced").get().data
    assert said["answers"][0][:3] == [stored.id, stored.task_id, 1]
    assert list(problems()) == []


def test_the_same_outbox_again_is_answered_as_the_first_time(stage: Stage) -> None:
    project, member = stage.live(3), stage.cast.member
    items = [answer(lease) for lease in lease_of(stage, project, count=3)]
    first, before = send(items, member), counts()
    for _ in range(3):
        again = send(items, member, LATER)
        assert statuses(again) == ["duplicate"] * 3
        assert [one.receipt for one in again] == [one.receipt for one in first]
    assert counts() == before


def test_the_same_key_with_another_content_is_refused_by_name(stage: Stage) -> None:
    project = stage.live(3)
    item = answer(lease_of(stage, project)[0])
    send([item], stage.cast.member)
    assert statuses(send([{**item, "note": "other"}], stage.cast.member)) == ["key_reused"]


def test_one_bad_item_never_holds_the_others(stage: Stage) -> None:
    project = stage.live(4)
    leases = lease_of(stage, project, count=3)
    wrong = answer(leases[1])
    wrong["result"][0]["value"]["choices"] = ["no such label"]
    outcomes = send(
        [answer(leases[0]), wrong, "nonsense", {"type": "answer"}, answer(leases[2])], stage.cast.member
    )
    assert statuses(outcomes) == ["stored", "invalid", "invalid", "invalid", "stored"]
    assert "$[0].value.choices[0]" in outcomes[1].why[0]
    assert Annotation.objects.count() == 2


def test_what_cannot_be_read_is_kept_for_a_person(stage: Stage) -> None:
    project = stage.live(1)
    newer = {**answer(lease_of(stage, project)[0]), "schema_version": 99}
    strange = {"type": "hologram", "key": str(new_id())}
    outcomes = send([newer, strange], stage.cast.member)
    assert statuses(outcomes) == ["stored_raw", "stored_raw"]
    assert RawSubmission.objects.count() == 2
    assert statuses(send([newer, strange], stage.cast.member)) == ["duplicate", "duplicate"]


def test_a_late_answer_takes_a_free_place_and_is_paid(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    return_expired_leases(at=LATER)
    (outcome,) = send([answer(lease, at=LATER)], member, LATER)
    assert outcome.status == "late"
    stored = Annotation.objects.get()
    assert stored.late
    assert stored.place is not None
    assert Accrual.objects.get(member=member.account).charge_id == project.escrow_id


def test_an_answer_above_the_overlap_is_kept_and_paid_by_the_operator(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    return_expired_leases(at=LATER)
    # Two others fill both places meanwhile.
    Task.objects.filter(project=project).update(free=0)
    (outcome,) = send([answer(lease, at=LATER)], member, LATER)
    assert outcome.status == "late"
    assert Annotation.objects.get().place is None
    assert Accrual.objects.get(member=member.account).charge_id != project.escrow_id


def test_after_the_close_an_answer_is_still_kept_and_paid(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    close_project(project.id, by=stage.coordinator.actor, at=AT)
    assert statuses(send([answer(lease)], member)) == ["late"]
    assert Annotation.objects.get().place is None
    assert Accrual.objects.get(member=member.account).credited > 0


def test_a_correction_keeps_the_earlier_answer_and_is_not_paid_twice(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    send([answer(lease, "happy")], member)
    paid = Accrual.objects.get().exact
    second = answer(lease, "sad", revision=2, at=SOON + dt.timedelta(minutes=1))
    assert statuses(send([second], member, SOON + dt.timedelta(minutes=2))) == ["stored"]
    stored = Annotation.objects.get()
    assert (stored.revision, stored.result[0]["value"]["choices"]) == (2, ["sad"])
    assert AnnotationRevision.objects.get().result[0]["value"]["choices"] == ["happy"]
    assert Accrual.objects.get().exact == paid
    assert TimeEntry.objects.filter(kind="redo").count() == 1
    # A retry of the first answer, with a key of its own, can't overwrite the newer one.
    assert statuses(send([answer(lease, "happy", revision=1)], member, LATER)) == ["superseded"]
    assert Annotation.objects.get().revision == 2


def test_two_answers_to_one_lease_go_one_after_the_other(stage: Stage) -> None:
    project = stage.live(1)
    (lease,) = lease_of(stage, project)
    items = [answer(lease), answer(lease, "sad", revision=2)]
    assert statuses(send(items, stage.cast.member)) == ["stored", "again"]
    assert statuses(send(items, stage.cast.member)) == ["duplicate", "stored"]


def test_a_skip_gives_the_place_back_with_its_reason(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    item = {
        "type": "skip",
        "key": str(new_id()),
        "lease": lease,
        "reason": "unclear",
        "comment": "Two languages",
    }
    assert statuses(send([item], member)) == ["stored"]
    assert statuses(send([item], member)) == ["duplicate"]
    assert Lease.objects.get().state == "skipped"
    assert Task.objects.get(project=project).free == 0b11
    assert lease_of(stage, project) == []


def test_questions_and_time_come_with_the_outbox(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    slices = [{"key": str(new_id()), "kind": "reading", "started_at": AT.isoformat(), "ms": 60_000}]
    asked = {"type": "question", "key": str(new_id()), "project": str(project.id), "text": "Both at once?"}
    read = {"type": "time", "key": str(new_id()), "project": str(project.id), "slices": slices}
    assert statuses(send([asked, read], member)) == ["stored", "stored"]
    assert statuses(send([asked, read], member)) == ["duplicate", "duplicate"]
    assert Question.objects.get().text == "Both at once?"
    assert TimeEntry.objects.get().kind == "reading"


def test_another_members_lease_and_another_operators_project_are_not_hers(stage: Stage) -> None:
    project = stage.live(2)
    (lease,) = lease_of(stage, project)
    assert statuses(send([answer(lease)], stage.cast.reviewer)) == ["not_yours"]
    slices = [{"key": str(new_id()), "started_at": AT.isoformat(), "ms": 60_000}]
    time = {"type": "time", "key": str(new_id()), "project": str(project.id), "slices": slices}
    assert statuses(send([time], stage.cast.stranger_member)) == ["not_yours"]
    assert TimeEntry.objects.count() == 0


def test_who_may_not_and_how_much_at_once(stage: Stage) -> None:
    with pytest.raises(NotAllowed):
        send([], stage.cast.client_person)
    with pytest.raises(BadSync):
        send([{}] * 51, stage.cast.member)


@pytest.mark.parametrize(
    "wrong", [dt.timedelta(days=-20_000), dt.timedelta(days=5_000), dt.timedelta(seconds=3)]
)
def test_a_wrong_clock_shifts_times_and_refuses_nothing(stage: Stage, wrong: dt.timedelta) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    item = answer(lease, at=SOON + wrong)
    (outcome,) = sync([item], device_now=SOON + wrong, by=member.actor, at=SOON)
    assert outcome.status == "stored"
    entry = TimeEntry.objects.get()
    assert (entry.counted_ms, entry.ended_at) == (12_000, SOON)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_any_pieces_any_repeats_come_to_the_same(stage: Stage, data: st.DataObject) -> None:
    from django.db import transaction

    with transaction.atomic():
        project, member = stage.live(4), stage.cast.member
        leases = lease_of(stage, project, count=4)
        items = [answer(lease, at=SOON + dt.timedelta(seconds=20 * n)) for n, lease in enumerate(leases)]
        at = SOON + dt.timedelta(minutes=5)
        for _ in range(data.draw(st.integers(1, 4))):
            send(data.draw(st.lists(st.sampled_from(items), max_size=6)), member, at)
        send(items, member, at)
        assert Annotation.objects.filter(project=project).count() == 4
        assert sum(TimeEntry.objects.values_list("counted_ms", flat=True)) == 48_000
        assert Accrual.objects.get(member=member.account).exact == 4 * Decimal(project.rates["SN"]["pay"])
        assert list(problems()) == []
        transaction.set_rollback(True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    )
)
def test_whatever_is_sent_gets_a_status(stage: Stage, junk: object) -> None:
    like = {"type": "answer", "key": str(uuid.uuid4()), "lease": 1, "result": junk}
    outcomes = send([junk, like], stage.cast.member)
    assert set(statuses(outcomes)) <= {"invalid", "stored_raw", "not_yours"}


def test_each_operator_s_auditors_read_what_came_in_for_it(stage: Stage) -> None:
    """She sends for one operator what she took from both: neither's record says what is the other's."""
    cast, here = stage.cast, stage.live(4)
    there = stage.live(4)
    items = [answer(lease) for lease in lease_of(stage, here, cast.shared)]
    left = lease_of(stage, there, cast.shared, count=4)
    Project.objects.filter(id=there.id).update(operator=cast.stranger_operator)
    items += [
        answer(left[0]),
        {"type": "skip", "key": str(new_id()), "lease": left[1], "reason": "unclear"},
        {"type": "flag", "key": str(new_id()), "lease": left[2], "reason": "harmful"},
        {**answer(left[3]), "result": "not a list"},
    ]
    send(items, cast.shared)
    said = {one.organisation: one.data for one in Event.objects.filter(code="work.synced")}
    assert {one: sorted(data) for one, data in said.items()} == {
        cast.operator.id: ["answers", "pay", "time"],
        cast.stranger_operator.id: ["answers", "flags", "pay", "raw", "skips", "time"],
    }
    stored = dict(Annotation.objects.values_list("project", "id"))
    assert said[cast.operator.id]["answers"][0][0] == stored[here.id]
    assert said[cast.stranger_operator.id]["answers"][0][0] == stored[there.id]
    assert list(problems()) == []


def test_what_is_nobody_s_project_belongs_to_the_operator_she_sends_for(stage: Stage) -> None:
    send([{"type": "nothing", "key": str(new_id())}], stage.cast.shared)
    assert Event.objects.get(code="work.synced").organisation == stage.cast.operator.id
