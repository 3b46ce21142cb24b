"""Some tasks first: what is handed out, who confirms, what the measured times make of the price."""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from palabre.errors import NotAllowed, NotFound
from palabre.ids import new_id
from palabre.people.models import Role
from palabre.timesheet.models import Source, TimeEntry
from palabre.work.actions.launch import close_project, launch_project, pause_project
from palabre.work.actions.leases import lease_tasks, return_expired_leases
from palabre.work.actions.pilot import conclude_pilot, confirm_guideline, start_pilot
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.actions.sync import sync
from palabre.work.actions.versions import publish_guideline
from palabre.work.errors import (
    NotReady,
    NumberWrong,
    PilotNotCovered,
    PilotOpen,
    ProjectIs,
    TextWrong,
    TookNoPart,
)
from palabre.work.models import Project
from palabre.work.models.projects import Confirmation
from palabre.work.pilot import part_of, pilot_of
from palabre.work.queries.offers import offers_for
from tests.cast import DAKAR, Persona, enter, gather
from tests.work.stage import AT, TERMS, Stage, events, set_stage


def begun(stage: Stage, tasks: int = 4, overlap: int = 2) -> Project:
    """A pilot of a few of ten tasks, open to the member and a reviewer, who works too."""
    project = stage.ready(terms=replace(TERMS, overlap=overlap))
    return start_pilot(project.id, tasks, by=stage.coordinator.actor, at=AT)


def work(
    project: Project,
    who: Persona,
    seconds: Sequence[int] = (20,),
    most: int = 50,
    answer: tuple[str, str, str] = ("mood", "text", "happy"),
    at: dt.datetime = AT,
) -> int:
    """She answers what she gets, one after another; each takes so long, in turn.

    `answer`: the question, the block and the label.
    """
    leased = lease_tasks(project.id, count=most, by=who.actor, at=at)
    now, items = at, list[object]()
    for number, task in enumerate(leased.tasks):
        began = now
        now += dt.timedelta(seconds=seconds[number % len(seconds)])
        items.append(_answered(task.lease, leased.guideline_version, began, now, answer))
    later = at + dt.timedelta(hours=1)
    stored = sync(items, device_now=later, by=who.actor, at=later)
    return sum(one.status.value == "stored" for one in stored)


def _answered(
    lease: int, guideline: int, began: dt.datetime, ended: dt.datetime, answer: tuple[str, str, str]
) -> dict[str, object]:
    question, block, label = answer
    ms = int((ended - began).total_seconds() * 1000)
    item = {
        "id": "r",
        "from_name": question,
        "to_name": block,
        "type": "choices",
        "value": {"choices": [label]},
    }
    return {
        "type": "answer",
        "key": str(new_id()),
        "lease": lease,
        "result": [item],
        "schema_version": 1,
        "guideline_version": guideline,
        "answered_at": ended.isoformat(),
        "slices": [{"key": str(new_id()), "kind": "task", "started_at": began.isoformat(), "ms": ms}],
    }


def confirmed(stage: Stage, project: Project) -> None:
    for who in (stage.cast.member, stage.cast.reviewer):
        confirm_guideline(project.id, True, by=who.actor, at=AT)


def done(stage: Stage, seconds: Sequence[int] = (20,)) -> Project:
    """A pilot that may be concluded."""
    project = begun(stage)
    work(project, stage.cast.member, seconds)
    work(project, stage.cast.reviewer, seconds)
    confirmed(stage, project)
    return project


def test_only_its_tasks_are_handed_out(stage: Stage) -> None:
    project = begun(stage)
    assert (project.state, project.pilot_tasks) == ("pilot", 4)
    assert events(project.id, "work.pilot.started")[0].data == {"tasks": 4, "schema": 1, "guideline": 1}
    assert offers_for(stage.cast.member.actor)[0].project == project
    assert work(project, stage.cast.member) == 4
    assert work(project, stage.cast.member) == 0
    assert work(project, stage.cast.reviewer) == 4


def test_it_needs_what_a_launch_needs(stage: Stage) -> None:
    with pytest.raises(NotReady) as refusal:
        start_pilot(stage.draft().id, by=stage.coordinator.actor, at=AT)
    assert refusal.value.missing == ["schema", "guideline", "quote", "deposit", "tasks"]


def test_a_small_deposit_covers_no_pilot(stage: Stage) -> None:
    project = stage.ready(tasks=100, deposit=10)
    with pytest.raises(PilotNotCovered) as refusal:
        start_pilot(project.id, 50, by=stage.coordinator.actor, at=AT)
    assert int(str(refusal.value.fields["covered"])) < 50
    assert Project.objects.get(id=project.id).state == "draft"


def test_it_is_never_larger_than_the_project(stage: Stage) -> None:
    assert begun(stage, tasks=300).pilot_tasks == 10


def test_it_may_grow_and_not_shrink(stage: Stage) -> None:
    project, by = begun(stage), stage.coordinator.actor
    work(project, stage.cast.member)
    with pytest.raises(NumberWrong):
        start_pilot(project.id, 3, by=by, at=AT)
    assert start_pilot(project.id, 6, by=by, at=AT).pilot_tasks == 6
    assert work(project, stage.cast.member) == 2


def test_money_that_comes_in_does_not_end_it(stage: Stage) -> None:
    project = begun(stage)
    stage.add_tasks(project, 5)
    assert work(project, stage.cast.member) == 4


def test_with_one_answer_a_task_nobody_takes_it_all(stage: Stage) -> None:
    project = begun(stage, tasks=5, overlap=1)
    assert work(project, stage.cast.member, most=2) == 2
    assert work(project, stage.cast.member) == 1
    leased = lease_tasks(project.id, count=5, by=stage.cast.member.actor, at=AT)
    assert (leased.tasks, leased.more) == ([], False)
    assert work(project, stage.cast.reviewer) == 2
    assert pilot_of(project).judged == 5


def test_asking_for_work_costs_as_before(
    stage: Stage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    live, pilot = stage.live(), begun(stage)
    by = stage.cast.member.actor
    for project in (live, pilot):
        # Two savepoints, what is held and the context in one journey, one claim, and the event.
        with django_assert_num_queries(6):
            lease_tasks(project.id, count=2, by=by, at=AT)


def test_who_took_part_says_whether_it_is_clear(stage: Stage) -> None:
    project, by = begun(stage), stage.cast.member.actor
    with pytest.raises(TookNoPart):
        confirm_guideline(project.id, True, by=by, at=AT)
    work(project, stage.cast.member)
    assert part_of(by, project.id).ask
    with pytest.raises(TextWrong):
        confirm_guideline(project.id, False, " ", by=by, at=AT)
    said = confirm_guideline(project.id, False, "What is “mixed”? ", by=by, at=AT)
    assert (said.guideline_version, said.clear, said.remark) == (1, False, "What is “mixed”?")
    assert not part_of(by, project.id).ask
    assert confirm_guideline(project.id, True, by=by, at=AT).id == said.id
    assert [event.data for event in events(project.id, "work.guideline.confirmed")] == [
        {"version": 1, "clear": False},
        {"version": 1, "clear": True},
    ]


def test_a_new_version_is_asked_about_anew(stage: Stage) -> None:
    project = begun(stage)
    work(project, stage.cast.member)
    confirm_guideline(project.id, False, "Mixed?", by=stage.cast.member.actor, at=AT)
    assert pilot_of(project).missing == ["answers", "confirmations", "clear"]
    publish_guideline(project.id, "Mixed: both.", "What mixed is", by=stage.coordinator.actor, at=AT)
    assert part_of(stage.cast.member.actor, project.id).ask
    assert pilot_of(project).confirmations == []


def test_it_is_not_over_before_all_is_there(stage: Stage) -> None:
    project, by = begun(stage), stage.coordinator.actor
    with pytest.raises(PilotOpen) as refusal:
        conclude_pilot(project.id, by=by, at=AT)
    assert refusal.value.missing == ["answers", "confirmations", "times"]
    assert "two members" in str(refusal.value)
    with pytest.raises(ProjectIs):
        quote_project(project.id, 10, by=by, at=AT)


def test_three_of_four_judgements_make_the_price(stage: Stage) -> None:
    project, by = done(stage, seconds=(10, 20, 30, 41)), stage.coordinator.actor
    guessed = project.quotes.get()
    quote = conclude_pilot(project.id, by=by, at=AT)
    project.refresh_from_db()
    # Of 10, 10, 20, 20, 30, 30, 41, 41 the 75th percentile is 32.75.
    assert (project.seconds_per_task, project.pilot_judgements, project.piloted_at) == (
        Decimal("32.75"),
        8,
        AT,
    )
    assert quote.tasks == guessed.tasks
    assert quote.accepted_at is None
    assert quote.total > guessed.total
    data = events(project.id, "work.pilot.concluded")[0].data
    assert (data["guess"], data["seconds"], data["judgements"], data["members"]) == ("10.00", "32.75", 8, 2)


def passed(project: Project, who: Persona, seconds: int, at: dt.datetime, reading: int = 0) -> None:
    """She takes one task, looks at it so long and skips it; and reads the guideline."""
    (task,) = lease_tasks(project.id, count=1, by=who.actor, at=at).tasks
    slices = [{"key": str(new_id()), "kind": "task", "started_at": at.isoformat(), "ms": seconds * 1000}]
    skip = {"type": "skip", "key": str(new_id()), "lease": task.lease, "reason": "broken", "slices": slices}
    later = at + dt.timedelta(hours=1)
    read_at = (at + dt.timedelta(minutes=20)).isoformat()
    read = {"key": str(new_id()), "kind": "reading", "started_at": read_at, "ms": reading * 1000}
    time = {"type": "time", "key": str(new_id()), "project": str(project.id), "slices": [read]}
    sent = sync([skip, time] if reading else [skip], device_now=later, by=who.actor, at=later)
    assert {one.status.value for one in sent} == {"stored"}


def test_time_on_skipped_tasks_is_in_the_price(stage: Stage) -> None:
    """The client sees both parts; reading is paid and in no price."""
    project, by = begun(stage, tasks=5), stage.coordinator.actor
    for who in (stage.cast.member, stage.cast.reviewer):
        passed(project, who, 21, AT, reading=60)
        work(project, who, (20,), at=AT + dt.timedelta(hours=2))
    pilot = pilot_of(project)
    # 42 seconds over 8 answers are 5.25 each.
    assert (pilot.measured, pilot.each, pilot.shared) == (8, Decimal("20.00"), Decimal("5.25"))
    assert (pilot.seconds, pilot.reading_ms) == (Decimal("25.25"), 120_000)
    for name in ("third", "fourth"):
        other = enter(stage.cast.operator, name, Role.MEMBER, home=DAKAR)
        assert work(project, other, (20,), at=AT + dt.timedelta(hours=4)) == 1
    confirmed(stage, project)
    quote = conclude_pilot(project.id, by=by, at=AT)
    project.refresh_from_db()
    assert (project.seconds_per_task, project.pilot_shared_seconds) == (Decimal("24.20"), Decimal("4.20"))
    base = next(line for line in quote.lines if line["line"] == "base_pay")
    assert (base["answer_seconds"], base["shared_seconds"], base["seconds"]) == ("20.00", "4.20", "24.20")
    assert Decimal(quote.rates["SN"]["pay"]) >= Decimal("370.526") * Decimal("24.20") / 3600
    assert events(project.id, "work.pilot.concluded")[0].data["shared"] == "4.20"


def test_a_task_in_her_hands_may_still_become_an_answer(stage: Stage) -> None:
    project, who = begun(stage, tasks=5), stage.cast.member
    leased = lease_tasks(project.id, count=1, by=who.actor, at=AT)
    slices = [{"key": str(new_id()), "kind": "task", "started_at": AT.isoformat(), "ms": 30_000}]
    flag = {"type": "flag", "key": str(new_id()), "lease": leased.tasks[0].lease, "reason": "hard"}
    later = AT + dt.timedelta(hours=1)
    sync([{**flag, "slices": slices}], device_now=later, by=who.actor, at=later)
    work(project, stage.cast.reviewer)
    assert pilot_of(project).shared == 0
    return_expired_leases(at=AT + dt.timedelta(hours=100))
    assert pilot_of(project).shared == Decimal("6.00")


def test_time_taken_away_afterwards_never_counts_against_answers(stage: Stage) -> None:
    project, who = begun(stage), stage.cast.member
    work(project, who, (20,))
    entry = TimeEntry.objects.first()
    assert entry is not None
    entry.pk, entry.key, entry.task, entry.source = None, new_id(), None, Source.CORRECTION
    entry.measured_ms = entry.counted_ms = -30_000
    entry.save(force_insert=True)
    pilot = pilot_of(project)
    assert (pilot.each, pilot.shared) == (Decimal("20.00"), Decimal(0))


def test_all_is_offered_once_the_new_price_is_accepted(stage: Stage) -> None:
    project, by = done(stage), stage.coordinator.actor
    quote = conclude_pilot(project.id, by=by, at=AT)
    with pytest.raises(NotReady) as refusal:
        launch_project(project.id, by=by, at=AT)
    assert refusal.value.missing == ["quote"]
    accept_quote(quote.id, by=by, at=AT)
    live = launch_project(project.id, by=by, at=AT)
    assert (live.state, live.without_pilot) == ("live", "")
    assert live.batches.get().funded_upto > 4
    with pytest.raises(ProjectIs):
        quote_project(project.id, 10, by=by, at=AT)


def test_measuring_again_asks_for_another_yes(stage: Stage) -> None:
    project, by = done(stage), stage.coordinator.actor
    accept_quote(conclude_pilot(project.id, by=by, at=AT).id, by=by, at=AT)
    later = AT + dt.timedelta(minutes=1)
    conclude_pilot(project.id, by=by, at=later)
    with pytest.raises(NotReady):
        launch_project(project.id, by=by, at=later)


def test_a_pilot_can_be_broken_off_with_a_reason(stage: Stage) -> None:
    project, by = begun(stage), stage.coordinator.actor
    live = launch_project(project.id, without_pilot="It has to be done by Friday.", by=by, at=AT)
    assert (live.state, live.piloted_at) == ("live", None)


def test_a_pilot_can_rest_and_be_taken_up(stage: Stage) -> None:
    project, by = begun(stage), stage.coordinator.actor
    assert pause_project(project.id, by=by, at=AT).state == "paused"
    assert launch_project(project.id, by=by, at=AT).state == "pilot"
    assert work(project, stage.cast.member) == 4
    assert close_project(project.id, by=by, at=AT).state == "closed"


def test_who_may_not(stage: Stage) -> None:
    ready, by = stage.ready(), stage.cast
    for who in (by.member, by.finance, by.auditor):
        for verb in (start_pilot, conclude_pilot):
            with pytest.raises(NotAllowed):
                verb(ready.id, by=who.actor, at=AT)
    for who in (by.stranger, by.foreign_client):
        for verb in (start_pilot, conclude_pilot):
            with pytest.raises(NotFound):
                verb(ready.id, by=who.actor, at=AT)
    project = begun(stage)
    with pytest.raises(NotAllowed):
        confirm_guideline(project.id, True, by=by.client_person.actor, at=AT)
    with pytest.raises(NotFound):
        confirm_guideline(project.id, True, by=by.stranger_member.actor, at=AT)
    with pytest.raises(ProjectIs):
        conclude_pilot(stage.live().id, by=by.coordinator.actor, at=AT)


def test_nobody_confirms_what_is_live(stage: Stage) -> None:
    project = stage.live()
    stage.work(project, stage.cast.member)
    with pytest.raises(ProjectIs):
        confirm_guideline(project.id, True, by=stage.cast.member.actor, at=AT)


def test_the_database_holds_it_too(stage: Stage) -> None:
    project, member = begun(stage), stage.cast.member.account
    one = Project.objects.filter(id=project.id)
    for wrong in (
        {"state": "live", "launched_at": AT},
        {"piloted_at": AT},
        {"pilot_judgements": 3},
        {"pilot_tasks": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            one.update(**wrong)
    said = {"project": project, "member_id": member, "guideline_version": 1, "at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(clear=False, **said)
    Confirmation.objects.create(clear=True, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        Confirmation.objects.create(clear=True, **said)


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_are_one_confirmation_and_one_launch(transactional_db: None) -> None:
    stage = set_stage(gather())
    project = done(stage)
    Confirmation.objects.all().delete()

    def confirm(_: int) -> None:
        confirm_guideline(project.id, True, by=stage.cast.member.actor, at=AT)
        connection.close()

    def launch(_: int) -> str:
        try:
            return launch_project(
                project.id, without_pilot="In haste.", by=stage.coordinator.actor, at=AT
            ).state
        except ProjectIs as refusal:
            return f"refused: {refusal.fields['state']}"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(confirm, range(4)))
        ends = sorted(pool.map(launch, range(4)))
    assert Confirmation.objects.count() == 1
    assert ends == ["live", *["refused: live"] * 3]
