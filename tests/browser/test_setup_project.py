"""From an idea to a running project in Chromium: with taps on a phone in French, with the keyboard in English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from palabre.times import system_clock
from palabre.work.actions.fund import record_deposit
from palabre.work.actions.pilot import confirm_guideline
from palabre.work.models import Project
from tests.browser.workplace import DESK, PHONE, Workplace
from tests.cast import Cast
from tests.work.stage import set_stage
from tests.work.test_pilot import work

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "create": "Create the draft", "begin": "Begin with this", "add": "Add a label", "publish": "Publish and go on",
        "ready": "Add a ready beginning in English", "guideline": "Publish", "save": "Save and go on",
        "price": "Show the price", "accept": "Accept €", "pilot": "Begin the pilot",
        "measure": "Take the measured time and make the price", "launch": "Launch now",
        "first": "Positive", "new": "Ironic", "live": "Open to members since", "counter": "Counter-example:",
    },
    "fr": {
        "create": "Créer le brouillon", "begin": "Commencer ainsi", "add": "Ajouter une étiquette",
        "publish": "Publier et continuer", "ready": "Ajouter un début tout prêt en français", "guideline": "Publier",
        "save": "Enregistrer et continuer", "price": "Montrer le prix", "accept": "Accepter ",
        "pilot": "Commencer le pilote", "measure": "Prendre la durée mesurée et faire le prix",
        "launch": "Lancer maintenant", "first": "Positif", "new": "Ironique", "live": "Ouvert aux membres depuis",
        "counter": "Contre-exemple",
    },
}  # fmt: skip


@dataclass
class Hand:
    """One way of using a page: a finger, or the keyboard alone."""

    page: Page
    words: dict[str, str]
    taps: bool

    def use(self, found: Locator) -> None:
        one = found.first
        if self.taps:
            one.tap()
        else:
            one.focus()
            self.page.keyboard.press("Enter")

    def button(self, name: str) -> None:
        self.use(self.page.get_by_role("button", name=self.words[name]))

    def write(self, where: str, text: str) -> None:
        field = self.page.locator(f"[name='{where}']")
        if self.taps:
            field.tap()
            field.fill(text)
        else:
            field.focus()
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(text)

    def fits(self) -> None:
        """Nothing scrolls sideways."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


@pytest.mark.parametrize(("language", "device"), [("fr", PHONE), ("en", DESK)], ids=["phone", "keyboard"])
def test_from_an_idea_to_a_running_project(
    place: Workplace, cast: Cast, language: str, device: dict[str, Any]
) -> None:
    context = place.browser.new_context(**device, locale=language)
    place.opened.append(context)
    context.add_cookies(place.cookies(cast.client_person))
    context.add_cookies([{"name": "django_language", "value": language, "url": place.url}])
    hand = Hand(context.new_page(), WORDS[language], taps=device is PHONE)
    hand.page.goto(f"{place.url}/projects/new/")
    _begin(hand)
    project = Project.objects.get()
    _ask(hand)
    _explain(hand)
    hand.page.goto(f"{place.url}/projects/{project.id}/setup/quality/")
    _price(hand, place, project)
    _pilot(hand, place, cast, project)
    hand.page.goto(f"{place.url}/projects/{project.id}/setup/launch/")
    hand.button("launch")
    expect(hand.page.get_by_text(hand.words["live"])).to_be_visible()
    hand.fits()


def _begin(hand: Hand) -> None:
    """The name and the purpose stand in the preview while they are typed."""
    own = "fr" if hand.taps else "en"
    hand.write(f"name_{own}", "Avis de voyageurs")
    hand.write(f"purpose_{own}", "Une école de tourisme.")
    hand.page.locator("select[name='language']").select_option("fr")
    hand.page.locator("[name='countries'][value='SN']").check()
    expect(hand.page.locator("#preview")).to_contain_text("Avis de voyageurs")
    hand.fits()
    hand.button("create")
    expect(hand.page).to_have_url(re.compile("/setup/asked/"))


def _ask(hand: Hand) -> None:
    """A ready beginning, with one label more, which the script adds and puts the cursor in."""
    hand.use(hand.page.get_by_role("button", name=hand.words["begin"]))
    expect(hand.page.locator("#preview")).to_contain_text(hand.words["first"])
    hand.button("add")
    own = "fr" if hand.taps else "en"
    expect(hand.page.locator(f"[name='q0.l4.title.{own}']")).to_be_focused()
    hand.write(f"q0.l4.title.{own}", hand.words["new"])
    expect(hand.page.locator("#preview")).to_contain_text(hand.words["new"])
    hand.fits()
    hand.button("publish")
    expect(hand.page).to_have_url(re.compile("/setup/guideline/"))


def _explain(hand: Hand) -> None:
    hand.button("ready")
    expect(hand.page.locator("#preview")).to_contain_text(hand.words["counter"])
    hand.fits()
    hand.use(hand.page.locator(".actions button[value='save']"))
    expect(hand.page.locator(".versions li")).to_have_count(1)


def _price(hand: Hand, place: Workplace, project: Project) -> None:
    hand.write("overlap", "2")
    hand.button("save")
    expect(hand.page).to_have_url(re.compile("/setup/price/"))
    hand.fits()
    project.refresh_from_db()
    place.stage.add_tasks(project, 6)
    hand.write("tasks", "6")
    hand.button("price")
    hand.use(hand.page.locator("button[value='accept']"))
    expect(hand.page.locator("#deposit code")).to_have_text(re.compile("PAL-[0-9A-F]{8}"))
    hand.fits()
    finance = place.stage.cast.finance.actor
    record_deposit(project.id, 10_000, "bank 1", by=finance, at=system_clock.now())


def _pilot(hand: Hand, place: Workplace, cast: Cast, project: Project) -> None:
    """Two members do it; the client sees their words and takes the measured time."""
    hand.page.goto(f"{place.url}/projects/{project.id}/setup/pilot/")
    hand.write("tasks", "3")
    hand.button("pilot")
    expect(hand.page.locator("progress")).to_be_visible()
    for who in (cast.member, cast.reviewer):
        work(project, who, answer=("sentiment", "text", "positive"), at=system_clock.now())
        confirm_guideline(project.id, True, by=who.actor, at=system_clock.now())
    hand.page.reload()
    hand.fits()
    hand.button("measure")
    hand.use(hand.page.locator("button[value='accept']"))
    expect(hand.page.locator(".notice.success").first).to_be_visible()
