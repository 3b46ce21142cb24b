"""A member's pages in Chromium on a phone of 360 px: by taps, by keys alone, without any script, in both languages."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palabre.decisions.models import Appeal, Decision
from palabre.ids import new_id
from palabre.pay.models import Payout
from palabre.pay.queries import lived_by
from palabre.times import system_clock
from palabre.timesheet.actions import Slice, answer_correction, ask_correction, record_time
from palabre.timesheet.models import Correction, Kind
from palabre.work.models import Project, Question
from tests.browser.workplace import DESK, Workplace
from tests.cast import Cast, own_account
from tests.pay.conftest import give
from tests.web.test_walls_pages import browser_of
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3_600_000
# Every control that a finger must hit; links inside of sentences are as high as their line.
SMALL = """
() => [...document.querySelectorAll('main a.tap, main button, main a[role=button], main select, main summary,'
  + ' main input:not([type=hidden]):not([type=radio]), main label:has([type=radio]), nav a')]
  .filter(one => { const box = one.getBoundingClientRect(); return box.width > 0 && box.height < 43.5 })
  .map(one => `${one.tagName} ${one.textContent.trim().slice(0, 40)} ${one.getBoundingClientRect().height}`)
"""


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


@pytest.fixture
def project(place: Workplace, cast: Cast) -> Project:
    """She has worked on it, was measured today, has money, one of her corrections was refused and one waits."""
    now = system_clock.now()
    live = place.texts()
    place.stage.work(live, cast.member, most=5, at=now)
    began = now - dt.timedelta(seconds=5)
    task = Slice(new_id(), Kind.TASK, own_account(cast), began, 5_000, explains_ms=5_000)
    record_time(cast.member.account, [task], lived=lived_by(cast.member.account), at=now)
    give(cast.member.account, 4250)
    day = now.date() - dt.timedelta(days=1)
    asked = ask_correction(
        day, Kind.TASK, own_account(cast), HOUR, "The clock stopped.", by=cast.member.actor, at=now
    )
    answer_correction(asked.id, False, "No task was open.", by=cast.coordinator.actor, at=now)
    ask_correction(
        now.date(), Kind.READING, own_account(cast), HOUR, "I read long.", by=cast.member.actor, at=now
    )
    return live


def opened(place: Workplace, cast: Cast, language: str = "en", **options: Any) -> Page:
    """Her first page."""
    context = place.phone(**options)
    session = browser_of(cast.member).cookies["sessionid"].value
    cookies = {"sessionid": session, "django_language": language}
    context.add_cookies([{"name": name, "value": value, "url": place.url} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(place.url)
    return page


WORDS = {
    "en": {
        "time": "Time",
        "pay": "Pay",
        "decisions": "Decisions",
        "work": "Work",
        "reason": "Network, electricity or Palabre failed",
        "add": "Add this time",
        "added": "Done: your word counts.",
        "take_out": "Take money out",
        "how_much": "How much?",
        "ask_payout": "Ask for this payout",
        "refusal": "A correction of your working time was refused.",
        "disagree": "Why do you disagree?",
        "contest": "Contest this decision",
        "contested": "Your appeal is noted.",
        "question": "Your question",
        "ask": "Ask",
        "asked": "Your question is on its way.",
    },
    "fr": {
        "time": "Temps",
        "pay": "Paie",
        "decisions": "Décisions",
        "work": "Travail",
        "reason": "Il y avait une coupure : réseau, courant ou Palabre",
        "add": "Ajouter ce temps",
        "added": "C’est fait",
        "take_out": "Retirer de l’argent",
        "how_much": "Combien",
        "ask_payout": "Demander ce versement",
        "refusal": "Une correction de votre temps de travail a été refusée.",
        "disagree": "Pourquoi n’êtes-vous pas d’accord",
        "contest": "Contester cette décision",
        "contested": "Votre contestation est notée.",
        "question": "Votre question",
        "ask": "Demander",
        "asked": "Votre question est partie.",
    },
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_by_taps_without_a_script(
    place: Workplace, project: Project, cast: Cast, language: str
) -> None:
    said = WORDS[language]
    page = opened(place, cast, language, java_script_enabled=False)
    _menu(page, said["time"])
    page.locator("tbody a").last.tap()
    page.get_by_text(said["reason"]).tap()
    page.get_by_role("button", name=said["add"]).tap()
    expect(page.get_by_text(said["added"])).to_be_visible()
    _menu(page, said["pay"])
    page.get_by_role("button", name=said["take_out"]).tap()
    page.get_by_label(said["how_much"]).fill("1 000")
    page.get_by_role("button", name=said["ask_payout"]).tap()
    expect(page.locator(".notice.success")).to_be_visible()
    _menu(page, said["decisions"])
    page.get_by_role("link", name=said["refusal"]).tap()
    page.get_by_label(said["disagree"]).fill("J’étais là.")
    page.get_by_role("button", name=said["contest"]).tap()
    expect(page.get_by_text(said["contested"])).to_be_visible()
    _menu(page, said["work"])
    page.get_by_role("link", name="Guest reviews").first.tap()
    page.get_by_label(said["question"]).fill("Et l’ironie ?")
    page.get_by_role("button", name=said["ask"], exact=True).tap()
    expect(page.get_by_text(said["asked"])).to_be_visible()
    _all_was_done()


def _menu(page: Page, name: str) -> None:
    """Open the menu, then one of its places: two taps from anywhere."""
    page.locator("details.menu summary").tap()
    page.locator("details.menu").get_by_role("link", name=name, exact=True).tap()


def _all_was_done() -> None:
    assert Correction.objects.filter(kind=Kind.OUTAGE, state="accepted").count() == 1
    assert Payout.objects.get().amount == 1000
    assert Appeal.objects.get().reason
    assert Question.objects.get().text


def test_everything_by_keys_alone(place: Workplace, project: Project, cast: Cast) -> None:
    said = WORDS["en"]
    page = opened(place, cast, **DESK, has_touch=False, is_mobile=False)
    _press(page, said["time"])
    _press(page, f"{system_clock.now():%a %-d %b}")
    _reach(page, "15 min")
    page.keyboard.press("Tab")
    for _ in range(2):  # the reasons are one group: Tab enters it, arrows choose
        page.keyboard.press("ArrowDown")
    _press(page, said["add"])
    expect(page.get_by_text(said["added"])).to_be_visible()
    _press(page, said["pay"])
    _press(page, said["take_out"])
    _reach(page, said["how_much"])
    page.keyboard.type("1000")
    _press(page, said["ask_payout"])
    expect(page.locator(".notice.success")).to_be_visible()
    _press(page, said["decisions"])
    _press(page, said["refusal"])
    _reach(page, said["disagree"])
    page.keyboard.type("I was there.")
    _press(page, said["contest"])
    expect(page.get_by_text(said["contested"])).to_be_visible()
    _press(page, said["work"])
    _press(page, "Guest reviews")
    _reach(page, said["question"])
    page.keyboard.type("And irony?")
    _press(page, said["ask"])
    expect(page.get_by_text(said["asked"])).to_be_visible()
    _all_was_done()


NAME = """
() => { const one = document.activeElement; const label = one.labels && one.labels[0];
  return (label ? label.textContent : one.textContent || '').trim() }
"""


def _reach(page: Page, name: str) -> None:
    """Tab until what is named so has the focus."""
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == name:
            return
    raise AssertionError(f"no way to {name!r} by Tab")


def _press(page: Page, name: str) -> None:
    _reach(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _addresses(project: Project) -> list[str]:
    today = f"?date={system_clock.now():%Y-%m-%d}"
    decision = Decision.objects.get().id
    return [
        "/",
        "/work/",
        f"/work/{project.id}/",
        "/time/",
        f"/time/day/{today}",
        f"/time/day/entries/{today}",
        "/pay/",
        "/pay/payouts/",
        "/pay/statement/",
        "/decisions/",
        f"/decisions/{decision}/",
        "/rules/",
        "/help/",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_scrolls_sideways_and_every_control_takes_a_thumb(
    place: Workplace, project: Project, cast: Cast, language: str
) -> None:
    """At 360 px, and at 320 px with text twice as large."""
    page, wrong = opened(place, cast, language, is_mobile=False), list[str]()
    for address in _addresses(project):
        page.goto(place.url + address)
        wrong += [f"{address}: {one}" for one in page.evaluate(SMALL)]
        for width, size in ((360, "100%"), (320, "200%")):
            page.set_viewport_size({"width": width, "height": 780})
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{address}: scrolls sideways at {width} px, text at {size}")
        page.set_viewport_size({"width": 360, "height": 780})
    assert wrong == []


def test_a_double_click_asks_once_and_going_back_shows_it(
    place: Workplace, project: Project, cast: Cast
) -> None:
    page = opened(place, cast)
    page.goto(f"{place.url}/pay/payouts/")
    page.get_by_label("How much?").fill("1000")
    page.get_by_role("button", name="Ask for this payout").dblclick()
    expect(page.locator(".notice.success")).to_be_visible()
    assert Payout.objects.count() == 1
    page.go_back()
    expect(page.get_by_text("You can take out up to F CFA 3,25")).to_be_visible()
