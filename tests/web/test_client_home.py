"""The first page of a client: what waits, and her projects."""

import html
import io
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.exchange.actions import ask_import, run_import
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock
from palabre.work.actions.quotes import quote_project
from tests.cast import Cast
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, Stage, set_stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def home(browser: Client) -> str:
    response = browser.get("/")
    assert isinstance(response, HttpResponse)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def test_before_the_first_project(stage: Stage) -> None:
    assert "about ten minutes" in home(browser_of(stage.cast.client_person))


def test_what_waits_in_which_project(stage: Stage) -> None:
    draft = stage.draft()
    quote_project(draft.id, 10, by=stage.coordinator.actor, at=AT)
    rows = io.BytesIO(b"id,text\n1,Bien\n1,Mal\n")
    run_import(ask_import(draft.id, rows, "a.csv", by=SYSTEM, at=AT).id, ManualClock(AT))
    words = home(browser_of(stage.cast.client_person))
    assert "A quote waits for you. Look at it and accept it." in words
    assert "1 row can’t be taken. Put it right." in words
    assert "Nothing waits" not in words
    assert "Guest reviews" not in home(browser_of(stage.cast.foreign_client))


def test_when_all_goes_on_by_itself(stage: Stage) -> None:
    stage.live(tasks=5)
    assert "Nothing waits for you. The work goes on." in home(browser_of(stage.cast.client_person))


@pytest.mark.parametrize("number", [1, 8])
def test_as_many_statements_for_many_projects(
    stage: Stage, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        stage.draft()
    browser = browser_of(stage.cast.client_person)
    with django_assert_max_num_queries(15):
        browser.get("/")
