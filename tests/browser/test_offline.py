"""Without a network: every page says so in her language and leads back to the work on this phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from palabre.people.models import Account
from tests.browser.test_every_page import serious
from tests.browser.test_workbench_awkward import CONTROLLED
from tests.browser.workplace import Screen, Workplace
from tests.cast import Cast
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)
# Every address that is kept in the phone's caches.
KEPT = """
async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
  }
  return kept;
}
"""


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


@pytest.mark.parametrize(
    ("language", "says", "back"),
    [("en", "No connection", "To my work"), ("fr", "Pas de connexion", "Reprendre mon travail")],
)
def test_pages_lead_back_to_the_work(
    place: Workplace, cast: Cast, language: str, says: str, back: str
) -> None:
    Account.objects.filter(id=cast.member.account).update(language=language)
    # The phone's own language is the other one.
    context = place.phone(cast.member, locale="fr" if language == "en" else "en")
    page = context.new_page()
    page.goto(place.address(place.texts()))
    page.locator(".primary.wide").click()
    expect(page.locator(".task")).to_be_visible()
    page.evaluate(CONTROLLED)
    title = Screen(page).position
    for path in ("/", "/pay/", "/time/", "/decisions/"):
        response = page.goto(place.url + path)
        assert response is not None
        assert response.ok
    context.set_offline(True)
    for path in ("/", "/pay/", "/time/", "/decisions/"):
        page.goto(place.url + path)
        expect(page.get_by_role("heading", name=says)).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == language
    assert serious(page) == []
    page.get_by_role("link", name=back).click()
    expect(page.locator(".task")).to_be_visible()
    assert Screen(page).position == title


def test_no_page_about_her_is_kept_on_the_phone(place: Workplace, cast: Cast) -> None:
    context = place.phone(cast.member)
    screen = place.bench(context, place.texts()).begin()
    screen.page.evaluate(CONTROLLED)
    for path in ("/", "/pay/", "/time/", "/account/"):
        screen.page.goto(place.url + path)
    kept = screen.page.evaluate(KEPT)
    assert "/bench/" in kept
    assert [one for one in kept if not one.startswith(("/static/workbench/", "/bench/", "/language"))] == []
    # Signed out, the worker changes nothing: the door is asked for as before.
    context.clear_cookies()
    screen.page.goto(f"{place.url}/pay/")
    expect(screen.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
