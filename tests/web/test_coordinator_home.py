"""The first pages of the coordinator and of the reviewer: what waits, and nothing when nothing does."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from palabre.exchange.models import Import
from palabre.exchange.refused import refused_imports
from palabre.quality.actions import lease_review
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.models import Kind
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.questions import ask_question
from palabre.work.models import Batch, Project
from tests.cast import Cast, own_account
from tests.quality.disputed import LATER, disputed_project
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, Stage, set_stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def test_nothing_waits(stage: Stage) -> None:
    page = browser_of(stage.coordinator).get("/").content.decode()
    assert "Nothing waits for you" in page
    assert "Good day, Coordinator" in page


def test_each_thing_that_waits_is_a_number_with_a_way_to_it(
    stage: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    project = stage.live()
    ask_question(project.id, "Both?", by=stage.cast.member.actor, at=AT)
    reason, charge = "A power cut", own_account(stage.cast)
    ask_correction(AT.date(), Kind.OUTAGE, charge, 40 * 60_000, reason, by=stage.cast.member.actor, at=AT)
    lease_tasks(project.id, count=2, by=stage.cast.member.actor, at=AT)
    stage.add_tasks(project, 500)
    _refused(project)
    browser = browser_of(stage.coordinator)
    with django_assert_max_num_queries(17):
        page = browser.get("/").content.decode()
    for address, words in (
        ("/questions/", "1 question waits"),
        ("/team/corrections/", "1 correction of time waits"),
        ("/leases/", "1 member holds tasks that are late"),
        (f"/projects/{project.id}/", "tasks without money"),
        (f"/projects/{project.id}/data/imports/", "file could not be imported"),
    ):
        assert f'href="{address}' in page, address
        assert words in page, words
    assert "contested" not in page.split("<main")[1].split("agree")[0].replace("can be contested", "")


def _refused(project: Project) -> Import:
    batch = Batch.objects.create(project=project, number=9, name="bad.csv", created_at=AT)
    now = dt.datetime.now(dt.UTC)
    return Import.objects.create(
        project=project,
        batch=batch,
        file="imports/none",
        name="bad.csv",
        size=1,
        keep="good_rows",
        state=Import.State.REFUSED,
        asked_by=project.operator_id,
        asked_at=now,
        finished_at=now,
    )


def test_a_file_that_was_taken_later_is_forgotten(stage: Stage) -> None:
    project = stage.live()
    first, since = _refused(project), AT
    assert refused_imports(stage.coordinator.actor, since) == [first]
    assert refused_imports(stage.cast.stranger.actor, since) == []
    batch = Batch.objects.create(project=project, number=10, name="good.csv", created_at=AT)
    first.pk, first.batch, first.state = None, batch, Import.State.DONE
    first.id, first.asked_at = batch.id, first.asked_at + dt.timedelta(minutes=1)
    first.save(force_insert=True)
    assert refused_imports(stage.coordinator.actor, since) == []


def test_the_reviewer_sees_what_is_in_dispute(
    stage: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(stage.cast.reviewer)
    assert "Nothing is in dispute" in browser.get("/").content.decode()
    project = disputed_project(stage)
    with django_assert_max_num_queries(12):
        page = browser.get("/").content.decode()
    assert "3 tasks are in dispute" in page
    review = lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    page = browser.get("/").content.decode()
    assert f'href="/reviews/{review.id}/"' in page
