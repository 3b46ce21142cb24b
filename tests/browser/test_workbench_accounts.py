"""The workbench on a phone that several people use: what is shown, what is taken, and in whose name it is sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palabre.people.models import Session
from palabre.timesheet.models import TimeEntry
from palabre.work.models import Annotation
from palabre.work.verify import problems
from tests.browser.test_workbench_awkward import CONTROLLED
from tests.browser.workplace import Screen, Workplace, stored, until
from tests.cast import Cast
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)
# A token that no server knows any more, as after its ninety days.
TOO_OLD = """
async (account) => {
  const db = await new Promise((done) => {
    indexedDB.open(`palabre-${account}`).onsuccess = (event) => done(event.target.result);
  });
  const values = db.transaction("values", "readwrite").objectStore("values");
  await new Promise((done) => {
    values.put({ name: "token", value: { token: "over", got: 0 } }).onsuccess = done;
  });
  db.close();
}
"""


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()
    assert list(problems()) == []


def locked(page: Page) -> None:
    """Nothing of hers is shown, and nothing can be given."""
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(page.locator(".task, .bar, .clock, .notice")).to_have_count(0)
    assert "text" not in page.locator("main").inner_text()


def begun(place: Workplace, cast: Cast) -> Screen:
    """At work: an answer was kept, another one is chosen and not given."""
    screen = place.bench(place.phone(cast.member), place.texts()).begin()
    screen.page.evaluate(CONTROLLED)
    screen.page.context.set_offline(True)
    screen.answer("happy")
    screen.page.get_by_text("sad", exact=True).click()
    expect(screen.page.locator("input:checked")).to_have_value("sad")
    return screen


def test_all_her_sessions_are_ended_from_elsewhere(place: Workplace, cast: Cast) -> None:
    screen = begun(place, cast)
    page, context, title = screen.page, screen.page.context, screen.position
    Session.objects.all().delete()
    context.set_offline(False)
    locked(page)
    # What she gave before goes; what she had only begun waits for her, and nobody is shown it.
    until(lambda: Annotation.objects.count() == 1, page)
    context.set_offline(True)
    page.reload()
    locked(page)
    context.set_offline(False)
    context.add_cookies(place.cookies(cast.member))
    page.reload()
    screen.at_task()
    assert screen.position == title
    expect(page.locator("input:checked")).to_have_value("sad")
    assert Annotation.objects.get().result[0]["value"]["choices"] == ["happy"]


def test_she_signs_out_on_another_page_of_the_same_phone(place: Workplace, cast: Cast) -> None:
    screen = begun(place, cast)
    context = screen.page.context
    context.set_offline(False)
    until(lambda: Annotation.objects.count() == 1, screen.page)
    context.set_offline(True)
    other = context.new_page()
    context.set_offline(False)
    other.goto(f"{place.url}/account/logout/")
    other.get_by_role("main").get_by_role("button").first.click()
    other.wait_for_url(lambda url: "logout" not in url)
    context.set_offline(True)
    # The other window has heard of it at her next gesture, without asking anybody.
    screen.page.bring_to_front()
    screen.page.wait_for_timeout(1_100)
    screen.page.mouse.move(100, 100)
    locked(screen.page)
    again = context.new_page()
    again.goto(f"{place.url}/bench/")
    locked(again)
    assert Annotation.objects.count() == 1


def test_who_signs_in_after_her_is_not_shown_her_last_task(place: Workplace, cast: Cast) -> None:
    """Her session was over without a sign-out; the phone is offline when its next owner opens the workbench."""
    screen = begun(place, cast)
    context = screen.page.context
    screen.page.close()
    context.set_offline(False)
    context.clear_cookies(name="sessionid")
    context.add_cookies(place.cookies(cast.reviewer))
    other = context.new_page()
    other.goto(f"{place.url}/work/")
    context.set_offline(True)
    other.goto(f"{place.url}/bench/")
    locked(other)


def test_time_of_who_has_left_is_sent_in_her_name(place: Workplace, cast: Cast) -> None:
    """She read the guideline, began a task and signed out without a link: no answer, but time, and it is hers."""
    project = place.texts()
    context = place.phone(cast.member)
    screen = place.bench(context, project).begin()
    page = screen.page
    page.evaluate(CONTROLLED)
    context.set_offline(True)
    page.get_by_text("sad", exact=True).click()
    page.wait_for_timeout(1_500)
    screen.menu("Sign out")
    page.locator("dialog .primary").click()
    expect(page.get_by_text("your session ends as soon as there is one")).to_be_visible()
    page.close()
    context.set_offline(False)
    context.clear_cookies()
    context.add_cookies(place.cookies(cast.reviewer))
    other = place.bench(context, project)
    hers = TimeEntry.objects.filter(member_id=cast.member.account)
    until(lambda: {"reading", "task"} <= set(hers.values_list("kind", flat=True)), other.page)
    assert not TimeEntry.objects.filter(member_id=cast.reviewer.account, kind="task").exists()
    assert stored(project) == 0


def test_a_token_that_is_over_is_not_used_for_ever_beside_a_good_session(
    place: Workplace, cast: Cast
) -> None:
    project = place.texts()
    screen = place.bench(place.phone(cast.member), project).begin()
    page = screen.page
    page.evaluate(TOO_OLD, str(cast.member.account))
    screen.answer()
    screen.send()
    until(lambda: stored(project) == 1, page)
    tokens = [one["value"] for one in screen.rows(cast.member, "values") if one["name"] == "token"]
    assert [one.get("over", False) for one in tokens] == [True]


def test_a_session_of_another_never_sends_her_answers(place: Workplace, cast: Cast) -> None:
    """Her token is over, and somebody else is signed in: her answers wait for her."""
    screen = begun(place, cast)
    page, context = screen.page, screen.page.context
    page.evaluate(TOO_OLD, str(cast.member.account))
    context.clear_cookies(name="sessionid")
    context.add_cookies(place.cookies(cast.reviewer))
    context.set_offline(False)
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_text("1 answer of somebody else waits for a connection")).to_be_visible()
    other.get_by_role("button", name="Begin").click()
    Screen(other).at_task().answer("sad")
    Screen(other).send()
    until(lambda: Annotation.objects.count() == 1, other)
    assert Annotation.objects.get().member_id == cast.reviewer.account
    context.clear_cookies(name="sessionid")
    context.add_cookies(place.cookies(cast.member))
    other.close()
    page.reload()
    until(lambda: Annotation.objects.filter(member_id=cast.member.account).count() == 1, page)
