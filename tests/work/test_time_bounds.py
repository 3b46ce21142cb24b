"""What a device claims is not yet money: the server has a bound of its own for every slice."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from palabre.errors import PalabreError
from palabre.ids import new_id
from palabre.pay.actions import settle_day
from palabre.people.actions import revoke_role
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Role
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.errors import DayFull
from palabre.timesheet.models import Correction, Kind, Tally, TimeEntry
from palabre.timesheet.queries import corrections_on_her_mind
from palabre.work.actions.handouts import hand_pack
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.models import Annotation, Handout, Project
from palabre.work.queries.waiting import corrections_due, waiting_corrections
from palabre.work.verify import problems
from tests.cast import Persona
from tests.work.stage import AT, TERMS, Stage

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60_000, 3_600_000
Item = dict[str, Any]


def later(**span: float) -> dt.datetime:
    return AT + dt.timedelta(**span)


def piece(began: dt.datetime | str, ms: int, kind: str = "task") -> Item:
    began = began if isinstance(began, str) else began.isoformat()
    return {"key": str(new_id()), "kind": kind, "started_at": began, "ms": ms}


def answer(lease: int, *slices: Item, revision: int = 1, at: str = "2026-03-02T10:00:00Z") -> Item:
    value = {
        "id": "r",
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["happy"]},
    }
    return {
        "type": "answer", "key": str(new_id()), "lease": lease, "revision": revision, "result": [value],
        "schema_version": 1, "guideline_version": 1, "answered_at": at, "slices": list(slices),
    }  # fmt: skip


def time(project: Project, *slices: Item) -> Item:
    return {"type": "time", "key": str(new_id()), "project": str(project.id), "slices": list(slices)}


def send(items: list[Item], who: Persona, at: dt.datetime, device: dt.datetime | None = None) -> list[str]:
    return [one.status.value for one in sync(items, device_now=device or at, by=who.actor, at=at)]


def leases(stage: Stage, project: Project, count: int = 1, at: dt.datetime = AT) -> list[int]:
    return [
        one.lease for one in lease_tasks(project.id, count=count, by=stage.cast.member.actor, at=at).tasks
    ]


def counted() -> int:
    return sum(TimeEntry.objects.values_list("counted_ms", flat=True))


def waiting() -> dict[str, int]:
    return dict(Correction.objects.filter(state="waiting").values_list("rule", "delta_ms"))


def test_time_of_months_before_anything_was_handed_out_is_no_money(stage: Stage) -> None:
    """518 kB of `time` items in the past of a project, from 277 to 3,922,090 XOF: the demo of the attack."""
    project, member = stage.live(), stage.cast.member
    past = [time(project, piece(AT - dt.timedelta(days=n), 23 * HOUR, "reading")) for n in range(1, 40)]
    assert set(send(past, member, AT)) == {"stored"}
    assert counted() == 0
    assert set(waiting()) == {"outside"}
    leases(stage, project)
    send(
        [time(project, piece(AT - dt.timedelta(days=n), 4 * HOUR)) for n in range(1, 40)],
        member,
        later(days=3),
    )
    assert counted() <= 60 * MINUTE
    assert list(problems()) == []


def test_one_answer_to_a_task_of_ten_seconds_can_not_carry_days(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    (lease,) = leases(stage, project)
    slices = [piece(later(hours=4 * n), 4 * HOUR) for n in range(17)]
    assert send([answer(lease, *slices)], member, later(hours=69)) == ["stored"]
    # Two minutes for the answer, and her word on three days of one week.
    assert counted() <= 2 * MINUTE + 60 * MINUTE
    assert TimeEntry.objects.filter(measured_ms=4 * HOUR).count() == 17
    assert sum(Correction.objects.filter(state="waiting").values_list("delta_ms", flat=True)) > 60 * HOUR


def test_what_is_not_explained_waits_for_a_person_who_counts_it(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    (lease,) = leases(stage, project)
    send([answer(lease, piece(AT, HOUR))], member, later(hours=2))
    assert counted() == 17 * MINUTE
    (asked,) = Correction.objects.all()
    assert (asked.state, asked.rule, asked.delta_ms, asked.charge) == (
        "waiting", "unexplained", 43 * MINUTE, project.escrow_id,
    )  # fmt: skip
    assert asked.why.startswith("Measured by the phone")
    answer_correction(asked.id, True, "", by=stage.coordinator.actor, at=later(hours=3))
    assert counted() == HOUR
    assert list(problems()) == []


def test_who_is_slower_than_the_figures_has_lost_nothing_and_both_see_what_waits(stage: Stage) -> None:
    """A minute is expected and five stand for it; she takes seven, ten times."""
    project, member = (
        stage.live(tasks=10, terms=replace(TERMS, seconds_per_task=Decimal(60))),
        stage.cast.member,
    )
    items = [
        answer(one, piece(later(minutes=7 * n), 7 * MINUTE))
        for n, one in enumerate(leases(stage, project, 10))
    ]
    send(items, member, later(minutes=71))
    assert counted() == 10 * 5 * MINUTE + 15 * MINUTE
    (hers,) = corrections_on_her_mind(member.actor, AT)
    (theirs,) = waiting_corrections(stage.coordinator.actor)
    assert hers.id == theirs.id
    assert (hers.day, hers.delta_ms, hers.rule) == (AT.date(), 70 * MINUTE - counted(), "unexplained")
    assert corrections_due(stage.coordinator.actor) == (1, hers.answer_due)
    answer_correction(hers.id, True, "", by=stage.coordinator.actor, at=later(hours=3))
    assert counted() == 70 * MINUTE


def test_a_day_offline_with_a_pack_passes_without_anybody(stage: Stage) -> None:
    project, member = stage.live(tasks=250), stage.cast.member
    hand_pack(project.id, by=member.actor, at=AT)
    held = [*leases(stage, project, 50), *leases(stage, project, 50), *leases(stage, project, 50)]
    held += leases(stage, project, 50)
    held = sorted(
        {
            *held,
            *[
                one.lease
                for one in lease_tasks(project.id, count=50, holding=held, by=member.actor, at=AT).tasks
            ],
        }
    )
    now, items, worked = later(minutes=1), list[Item](), 25 * MINUTE
    items.append(time(project, piece(now, 25 * MINUTE, "reading")))
    now += dt.timedelta(minutes=25)
    for lease in held:
        ms = 70_000
        items.append(answer(lease, piece(now, ms)))
        now, worked = now + dt.timedelta(milliseconds=ms), worked + ms
    for start in range(0, len(items), 50):
        send(items[start : start + 50], member, later(hours=10))
    assert counted() == worked
    assert waiting() == {}


def test_the_order_in_which_things_arrive_decides_nothing(stage: Stage) -> None:
    """The questions and pauses of a morning come before the answers that explain them."""
    project, member = stage.live(tasks=40, deposit=100_000), stage.cast.member
    held = leases(stage, project, 30)
    pause = time(project, piece(AT, 50 * MINUTE, "question"))
    send([pause], member, later(hours=3))
    assert waiting() == {"unexplained": 35 * MINUTE}
    began = later(minutes=50)
    send(
        [answer(one, piece(began + dt.timedelta(seconds=10 * n), 10_000)) for n, one in enumerate(held)],
        member,
        later(hours=3),
    )
    assert waiting() == {}
    assert counted() == 55 * MINUTE
    assert list(problems()) == []


def test_a_kind_that_the_server_never_hands_out_waits_for_a_person(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    (lease,) = leases(stage, project)
    kinds = ["meeting", "payment", "support", "training", "review"]
    sent = [piece(later(minutes=10 * n), 9 * MINUTE, kind) for n, kind in enumerate(kinds)]
    assert send([answer(lease, *sent)], member, later(hours=2)) == ["stored"]
    assert counted() == 0
    assert {(one.kind, one.rule) for one in Correction.objects.all()} == {(kind, "kind") for kind in kinds}


def test_her_word_has_sixty_minutes_a_week_with_corrections_together(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    leases(stage, project)
    for day in range(5):
        at = later(days=day, hours=1)
        send([time(project, piece(at - dt.timedelta(minutes=20), 12 * MINUTE, "question"))], member, at)
    assert counted() == 60 * MINUTE
    # The week is used up, and Monday's own part too: a correction waits.
    asked = ask_correction(
        AT.date(), Kind.TASK, project.escrow_id or 0, MINUTE, "More", by=member.actor, at=later(days=5)
    )
    assert asked.state == "waiting"


def test_two_devices_and_two_keys_count_an_hour_once(stage: Stage) -> None:
    project, member = stage.live(tasks=50), stage.cast.member
    held = leases(stage, project, 40)
    send([answer(one, piece(later(minutes=1), 60_000)) for one in held], member, later(hours=1))
    assert counted() == 60_000


def test_a_phone_that_woke_in_1970_keeps_the_length_of_her_work(stage: Stage) -> None:
    project, member = stage.live(tasks=10), stage.cast.member
    held = leases(stage, project, 5)
    woke = dt.datetime(1970, 1, 1, 0, 5, tzinfo=dt.UTC)
    items = [answer(one, piece(woke + dt.timedelta(minutes=n), 60_000)) for n, one in enumerate(held)]
    # Its clock was set before it sent: nothing tells how wrong it was.
    send(items, member, later(hours=1))
    assert counted() == 5 * 60_000
    assert {one.day for one in TimeEntry.objects.all()} == {AT.date()}
    assert set(TimeEntry.objects.values_list("rule", flat=True)) == {"shifted"}
    settled = settle_day(member.account, AT.date(), at=later(days=2))
    assert settled is not None


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"]
)
@pytest.mark.parametrize(
    "device", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "2026-03-02T10:00:00+00:00"]
)
def test_the_ends_of_the_calendar_are_dates_like_others(stage: Stage, when: str, device: str) -> None:
    project, member = stage.live(), stage.cast.member
    (lease,) = leases(stage, project)
    device_now = dt.datetime.fromisoformat(device)
    assert send([answer(lease, piece(when, MINUTE), at=when)], member, later(hours=1), device_now) in (
        ["stored"],
        ["stored_raw"],
    )
    assert counted() in (0, MINUTE)
    for stored in Annotation.objects.all():
        assert AT <= stored.submitted_at <= later(hours=1)


def test_after_her_access_ended_only_what_was_begun_before_counts(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    first, second = leases(stage, project, 2)
    ended = later(hours=1)
    revoke_role(member.account, stage.cast.operator.id, Role.MEMBER, by=SYSTEM, at=ended)
    before, after = piece(later(minutes=30), MINUTE), piece(later(hours=30), MINUTE)
    assert send([answer(first, before), answer(second, after)], member, later(days=20)) == [
        "stored",
        "stored",
    ]
    assert counted() == MINUTE
    assert waiting() == {"outside": MINUTE}


def test_a_guideline_is_read_for_an_hour_once(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    hand_pack(project.id, by=member.actor, at=AT)
    hand_pack(project.id, by=member.actor, at=later(minutes=1))
    first = time(project, piece(later(minutes=1), 40 * MINUTE, "reading"))
    for _ in range(3):
        send([first], member, later(hours=1))
    assert (counted(), Handout.objects.get().read_ms) == (40 * MINUTE, 40 * MINUTE)
    send([time(project, piece(later(hours=2), 40 * MINUTE, "reading"))], member, later(hours=3))
    assert counted() == 75 * MINUTE
    assert waiting() == {"unexplained": 5 * MINUTE}
    assert list(problems()) == []


@pytest.mark.parametrize("where", ["/work/{}/", "/api/v1/projects/{}/guidelines/newest"])
def test_a_guideline_read_on_a_page_is_handed_out_too(stage: Stage, where: str) -> None:
    project, member = stage.live(), stage.cast.member
    browser = Client()
    browser.force_login(Account.objects.get(id=member.account))
    for _ in range(2):
        assert browser.get(where.format(project.id)).status_code == 200
    handed = Handout.objects.get()
    assert (handed.member_id, handed.guideline_version) == (member.account, 1)
    read = handed.at + dt.timedelta(minutes=1)
    send([time(project, piece(read, 40 * MINUTE, "reading"))], member, read + dt.timedelta(hours=1))
    assert counted() == 40 * MINUTE
    assert list(problems()) == []


def test_how_long_an_answer_took_is_no_longer_than_since_it_was_handed_out(stage: Stage) -> None:
    """It is shown to others as the time that such a task takes, and stands in the client's files."""
    project, member = stage.live(), stage.cast.member
    first, second = leases(stage, project, 2)
    send([answer(first, piece(later(minutes=1), 2**31 - 1))], member, later(minutes=5))
    send(
        [answer(second, piece(later(minutes=6), 4 * HOUR), piece(later(minutes=6), 9 * HOUR))],
        member,
        later(hours=9),
    )
    assert list(Annotation.objects.order_by("id").values_list("active_ms", flat=True)) == [
        5 * MINUTE,
        8 * HOUR,
    ]


def test_a_change_of_an_answer_stands_for_time_three_times(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    (lease,) = leases(stage, project)
    for revision in range(1, 8):
        send([answer(lease, piece(later(minutes=revision), 10), revision=revision)], member, later(hours=1))
    assert Tally.objects.get().explained_ms == 3 * 2 * MINUTE


def test_a_day_can_not_hold_more_than_24_hours(stage: Stage) -> None:
    """Whatever writes: the database refuses it."""
    project, member = stage.live(), stage.cast.member
    leases(stage, project)
    charge, day = project.escrow_id or 0, AT.date()
    asked = ask_correction(day, Kind.TASK, charge, 13 * HOUR, "Long", by=member.actor, at=AT)
    more = ask_correction(day, Kind.TASK, charge, 13 * HOUR + 24 * MINUTE, "Longer", by=member.actor, at=AT)
    answer_correction(asked.id, True, "", by=stage.coordinator.actor, at=AT)
    with pytest.raises(DayFull):
        answer_correction(more.id, True, "", by=stage.coordinator.actor, at=AT)
    entry = TimeEntry.objects.get()
    with pytest.raises(IntegrityError, match="24 hours"), transaction.atomic():
        TimeEntry.objects.filter(id=entry.id).update(counted_ms=24 * HOUR + 1)
    entry.pk, entry.key, entry.counted_ms = None, new_id(), 12 * HOUR
    with pytest.raises(IntegrityError, match="24 hours"), transaction.atomic():
        entry.save(force_insert=True)
    assert counted() == 13 * HOUR


def test_what_the_days_add_up_to_follows_from_their_entries(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    (lease,) = leases(stage, project)
    send([answer(lease, piece(AT, HOUR))], member, later(hours=2))
    entry = TimeEntry.objects.get()
    TimeEntry.objects.filter(id=entry.id).update(counted_ms=5)
    assert Tally.objects.get().device_ms == 5
    TimeEntry.objects.filter(id=entry.id).delete()
    assert Tally.objects.get().device_ms == 0


def test_a_project_of_which_she_was_handed_nothing_is_not_charged_at_her_word(stage: Stage) -> None:
    project, other, member = stage.live(), stage.live(), stage.cast.member
    leases(stage, project)
    at = later(hours=5)
    for charge in (other.escrow_id or 0, 987_654_321):
        with pytest.raises(PalabreError, match="Choose a project that you have worked on"):
            ask_correction(AT.date(), Kind.TASK, charge, MINUTE, "I did", by=member.actor, at=at)
    hers = project.escrow_id or 0
    # Nothing was measured that day; before the first task; before she came.
    for day in (AT.date(), AT.date() - dt.timedelta(days=1), dt.date(2024, 1, 1)):
        assert (
            ask_correction(day, Kind.TASK, hers, 15 * MINUTE, "I did", by=member.actor, at=at).state
            == "waiting"
        )
    assert counted() == 0


def test_a_correction_on_each_empty_day_of_the_past_is_no_money(stage: Stage) -> None:
    project, member = stage.live(), stage.cast.member
    leases(stage, project)
    for day in range(1, 60):
        ask_correction(
            AT.date() - dt.timedelta(days=day),
            Kind.TASK,
            project.escrow_id or 0,
            15 * MINUTE,
            "Work",
            by=member.actor,
            at=AT,
        )
    assert counted() == 0
    assert Correction.objects.filter(state="waiting").count() == 59
