"""A member's first page: today and this week, what waits for her, work."""

import datetime as dt
from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.ids import new_id
from palabre.pay.queries import lived_by
from palabre.times import system_clock
from palabre.timesheet.actions import Slice, answer_correction, ask_correction, record_time
from palabre.timesheet.models import Kind
from palabre.work.actions.pilot import confirm_guideline
from palabre.work.actions.questions import answer_question, ask_question
from palabre.work.actions.versions import publish_guideline
from palabre.work.models import Project
from tests.cast import Cast, own_account
from tests.web.reading import Seen, reader, weight
from tests.work.stage import AT, TERMS, Stage, set_stage

pytestmark = pytest.mark.django_db
MINUTE = 60_000


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


@pytest.fixture
def live(stage: Stage) -> Project:
    return stage.live()


def home(stage: Stage, language: str = "en") -> Seen:
    return reader(stage.cast.member).read("/", language)


def worked(stage: Stage, project: Project, minutes: int) -> None:
    """A moment ago."""
    assert project.escrow_id is not None
    now = system_clock.now()
    one = Slice(
        new_id(),
        Kind.TASK,
        project.escrow_id,
        now - dt.timedelta(minutes=minutes),
        minutes * MINUTE,
        explains_ms=minutes * MINUTE,
    )
    record_time(stage.cast.member.account, [one], lived=lived_by(stage.cast.member.account), at=now)


def test_one_sentence_and_one_picture(stage: Stage, live: Project) -> None:
    worked(stage, live, 1)
    page = home(stage)
    assert "Today 1 min counted." in page.text
    assert "This week 1 min" in page.text
    assert page.html.count('<svg class="chart"') == 1
    assert "This week in figures" in page.text
    assert f"/bench/?project={live.id}" in page.links


def test_a_new_member_sees_that_there_is_nothing_and_why(stage: Stage) -> None:
    page = home(stage)
    assert "Nothing counted this week yet." in page.text
    assert "There is no work for you now." in page.text
    assert "Nothing. When a guideline changes" in page.text


def test_a_new_member_sees_the_work_before_what_is_still_empty(stage: Stage, live: Project) -> None:
    page = home(stage).html
    places = [page.index(words) for words in ('id="work"', "/bench/?project=", 'id="waits"')]
    assert places == sorted(places)
    assert 'class="empty"' not in page


def test_what_she_goes_on_with_stands_before_her_week(stage: Stage, live: Project) -> None:
    other = stage.live(terms=replace(TERMS, name="Another project"))
    stage.work(live, stage.cast.member, most=1, at=system_clock.now())
    worked(stage, live, 1)
    page = home(stage).html
    order = [
        f"/bench/?project={live.id}",
        'id="waits"',
        'class="chart"',
        'id="more"',
        f"/bench/?project={other.id}",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_a_guideline_that_changed_since_she_worked_waits_for_her(stage: Stage, live: Project) -> None:
    stage.work(live, stage.cast.member, most=1)
    assert "guideline is now" not in home(stage).text
    publish_guideline(live.id, "Skip irony.", "Irony may be skipped.", by=stage.coordinator.actor, at=AT)
    page = home(stage)
    assert "Guest reviews: the guideline is now version 2" in page.text
    assert "Irony may be skipped." in page.text
    assert f"/work/{live.id}/#guideline" in page.links


def test_an_answer_and_a_decision_wait_for_her(stage: Stage, live: Project) -> None:
    cast, now = stage.cast, system_clock.now()
    asked = ask_question(live.id, "Irony?", by=cast.member.actor, at=now)
    answer_question(asked.id, "Skip it.", by=cast.coordinator.actor, at=now)
    day = now.date() - dt.timedelta(days=1)
    wrong = ask_correction(
        day, Kind.TASK, own_account(cast), 60 * MINUTE, "It ran.", by=cast.member.actor, at=now
    )
    answer_correction(wrong.id, False, "It did not.", by=cast.coordinator.actor, at=now)
    page = home(stage)
    assert "Guest reviews: your question was answered" in page.text
    assert "Skip it." in page.text
    assert "A correction of your working time was refused." in page.text
    assert "Read why. You can contest it until" in page.text
    assert "Skip it." not in reader(cast.reviewer).read("/").text


def test_a_correction_waits_with_its_date_and_is_told_when_it_counts(stage: Stage, live: Project) -> None:
    cast, now = stage.cast, system_clock.now()
    day = now.date() - dt.timedelta(days=1)
    asked = ask_correction(
        day, Kind.TASK, own_account(cast), 60 * MINUTE, "It ran.", by=cast.member.actor, at=now
    )
    assert "is answered by" in home(stage).text
    answer_correction(asked.id, True, "", by=cast.coordinator.actor, at=now)
    assert "is counted" in home(stage).text


def test_a_pilot_waits_for_her_word(stage: Stage, live: Project) -> None:
    stage.work(live, stage.cast.member, most=1)
    Project.objects.update(state=Project.State.PILOT, pilot_tasks=10)
    page = home(stage)
    assert "Guest reviews: is the guideline clear?" in page.text
    assert f"/work/{live.id}/pilot/" in page.links
    confirm_guideline(live.id, True, "", by=stage.cast.member.actor, at=AT)
    assert "is the guideline clear?" not in home(stage).text
    assert "is the guideline clear?" not in reader(stage.cast.reviewer).read("/").text


def test_old_news_are_gone(stage: Stage, live: Project) -> None:
    cast = stage.cast
    asked = ask_question(live.id, "Irony?", by=cast.member.actor, at=AT)
    answer_question(asked.id, "Skip it.", by=cast.coordinator.actor, at=AT)
    assert "Skip it." not in home(stage).text


def test_it_is_light_and_asks_a_counted_number_of_statements(
    stage: Stage, live: Project, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stage.work(live, stage.cast.member, most=5)
    worked(stage, live, 1)
    browser = reader(stage.cast.member)
    with django_assert_num_queries(27):
        page = browser.read("/")
    assert weight(page) < 60_000


def test_french(stage: Stage, live: Project) -> None:
    assert "Ce qui vous attend" in home(stage, "fr").text
