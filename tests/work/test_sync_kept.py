"""Nothing that was acknowledged disappears: time first, every answer kept, one bad item refused alone."""

import datetime as dt
import itertools
import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palabre.ids import new_id
from palabre.pay.models import Accrual
from palabre.people.tokens import submit_token
from palabre.record.models import Event
from palabre.times import system_clock
from palabre.timesheet.models import TimeEntry
from palabre.work.actions.leases import lease_tasks, return_expired_leases
from palabre.work.models import (
    Annotation,
    AnnotationRevision,
    Flag,
    Lease,
    OtherAnswer,
    Project,
    Question,
    RawSubmission,
    Task,
)
from palabre.work.verify import problems
from tests.work.stage import AT, Stage
from tests.work.test_sync import LATER, SOON, Item, answer, lease_of, send, statuses

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def spent(ms: int = 20_000, at: dt.datetime = SOON) -> list[Item]:
    began = at - dt.timedelta(milliseconds=ms)
    return [{"key": str(new_id()), "kind": "task", "started_at": began.isoformat(), "ms": ms}]


def skip(lease: int, reason: str = "unclear", **more: object) -> Item:
    return {"type": "skip", "key": str(new_id()), "lease": lease, "reason": reason, **more}


def counted() -> int:
    return sum(TimeEntry.objects.values_list("counted_ms", flat=True))


def test_the_time_of_a_skip_after_the_end_is_counted_and_its_reason_kept(stage: Stage) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    return_expired_leases(at=LATER)
    item = skip(lease, "harmful", comment="A body", slices=spent(at=LATER))
    assert statuses(send([item], member, LATER)) == ["late"]
    assert statuses(send([item], member, LATER)) == ["duplicate"]
    assert counted() == 20_000
    held = Lease.objects.get()
    assert (held.state, held.reason, held.comment) == ("skipped", "harmful", "A body")
    assert Task.objects.get(project=project).free == 0b11
    assert list(problems()) == []


def test_the_reason_of_a_skip_after_an_answer_is_kept_beside_it(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    send([answer(lease)], stage.cast.member)
    item = skip(lease, "harmful", slices=spent(at=SOON - MINUTE))
    assert statuses(send([item], stage.cast.member)) == ["late"]
    assert statuses(send([item], stage.cast.member)) == ["duplicate"]
    assert (Lease.objects.get().state, Lease.objects.get().reason) == ("submitted", "harmful")
    assert counted() == 32_000
    assert Annotation.objects.get().place == 0


def test_the_time_of_an_answer_that_is_refused_counts_once_when_she_corrects_it(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    wrong = answer(lease, "no such label")
    assert statuses(send([wrong], stage.cast.member)) == ["invalid"]
    assert counted() == 12_000
    right = {**answer(lease), "slices": wrong["slices"] + spent(5_000, SOON + MINUTE)}
    assert statuses(send([right], stage.cast.member, SOON + MINUTE)) == ["stored"]
    assert counted() == 17_000
    assert list(problems()) == []


def test_the_time_of_an_older_revision_and_of_a_reused_key_is_counted(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    second = answer(lease, "sad", revision=2)
    assert statuses(send([second], stage.cast.member)) == ["stored"]
    first = answer(lease, "happy", revision=1, at=SOON - MINUTE)
    assert statuses(send([first], stage.cast.member)) == ["superseded"]
    assert counted() == 24_000
    reused = {**second, "note": "other", "slices": spent(7_000, SOON - 2 * MINUTE)}
    assert statuses(send([reused], stage.cast.member)) == ["key_reused"]
    assert counted() == 31_000


@pytest.mark.parametrize(
    "strange", [{"type": "hologram"}, {"schema_version": 99}, {"revision": "1"}, {"more": 1}]
)
def test_of_what_cannot_be_read_the_time_counts_at_once(stage: Stage, strange: Item) -> None:
    project = stage.live(1)
    (lease,) = lease_of(stage, project)
    item = {**answer(lease), **strange}
    assert statuses(send([item], stage.cast.member)) == ["stored_raw"]
    assert statuses(send([item], stage.cast.member)) == ["duplicate"]
    assert (TimeEntry.objects.get().counted_ms, TimeEntry.objects.get().charge) == (12_000, project.escrow_id)
    kept = RawSubmission.objects.get()
    assert (kept.lease_id, kept.project_id, kept.operator_id, kept.state) == (
        lease,
        project.id,
        stage.cast.operator.id,
        "waiting",
    )
    assert list(problems()) == []
    RawSubmission.objects.update(body_hash=b"x")
    assert len(list(problems())) == 1


def test_a_page_left_open_over_a_weekend_refuses_nothing(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    item = answer(lease)
    item["slices"][0]["ms"] = 60 * 3_600_000
    assert statuses(send([item], stage.cast.member)) == ["stored"]
    item = skip(lease, slices=[{**spent()[0], "ms": 10**17}])
    send([item], stage.cast.member)
    assert sorted(TimeEntry.objects.values_list("measured_ms", flat=True)) == [60 * 3_600_000, 2**31 - 1]
    assert counted() <= (SOON - AT).total_seconds() * 1000 + 120_000


def test_time_with_another_members_lease_is_not_counted(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    items: list[Any] = [skip(lease, slices=spent()), {**answer(lease), "type": "hologram"}]
    assert statuses(send(items, stage.cast.reviewer)) == ["not_yours", "stored_raw"]
    assert TimeEntry.objects.count() == 0


@pytest.mark.parametrize(
    "loose",
    [
        {"lease": "1"},
        {"revision": True},
        {"schema_version": 1.0},
        {"answered_at": "1"},
        {"answered_at": 1},
        {"slices": [{**spent()[0], "ms": "12000"}]},
        {"slices": [{**spent()[0], "ms": 12_000.0}]},
        {"slices": [{**spent()[0], "started_at": "2026-03-02T09:00:00"}]},
        {"slices": [{**spent()[0], "key": str(new_id()).replace("-", "")}]},
        {"slices": [{**spent()[0], "kind": "holiday"}]},
    ],
)
def test_the_items_of_an_outbox_are_read_as_strictly_as_every_body(stage: Stage, loose: Item) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    assert statuses(send([{**answer(lease), **loose}], stage.cast.member)) == ["stored_raw"]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_the_newest_revision_wins_in_any_order_and_each_is_kept(stage: Stage, order: tuple[int, ...]) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    sent = {n: answer(lease, "sad" if n == 3 else "happy", revision=n, at=SOON + n * MINUTE) for n in order}
    for number in order:
        said = statuses(send([sent[number]], stage.cast.member, SOON + 9 * MINUTE))
        assert said in (["stored"], ["superseded"])
    assert (Annotation.objects.get().revision, Annotation.objects.get().result) == (3, sent[3]["result"])
    assert sorted(AnnotationRevision.objects.values_list("revision", flat=True)) == [1, 2]
    assert counted() == 36_000
    assert list(problems()) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_two_phones_in_any_order_lose_nothing(stage: Stage, data: st.DataObject) -> None:
    """Revisions of two phones that know nothing of each other, with gaps, in pieces, again and again."""
    numbers = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    with transaction.atomic():
        (lease,) = lease_of(stage, stage.live(1))
        items = [
            {**answer(lease, revision=number, at=SOON + n * MINUTE), "note": f"answer {n}"}
            for n, number in enumerate(numbers)
        ]
        order = data.draw(st.permutations(items)) + data.draw(st.lists(st.sampled_from(items), max_size=4))
        for item in order:
            send([item], stage.cast.member, SOON + 9 * MINUTE)
        stands = Annotation.objects.get()
        kept = [stands.note, *AnnotationRevision.objects.values_list("note", flat=True)]
        kept += OtherAnswer.objects.values_list("note", flat=True)
        assert stands.revision == max(numbers)
        assert sorted(kept) == sorted(str(item["note"]) for item in items)
        assert OtherAnswer.objects.count() == len(numbers) - len(set(numbers))
        assert counted() == 12_000 * len(items)
        assert Accrual.objects.get().exact == stands.pay
        assert list(problems()) == []
        transaction.set_rollback(True)


def test_two_answers_with_the_same_number_are_both_kept_and_it_is_said(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    send([answer(lease, "happy")], stage.cast.member)
    other = answer(lease, "sad", at=SOON + MINUTE)
    (first,) = send([other], stage.cast.member, SOON + MINUTE)
    (again,) = send([other], stage.cast.member, LATER)
    assert (first.status, again) == ("two_answers", first)
    assert Annotation.objects.get().result[0]["value"]["choices"] == ["happy"]
    kept = OtherAnswer.objects.get()
    assert (kept.result[0]["value"]["choices"], kept.settled_at) == (["sad"], None)
    assert Event.objects.filter(code="work.synced").latest("seq").data["others"][0][0] == kept.id
    OtherAnswer.objects.update(note="forged")
    assert len(list(problems())) == 1


def test_the_same_answer_from_another_phone_leaves_nothing_to_choose(stage: Stage) -> None:
    (lease,) = lease_of(stage, stage.live(1))
    send([answer(lease)], stage.cast.member)
    assert statuses(send([answer(lease, at=SOON + MINUTE)], stage.cast.member, SOON + MINUTE)) == [
        "superseded"
    ]
    assert OtherAnswer.objects.get().settled_at is not None


DEEP = "[" * 300 + "]" * 300
BAD = [
    '"\\ud83d"',
    "7",
    "null",
    '{"type":"skip","key":"%s","lease":1,"reason":"other","comment":"half \\ud83d"}',
    '{"type":"skip","key":"%s","lease":1,"reason":"other","comment":"nul \\u0000"}',
    '{"type":"answer","key":"%s","lease":1,"result":' + DEEP + "}",
    '{"type":"answer","key":"%s","lease":99999999999999999999}',
    '{"type":"answer","key":"%s","lease":NaN}',
    '{"type":"answer","key":"%s","lease":1e999}',
    '{"type":"answer","key":"%s","lease":oops}',
    '{"type":"answer","\\ud800":"%s","lease":1}',
]


def post(stage: Stage, body: bytes) -> tuple[int, list[str]]:
    member, now = stage.cast.member, system_clock.now()
    assert member.organisation is not None
    token = "Submit " + submit_token(member.account, member.organisation, at=now)
    response = Client(raise_request_exception=True).post(
        "/api/v1/sync", body, content_type="application/json", headers={"Authorization": token}
    )
    return response.status_code, [one["status"] for one in response.json().get("items", [])]


def test_an_item_that_cannot_be_read_refuses_only_itself(stage: Stage) -> None:
    project, now = stage.live(1), system_clock.now()
    lease = lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=now).tasks[0].lease
    good = json.dumps(answer(lease, at=now))
    bad = [text.replace("%s", str(new_id())) for text in BAD]
    raw = f'{{"device_now":"{now.isoformat()}","items":[{",".join([*bad, good])}]}}'
    code, said = post(stage, raw.encode())
    assert code == 200
    assert said == ["invalid"] * 3 + ["stored_raw"] * 7 + ["invalid", "stored"]
    again = post(stage, raw.encode())[1]
    assert again == ["invalid"] * 3 + ["duplicate"] * 7 + ["invalid", "duplicate"]
    kept = RawSubmission.objects.order_by("id")[0]
    assert kept.body["unreadable"] == {"comment": '"half \\ud83d"'}
    assert "comment" in kept.why


def test_bytes_that_are_no_utf_8_refuse_only_their_item(stage: Stage) -> None:
    now = system_clock.now().isoformat().encode()
    raw = b'{"device_now":"%s","items":[{"type":"skip","key":"%s","comment":"\xed\xa0\x80"},{"type":"none"}]}'
    assert post(stage, raw % (now, str(new_id()).encode())) == (200, ["stored_raw", "invalid"])


@pytest.mark.parametrize(
    "body",
    [
        b'{"device_now":"%s","items":[{"a":"\\ud800"}',
        b'{"device_now":"\\ud800","items":[]}',
        b'{"device_now":"%s","items":[' + b"[" * 120_000 + b"]" * 120_000 + b"]}",
        b'["\\ud800"]',
        b'{"items":["\\ud800"]}',
    ],
)
def test_a_body_that_is_no_outbox_is_refused_as_a_whole(stage: Stage, body: bytes) -> None:
    now = system_clock.now().isoformat().encode()
    assert post(stage, body.replace(b"%s", now))[0] in {400, 422}


def items_of(lease: int, project: str) -> dict[str, Item]:
    """One of each kind that is kept under a key of its own, beside answers."""
    return {
        "skip": skip(lease, comment="Dark", slices=spent(at=SOON)),
        "flag": {"type": "flag", "key": str(new_id()), "lease": lease, "reason": "hard", "comment": "Dark"},
        "question": {"type": "question", "key": str(new_id()), "project": project, "text": "Dark?"},
        "time": {"type": "time", "key": str(new_id()), "project": project, "slices": spent(at=SOON)},
    }


@pytest.mark.parametrize("kind", ["skip", "flag", "question", "time"])
def test_the_same_key_with_other_content_is_refused_by_name(stage: Stage, kind: str) -> None:
    project, member = stage.live(1), stage.cast.member
    (lease,) = lease_of(stage, project)
    item = items_of(lease, str(project.id))[kind]
    other = (
        {**item, "text": "Light?"} if kind == "question" else {**item, "slices": spent(7_000, SOON + MINUTE)}
    )
    assert statuses(send([item], member)) == ["stored"]
    assert statuses(send([item, other], member, LATER)) == ["duplicate", "key_reused"]


@pytest.mark.parametrize("kind", ["skip", "flag", "question", "time"])
def test_a_key_is_hers_alone(stage: Stage, kind: str) -> None:
    """What another member sent under the same key took hers away, while she was told that it is kept."""
    project, member, colleague = stage.live(2), stage.cast.member, stage.cast.colleague
    Project.objects.update(rates=project.rates | {"KE": project.rates["SN"]})
    (hers,) = lease_of(stage, project)
    theirs = lease_tasks(project.id, count=1, by=colleague.actor, at=AT).tasks[0].lease
    item = items_of(hers, str(project.id))[kind]
    copied = {**item, "slices": []} if kind != "time" else {**item, "slices": spent(at=SOON)}
    assert statuses(send([{**copied, **({"lease": theirs} if "lease" in item else {})}], colleague)) == [
        "stored"
    ]
    assert statuses(send([item], member)) == ["stored"]
    kept = {"skip": Flag, "flag": Flag, "question": Question, "time": TimeEntry}[kind]
    assert set(kept._default_manager.values_list("member_id", flat=True)) == {
        member.account,
        colleague.account,
    }
    assert list(problems()) == []
