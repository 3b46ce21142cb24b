"""A reviewer's pages, and what members see of reviews."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from palabre.quality.actions import lease_review, submit_review
from palabre.quality.models import Consensus
from palabre.timesheet.models import TimeEntry
from palabre.work.models import Annotation, Project, Review
from tests.quality.disputed import LATER, SAD, disputed_project, reviewer
from tests.web.test_walls_pages import browser_of
from tests.work.stage import Stage

WHY = "The last line is sad."


@pytest.fixture
def project(stage: Stage) -> Project:
    return disputed_project(stage)


@pytest.fixture
def browser(stage: Stage) -> Client:
    return browser_of(stage.cast.reviewer)


def take(browser: Client, project: Project) -> Review:
    response = browser.post(reverse("review-next", kwargs={"project": project.id}))
    review = Review.objects.get(state="open")
    assert response["Location"] == f"/reviews/{review.id}/"
    return review


def test_what_waits_and_what_it_pays(
    project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        page = browser.get("/reviews/").content.decode()
    assert "Guest reviews" in page
    assert "Take the next task" in page
    assert re.search(r"<dt>Tasks in dispute</dt><dd>3</dd>", page)
    assert re.search(r"<dt>Expected an hour</dt><dd>[^<]*394", page)


def test_looking_at_the_address_takes_nothing(project: Project, browser: Client) -> None:
    assert browser.get(f"/projects/{project.id}/reviews/next/").status_code == 302
    assert not Review.objects.exists()


def test_a_review_from_button_to_thanks(project: Project, browser: Client) -> None:
    review = take(browser, project)
    page = browser.get(f"/reviews/{review.id}/").content.decode()
    assert review.task.payload["text"] in page
    assert "Choose one." in page
    assert set(re.findall(r"<li>(happy|sad)</li>", page)) == {"happy", "sad"}
    sent = browser.post(f"/reviews/{review.id}/", {"answer-0": "sad", "reason": WHY, "then": "stop"})
    assert sent["Location"] == "/reviews/"
    page = browser.get("/reviews/").content.decode()
    assert "Your decision stands" in page
    assert WHY in page
    assert Consensus.objects.get(task=review.task_id).method == "adjudicated"
    assert "You decided" in browser.get(f"/reviews/{review.id}/").content.decode()


def test_blind(project: Project, browser: Client, stage: Stage) -> None:
    """No name, id, note or number of those who answered."""
    Annotation.objects.update(note="It is Awa who says so")
    page = browser.get(f"/reviews/{take(browser, project).id}/").content.decode()
    for answer in Annotation.objects.all():
        assert str(answer.member_id) not in page
    assert "Awa" not in page
    assert "Member" not in re.sub(r"[Mm]embers", "", page)


def test_and_take_the_next(project: Project, browser: Client) -> None:
    review = take(browser, project)
    form = {"answer-0": "sad", "reason": WHY, "then": "next"}
    for left in (2, 1):
        sent = browser.post(f"/reviews/{review.id}/", form)
        review = Review.objects.get(state="open")
        assert sent["Location"] == f"/reviews/{review.id}/"
        assert Consensus.objects.exclude(method="adjudicated").count() == left
    assert browser.post(f"/reviews/{review.id}/", form)["Location"] == "/reviews/"


def test_what_is_missing_stands_beside_its_field_and_what_was_written_stays(
    project: Project, browser: Client
) -> None:
    review = take(browser, project)
    response = browser.post(f"/reviews/{review.id}/", {"reason": WHY})
    page = response.content.decode()
    assert response.status_code == 422
    assert WHY in page
    assert 'href="#id_answer-0"' in page
    assert Review.objects.get().state == "open"


def test_give_it_back(project: Project, browser: Client) -> None:
    review = take(browser, project)
    address = f"/reviews/{review.id}/return/"
    assert browser.post(address, {"back": ""}).status_code == 422
    assert browser.post(address, {"back": "I know the author."})["Location"] == "/reviews/"
    assert TimeEntry.objects.count() == 1
    assert "given back" in browser.get("/reviews/").content.decode()


def test_another_reviewers_is_not_there(project: Project, browser: Client, stage: Stage) -> None:
    review = take(browser, project)
    other = browser_of(reviewer(stage, "other"))
    assert other.get(f"/reviews/{review.id}/").status_code == 404
    assert other.post(f"/reviews/{review.id}/return/", {"back": "x"}).status_code == 404


def test_one_review_asks_little(
    project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    review = take(browser, project)
    with django_assert_max_num_queries(9):
        browser.get(f"/reviews/{review.id}/")


def test_members_read_the_reason(
    project: Project, stage: Stage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    review = lease_review(project.id, by=stage.cast.reviewer.actor, at=LATER)
    submit_review(review.id, SAD, WHY, by=stage.cast.reviewer.actor, at=LATER)
    browser = browser_of(stage.cast.member)
    with django_assert_max_num_queries(7):
        page = browser.get("/answers/reviewed/").content.decode()
    assert WHY in page
    assert "<dd>happy</dd>" in page
    assert "your pay stays as it is" in page
    assert "reviewer@" not in page
    assert (
        "No task that you answered"
        in browser_of(stage.cast.colleague).get("/answers/reviewed/").content.decode()
    )


def test_in_french(project: Project, browser: Client) -> None:
    with translation.override("fr"):
        browser.cookies["django_language"] = "fr"
        page = browser.get("/reviews/").content.decode()
    assert "Relecture" in page


def test_an_answer_that_no_member_gave_is_asked_about_once(project: Project, browser: Client) -> None:
    """She may well be right: it decides as soon as she says so, and only what she said so of."""
    review = take(browser, project)
    others = Annotation.objects.filter(task=review.task_id)
    happy = next(one.result for one in others if "happy" in str(one.result))
    others.update(result=happy)
    address, form = f"/reviews/{review.id}/", {"answer-0": "sad", "reason": WHY, "then": "stop"}
    asked = browser.post(address, form)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "No member gave this answer" in page
    assert WHY in page
    assert Review.objects.get().state == "open"
    said = html.unescape(re.findall(r'name="alone" value="([^"]+)"', page)[0])
    # What she agreed to is this answer, not any.
    assert browser.post(address, form | {"alone": said.replace("sad", "happy")}).status_code == 422
    assert browser.post(address, form | {"alone": said})["Location"] == "/reviews/"
    assert Consensus.objects.get(task=review.task_id).labels == {"mood": ["sad"]}


def test_an_answer_that_somebody_gave_is_not_asked_about(project: Project, browser: Client) -> None:
    address = f"/reviews/{take(browser, project).id}/"
    for label in ("happy", "sad"):
        page = browser.post(address, {"answer-0": label, "reason": ""}).content.decode()
        assert "No member gave" not in page


def test_each_decision_is_offered_to_be_undone_and_the_form_keeps_what_she_said(
    project: Project, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    review = take(browser, project)
    address = f"/reviews/{review.id}/"
    assert "You can undo it until" not in browser.get("/reviews/").content.decode()
    following = browser.post(address, {"answer-0": "sad", "reason": WHY, "then": "next"})["Location"]
    for place in ("/reviews/", following):
        page = browser.get(place).content.decode()
        assert "You can undo it until" in page
        assert f'action="{address}undo/"' in page
        assert 'aria-keyshortcuts="z"' in page
    assert browser.get(f"{address}undo/")["Location"] == address
    assert browser.post(f"{address}undo/", {"undo": review.id})["Location"] == address
    with django_assert_max_num_queries(10):
        page = browser.get(address).content.decode()
    assert WHY in page
    assert re.search(r'value="sad"[^>]*checked', page)
    assert "Undone." in page
    assert Consensus.objects.get(task=review.task_id).method != "adjudicated"
    assert (
        browser.post(address, {"answer-0": "happy", "reason": WHY, "then": "next"})["Location"] == following
    )
