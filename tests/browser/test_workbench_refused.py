"""What the server does not take, and what it keeps for a person: she sees both, and it holds nothing up."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from palabre.work.models import LabelSchema, Question
from palabre.work.verify import problems
from tests.browser.workplace import Workplace, stored, until
from tests.cast import Cast
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()
    assert list(problems()) == []


def test_one_item_for_which_all_are_refused(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    page = screen.page
    posts: list[int] = []

    def refuse(route: Route) -> None:
        items = json.loads(route.request.post_data or "{}")["items"]
        posts.append(len(items))
        if any(one.get("result", [{}])[0].get("value") == {"choices": ["sad"]} for one in items):
            problem = json.dumps({"code": "bad", "detail": "items: half a letter"})
            return route.fulfill(status=422, content_type="application/problem+json", body=problem)
        return route.continue_()

    page.route("**/api/v1/sync", refuse)
    context.set_offline(True)
    for label in ("happy", "sad", "happy", "happy"):
        screen.answer(label)
    context.set_offline(False)
    until(lambda: stored(project) == 3, page)
    expect(page.locator("p.notice", has_text="1 answer needs you")).to_be_visible()
    sent = len(posts)
    # It is not sent for ever: only when she says so, and she can tell a person.
    page.get_by_role("button", name="Open it").click()
    row = page.locator("dialog .given li").first
    expect(row).to_contain_text("could not be taken")
    expect(row).to_contain_text("half a letter")
    assert len(posts) == sent
    row.get_by_role("button", name="Tell the coordinator").click()
    until(lambda: Question.objects.filter(text__contains="half a letter").exists(), page)
    page.unroute("**/api/v1/sync")
    page.get_by_role("button", name="Open it").click()
    row.get_by_role("button", name="Send it again").click()
    until(lambda: stored(project) == 4, page)
    expect(page.get_by_text("1 answer needs you")).to_have_count(0)


def test_what_a_person_will_look_at_is_said_until_she_has_seen_it(place: Workplace, cast: Cast) -> None:
    project = place.texts()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    page = screen.page
    LabelSchema.objects.filter(project=project).update(version=2)
    screen.answer()
    screen.send()
    notice = page.locator("p.notice", has_text="somebody will look at it")
    expect(notice).to_be_visible()
    page.reload()
    notice.get_by_role("button", name="Look").click()
    row = page.locator("dialog .given li").first
    expect(row).to_contain_text("somebody will look at it")
    row.get_by_role("button", name="I have seen it").click()
    # Its receipt stays among her answers, and says the same.
    expect(page.locator("dialog .given li").first).to_contain_text("somebody will look at it")
    expect(page.get_by_role("button", name="I have seen it")).to_have_count(0)
    screen.close()
    expect(notice).to_have_count(0)
    assert stored(project) == 0


def test_two_answers_of_hers_to_one_task_are_both_said(place: Workplace, cast: Cast) -> None:
    """Two phones, one task: the second phone never says only that its answer was received."""
    project = place.texts(1)
    first = place.bench(place.phone(cast.member), project).begin()
    second_phone = place.phone(cast.member)
    second = place.bench(second_phone, project).begin()
    second_phone.set_offline(True)
    second.page.locator("label.choice:has(input[value='sad'])").click()
    second.page.get_by_role("button", name="Next", exact=True).click()
    first.page.locator("label.choice:has(input[value='happy'])").click()
    first.page.get_by_role("button", name="Next", exact=True).click()
    first.send()
    until(lambda: stored(project) == 1, first.page)
    second_phone.set_offline(False)
    page = second.page
    notice = page.locator("p.notice", has_text="You gave two answers to one task")
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="Look").click()
    row = page.locator("dialog .given li").first
    expect(row).to_contain_text("another answer of yours to this task is here")
    expect(row).to_contain_text("Sent from this phone: sad")
    expect(row.get_by_role("link", name="See both and choose")).to_have_attribute(
        "href", "/work/two-answers/"
    )
