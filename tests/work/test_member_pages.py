"""What a member sees of her work and her time: every figure, its why, and the way to change it."""

import datetime as dt
from decimal import Decimal
from math import ceil, floor

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.decisions.models import Decision
from palabre.ids import new_id
from palabre.pay.actions import settle_day
from palabre.pay.queries import lived_by
from palabre.quality.models import Agreement
from palabre.times import system_clock
from palabre.timesheet.actions import Slice, answer_correction, record_time
from palabre.timesheet.models import Correction, Kind, TimeEntry
from palabre.work.actions.ended import end_work
from palabre.work.actions.handouts import hand_guideline
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.actions.versions import publish_guideline
from palabre.work.models import Annotation, Project, Question
from tests.cast import Cast, Persona
from tests.web.reading import Seen, reader, weight
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
DAY = "/time/day/?date=2026-03-02"
WEEK = "/time/?week=2026-W10"
MINUTE = 60_000


@pytest.fixture
def live(stage: Stage) -> Project:
    return stage.live()


def pays(project: Project) -> Decimal:
    """What one judgement brings in Senegal."""
    return Decimal(project.rates["SN"]["pay"])


def worked(who: Persona, project: Project, minutes: int, kind: Kind = Kind.TASK, ago: int = 0) -> None:
    """Time on the project, which ended `ago` minutes before AT."""
    assert project.escrow_id is not None
    began = AT - dt.timedelta(minutes=minutes + ago)
    one = Slice(new_id(), kind, project.escrow_id, began, minutes * MINUTE, explains_ms=minutes * MINUTE)
    record_time(who.account, [one], lived=lived_by(who.account), at=AT)


def correct(who: Persona, address: str = DAY, **filled: str) -> Seen:
    """She opens the day, fills in the form and sends it."""
    browser = reader(who)
    return browser.send(
        address, browser.read(address), "reason", **{"way": "add", "reason": "task", **filled}
    )


# -- work on offer --------------------------------------------------------------------------------


def test_an_offer_says_all_that_she_needs_to_know(stage: Stage, live: Project) -> None:
    page = reader(stage.cast.member).read("/work/")
    for said in (
        "Client",
        "Guest reviews",
        "To show a hotel what its guests speak of.",
        f"F CFA {floor(pays(live) * 360)} an hour",
        "At 10 s a task: an estimate of the client, measured 0 times so far.",
        "every counted hour brings you at least F CFA 370 (legal minimum)",
        "French",
        "about 10 tasks",
        "72 hours once you took a task",
        "about 1 kB for 20 tasks",
    ):
        assert said in page.text
    assert f"/bench/?project={live.id}" in page.links
    assert f"/work/{live.id}/" in page.links


def test_measured_times_replace_the_guess(stage: Stage) -> None:
    live = stage.live(tasks=40)
    stage.work(live, stage.cast.member)
    Annotation.objects.update(active_ms=20_000)
    page = reader(stage.cast.colleague).read("/work/")
    assert "no work for you now" in page.text  # the price is for Senegal only, and she lives in Kenya
    page = reader(stage.cast.reviewer).read("/work/")
    assert "At 20 s a task: three in four of the last 40 answers took no longer." in page.text
    assert f"F CFA {floor(pays(live) * 180)} an hour" in page.text


def test_no_work_says_why(stage: Stage) -> None:
    page = reader(stage.cast.member).read("/work/")
    assert "There is no work for you now." in page.text
    assert "have no price for Senegal" in page.text


def test_what_may_be_hard_to_bear_is_said_before(stage: Stage, live: Project) -> None:
    Project.objects.update(risk_note="Some guests swear.")
    assert "What you may see: Some guests swear." in reader(stage.cast.member).read("/work/").text
    assert "Some guests swear." in reader(stage.cast.member).read(f"/work/{live.id}/").text
    assert "Some guests swear." in reader(stage.cast.member).read("/").text


def test_times_of_the_pilot_say_over_how_many_answers(stage: Stage, live: Project) -> None:
    Project.objects.update(piloted_at=AT, pilot_judgements=24)
    said = "measured in the pilot: three in four of its 24 answers took no longer"
    assert said in reader(stage.cast.member).read("/work/").text


def test_work_that_was_ended_leads_to_the_decision_and_its_rule(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    end_work(
        live.id,
        member.account,
        rule="Read the guideline before you answer.",
        seen="Forty answers in one minute.",
        guideline_version=1,
        by=stage.coordinator.actor,
        at=system_clock.now(),
    )
    page, decision = reader(member).read("/work/"), Decision.objects.get()
    assert "This project gives you no more tasks: read why" in page.text
    assert f"/bench/?project={live.id}" not in page.links
    assert f"/decisions/{decision.id}/" in page.links
    why = reader(member).read(f"/decisions/{decision.id}/")
    assert "Rule Read the guideline before you answer." in why.text
    assert "What was seen Forty answers in one minute." in why.text
    assert f"/work/{live.id}/" in why.links
    assert "Contest this decision" in why.text


def test_what_is_not_hers_is_not_offered(stage: Stage, live: Project) -> None:
    assert live.name not in reader(stage.cast.stranger_member).read("/work/").text
    assert reader(stage.cast.stranger_member).read(f"/work/{live.id}/").status == 404


def test_what_she_holds_is_hers_until_a_time(stage: Stage, live: Project) -> None:
    lease_tasks(live.id, count=3, by=stage.cast.member.actor, at=AT)
    page = reader(stage.cast.member).read("/work/")
    assert "In your hands 3 tasks, the first until March 5, 2026" in page.text
    assert "Go on working" in page.text


def test_tasks_that_she_has_had_are_not_left_for_her(stage: Stage, live: Project) -> None:
    stage.work(live, stage.cast.member, most=4)
    assert "about 6 tasks" in reader(stage.cast.member).read("/work/").text


# -- one project ----------------------------------------------------------------------------------


def test_a_project_shows_its_guideline_and_what_is_new(stage: Stage, live: Project) -> None:
    by = stage.coordinator.actor
    publish_guideline(live.id, "Choose *one* or skip.", "You may skip now.", by=by, at=AT)
    page = reader(stage.cast.member).read(f"/work/{live.id}/")
    assert "Guideline, version 2" in page.text
    assert "You may skip now." in page.text
    assert "<em>one</em>" in page.html
    assert "Version 1" in page.text


def test_her_own_figures(stage: Stage, live: Project) -> None:
    stage.work(live, stage.cast.member, most=4)
    worked(stage.cast.member, live, 12)
    page = reader(stage.cast.member).read(f"/work/{live.id}/")
    assert f"Counted time 12 min Answers 4 Base pay F CFA {ceil(pays(live) * 4)}" in page.text
    assert "shown once at least 20 of your answers" in page.text


def test_agreement_is_shown_with_n_and_its_interval(stage: Stage, live: Project) -> None:
    member = str(stage.cast.member.account)
    hers = {
        "member": member,
        "judged": 30,
        "compared": 25,
        "agreed": 20,
        "share": 0.8,
        "low": 0.6,
        "high": 0.9,
    }
    Agreement.objects.create(
        project=live,
        tasks=30,
        judgements=60,
        confusion={},
        disputed=[],
        reliability=[hers],
        through=0,
        revisions=0,
        computed_at=AT,
    )
    page = reader(stage.cast.member).read(f"/work/{live.id}/")
    assert "Agreement with the others 80% of 25 answers; between 61% and 91%" in page.text


def test_she_asks_and_the_same_form_twice_asks_once(stage: Stage, live: Project) -> None:
    browser, address = reader(stage.cast.member), f"/work/{live.id}/"
    page = browser.read(address)
    for _ in range(2):
        answered = browser.send(address, page, "text", text="What of irony?")
        assert answered.status == 200
    assert Question.objects.count() == 1
    assert "What of irony?" in browser.read(address).text


def test_an_empty_question_is_told_beside_its_field(stage: Stage, live: Project) -> None:
    browser, address = reader(stage.cast.member), f"/work/{live.id}/"
    page = browser.send(address, browser.read(address), "text", text="  ")
    assert page.status == 422
    assert "Please look at this again" in page.text


def test_questions_of_others_are_seen_once_they_are_answered(stage: Stage, live: Project) -> None:
    cast = stage.cast
    open_, told = (
        ask_question(live.id, text, by=cast.reviewer.actor, at=AT)
        for text in ("Still open?", "Already told?")
    )
    answer_question(told.id, "It is.", by=cast.coordinator.actor, at=AT)
    page = reader(cast.member).read(f"/work/{live.id}/")
    assert told.text in page.text
    assert open_.text not in page.text


def test_what_was_agreed_stays_readable_after_the_end(stage: Stage, live: Project) -> None:
    stage.work(live, stage.cast.member, most=1)
    Project.objects.update(state=Project.State.CLOSED, closed_at=AT)
    page = reader(stage.cast.member).read(f"/work/{live.id}/")
    assert f"100 answers F CFA {round(pays(live) * 100)}" in page.text
    assert "Your question" not in page.text
    assert reader(stage.cast.reviewer).read(f"/work/{live.id}/").status == 404  # she never had a task of it


# -- time -----------------------------------------------------------------------------------------


def test_a_week_shows_counted_and_measured_time(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    worked(member, live, 30)
    worked(member, live, 30, Kind.READING, ago=15)
    page = reader(member).read(WEEK)
    assert "45 min counted this week." in page.text
    assert "Measured: 1 h 00 min" in page.text
    assert page.html.count('<rect class="one"') == 1
    assert page.html.count('<rect class="two"') == 1
    assert DAY in page.links


def test_a_day_says_why_measured_and_counted_differ(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    worked(member, live, 30)
    worked(member, live, 30, Kind.READING, ago=15)
    page = reader(member).read(DAY)
    assert "Reading guidelines Guest reviews 15 min is not counted yet" in page.text
    assert "at a time at which other work was measured too" in page.text
    assert "Together 1 h 00 min 45 min" in page.text


def test_the_sum_of_a_settled_day_can_be_done_again_by_hand(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    stage.work(live, member, most=4)
    worked(member, live, 60)
    settle_day(member.account, AT.date(), at=AT + dt.timedelta(days=1))
    page = reader(member).read(DAY)
    assert "1 h × F CFA 370.526 an hour, rounded up F CFA 371" in page.text
    earned = ceil(pays(live) * 4)
    assert f"− base pay F CFA {earned}" in page.text
    assert f"= top-up F CFA {371 - earned}" in page.text
    assert f"Guest reviews: 4 answers, F CFA {earned}" in page.text


def test_every_entry_of_a_day(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    worked(member, live, 30)
    page = reader(member).read("/time/day/entries/?date=2026-03-02")
    assert "8:30" in page.text
    assert "30 min" in page.text
    assert "30 min" not in reader(stage.cast.reviewer).read("/time/day/entries/?date=2026-03-02").text


def test_a_quarter_of_an_hour_is_added_in_two_taps(stage: Stage, live: Project) -> None:
    """The length is chosen already: she taps a reason, then the button."""
    member = stage.cast.member
    worked(member, live, 60)
    page = correct(member)
    assert "Done: your word counts." in page.text
    assert "1 h 15 min" in page.text
    made = Correction.objects.get()
    assert (made.delta_ms, made.charge) == (15 * MINUTE, live.escrow_id)
    assert made.reason == "I worked on tasks and the clock missed it"


def test_the_same_form_sent_twice_corrects_once(stage: Stage, live: Project) -> None:
    browser = reader(stage.cast.member)
    worked(stage.cast.member, live, 60)
    page = browser.read(DAY)
    for _ in range(2):
        browser.send(DAY, page, "reason", way="add", reason="outage")
    assert Correction.objects.count() == 1
    assert TimeEntry.objects.get(source="correction").kind == Kind.OUTAGE


def test_more_time_waits_and_says_until_when(stage: Stage, live: Project) -> None:
    page = correct(stage.cast.member, minutes="60", words="The power was out.")
    assert "A person answers you within 2 days" in page.text
    assert "waits for an answer" in page.text
    assert "A coordinator of Operator answers you by" in page.text
    assert "The power was out." in page.text


def test_time_is_taken_away_at_once(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    worked(member, live, 60)
    page = correct(member, way="take", reason="away", other="40")
    assert "40 min taken away" in page.text
    assert sum(TimeEntry.objects.values_list("counted_ms", flat=True)) == 20 * MINUTE


def test_less_than_no_time_is_refused_and_what_she_chose_is_kept(stage: Stage, live: Project) -> None:
    page = correct(stage.cast.member, way="take", reason="away", words="I slept.")
    assert page.status == 422
    assert "At most 0 minutes can be taken away" in page.text
    assert "I slept." in page.text
    assert not Correction.objects.exists()


def test_time_without_a_project_is_the_operators(stage: Stage) -> None:
    project = stage.live()
    worked(stage.cast.member, project, 60)
    page = correct(stage.cast.member, reason="meeting", charge="0")
    assert "no project in particular" in page.text


@pytest.mark.parametrize("field", ["reason", "minutes"])
def test_a_choice_that_is_none_is_refused(stage: Stage, field: str) -> None:
    assert correct(stage.cast.member, **{field: "nothing"}).status == 422


def test_a_project_that_is_not_hers_can_not_be_charged(stage: Stage, live: Project) -> None:
    stranger = stage.cast.stranger_member
    assert correct(stranger, charge=str(live.escrow_id)).status == 422


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "20260302", "2026-02-30", "9999-12-31", ""])
def test_days_that_are_none(stage: Stage, day: str) -> None:
    address = f"/time/day/?date={day}"
    browser = reader(stage.cast.member)
    page = browser.read(address)
    if page.status == 200:  # a day to come can be looked at, not corrected
        assert browser.send(address, page, "reason", way="add", reason="task").status == 422
    else:
        assert page.status == 422


def test_a_refused_correction_leads_to_its_decision(stage: Stage, live: Project) -> None:
    member = stage.cast.member
    correct(member, minutes="60")
    waiting = Correction.objects.get()
    answer_correction(waiting.id, False, "Nothing ran.", by=stage.coordinator.actor, at=AT)
    page = reader(member).read(DAY)
    assert "Nothing ran." in page.text
    assert "/decisions/" in page.links


# -- size and cost --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "statements"), [("/work/", 12), (WEEK, 10), (DAY, 16), ("/work/{project}/", 22)]
)
def test_pages_are_light_and_ask_a_counted_number_of_statements(
    stage: Stage,
    live: Project,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    statements: int,
) -> None:
    member = stage.cast.member
    stage.work(live, member, most=5)
    worked(member, live, 30)
    browser = reader(member)
    # The first time hands the guideline out.
    hand_guideline(live.guidelines.get(), by=member.actor, at=AT)
    with django_assert_num_queries(statements):
        page = browser.read(address.format(project=live.id))
    assert weight(page) < 60_000


@pytest.mark.parametrize("address", ["/work/", WEEK, DAY, "/time/day/entries/", "/work/{project}/"])
def test_who_does_not_work_has_none_of_these_pages(
    cast: Cast, stage: Stage, live: Project, address: str
) -> None:
    for who in (cast.coordinator, cast.client_person, cast.finance, cast.administrator):
        assert reader(who).read(address.format(project=live.id)).status == 403


@pytest.mark.parametrize("address", ["/work/", WEEK, DAY, "/time/day/entries/", "/work/{project}/"])
def test_french(stage: Stage, live: Project, address: str) -> None:
    page = reader(stage.cast.member).read(address.format(project=live.id), "fr")
    assert page.status == 200
    assert 'lang="fr"' in page.html
