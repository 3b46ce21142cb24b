"""The whole story in Chromium, in both languages: from a client's file with bad rows to a ScoreCard that holds.

A client sets a project up at a desk; two members try it, then work on it on phones of 360 px, one with a cut
link, one whose browser is killed; a coordinator answers and publishes a new guideline; a reviewer decides what
they disagree on; the night settles; the client closes, downloads and verifies. Everybody uses pages only.
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from palabre.installation.jobs import run_once
from palabre.pay.actions import load_fixture
from palabre.pay.models import Settlement
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Role
from palabre.quality.models import Consensus
from palabre.record.verify_file import verify_file
from palabre.times import ManualClock, system_clock
from palabre.work.models import Annotation, Project, Task
from tests.browser.workplace import DESK, Screen, Workplace, bench_words, stored, until
from tests.cast import DAKAR, Cast, Persona, enter
from tests.soak.workbench import forget, kill
from tests.work.stage import set_stage

pytestmark = pytest.mark.django_db(transaction=True)
# Twelve texts; the fourth row is empty and the seventh has an id that was there before.
TEXTS = [
    "The room was clean and quiet.",
    "We waited for two hours.",
    "Le petit déjeuner était bon.",
    "Personne n’a répondu.",
    "There are twelve rooms.",
    "A warm welcome, a cold shower.",
    "Une belle vue, mais du bruit.",
    "The guide knew every bird.",
    "Le prix était juste.",
    "The plates were not clean.",
]
ROWS = [f'r{n},"{text}"' for n, text in enumerate(TEXTS, 1)]
BAD = "\n".join(["id,text", *ROWS[:2], "r11,", *ROWS[2:4], 'r2,"Again"', *ROWS[4:]]) + "\n"
GOOD = "\n".join(["id,text", *ROWS, 'r11,"Nobody came."']) + "\n"
PILOT = 4


class Phone(Screen):
    """The workbench in a language."""

    def __init__(self, page: Page, language: str) -> None:
        super().__init__(page, language)
        self.words = bench_words(language)

    def button(self, word: str) -> None:
        self.page.get_by_role("button", name=self.words[word], exact=True).click()

    def begin(self) -> "Phone":
        self.button("guideBegin")
        return self.at_task()

    def at_task(self) -> "Phone":
        expect(self.page.get_by_role("button", name=self.words["next"], exact=True)).to_be_visible()
        return self

    def next(self, before: str) -> None:
        self.button("next")
        self.left(before)

    def answer_nth(self, number: int) -> None:
        before = self.position
        self.page.locator("label.choice").nth(number).click()
        self.next(before)

    def ask(self, question: str) -> None:
        self.button("question")
        self.page.get_by_label(self.words["askText"]).fill(question)
        self.button("send")


class Story:
    """Who takes part, in one language, and what each does."""

    def __init__(self, place: Workplace, cast: Cast, language: str, folder: Path) -> None:
        self.place, self.cast, self.language, self.folder = place, cast, language, folder
        self.fanta = enter(cast.operator, "fanta", Role.MEMBER, home=DAKAR)
        Account.objects.update(language=language)
        load_fixture(by=SYSTEM, at=system_clock.now())
        self.client = self.desk(cast.client_person)
        self.project = Project()

    def desk(self, who: Persona) -> Page:
        return self.place.phone(
            who, **DESK, has_touch=False, is_mobile=False, locale=self.language
        ).new_page()

    def t(self, sentence: str) -> str:
        with translation.override(self.language):
            return gettext(sentence)

    def go(self, page: Page, path: str) -> None:
        page.goto(self.place.url + path)

    def press(self, page: Page, sentence: str) -> None:
        page.get_by_role("button", name=self.t(sentence), exact=True).first.click()

    def fill(self, page: Page, label: str, value: str) -> None:
        page.get_by_label(self.t(label)).first.fill(value)

    def sees(self, page: Page, sentence: str) -> None:
        expect(page.locator("main")).to_contain_text(self.t(sentence))

    @property
    def here(self) -> str:
        return f"/projects/{self.project.id}/"

    # -- the client --------------------------------------------------------------------------------

    def set_up(self) -> None:
        page = self.client
        self.go(page, "/projects/new/")
        self.fill(page, "Name of the project", "Guest reviews")
        self.fill(page, "Who are you, and what will the labels be used for?", "A school of tourism learns.")
        page.locator("select[name=language]").select_option("fr")
        page.locator("input[name=countries][value=SN]").check()
        self.press(page, "Create the draft")
        self.sees(page, "The draft is there. Nobody sees it before you launch it.")
        self.project = Project.objects.get(name="Guest reviews")
        page.get_by_role("button", name=self.t("Begin with this")).first.click()
        self.press(page, "Publish and go on")
        self.press(
            page,
            "Add a ready beginning in French"
            if self.language == "fr"
            else "Add a ready beginning in English",
        )
        self.press(page, "Publish")
        self.go(page, f"{self.here}setup/quality/")
        self.fill(page, "How many members answer each task?", "2")
        self.press(page, "Save and go on")

    def bring_data(self) -> None:
        """First with two bad rows, then put right."""
        page = self.client
        self._send(page, f"{self.here}data/", BAD)
        rows = page.locator("main table tbody tr")
        expect(rows).to_have_count(2)
        expect(rows.nth(0)).to_contain_text("4")
        expect(rows.nth(1)).to_contain_text("r2")
        assert self.project.batches.get().size == len(TEXTS)
        self._send(page, "", GOOD)
        self.sees(page, "Every row was taken.")
        assert Task.objects.filter(project=self.project, batch__state="open").count() == len(TEXTS) + 1

    def _send(self, page: Page, path: str, content: str) -> None:
        if path:
            self.go(page, path)
        file = {"name": "reviews.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        self.press(page, "Send the file")
        page.get_by_role("button", name=self.t("Import the file")).click()
        self.work_off()
        page.get_by_role("button", name=self.t("Look again")).click()

    def pay(self) -> None:
        page = self.client
        self.go(page, f"{self.here}setup/price/")
        self.press(page, "Show the price")
        self._accept(page)
        finance = self.desk(self.cast.finance)
        self.go(finance, "/money/deposits/")
        finance.get_by_label(self.t("Project"), exact=True).select_option(str(self.project.id))
        self.fill(finance, "Amount", "100")
        self.fill(finance, "Reference of the payment", "BANK 42")
        self.press(finance, "Record the deposit")
        self.go(page, f"{self.here}setup/price/")
        self.sees(page, "The deposit covers the price.")

    @staticmethod
    def _accept(page: Page) -> None:
        page.locator("form[action*='/acceptance/'] button").click()
        expect(page.locator("#deposit")).to_be_visible()
        expect(page.locator("form[action*='/acceptance/']")).to_have_count(0)

    def pilot(self) -> None:
        page = self.client
        self.go(page, f"{self.here}setup/pilot/")
        self.fill(page, "How many tasks?", str(PILOT))
        self.press(page, "Begin the pilot")
        for who in (self.cast.member, self.fanta):
            phone = self.phone(who)
            for _ in range(PILOT):
                phone.answer_nth(0)
            phone.send()
            until(lambda who=who: Annotation.objects.filter(member=who.account).count() == PILOT, phone.page)  # type: ignore[misc]
            self.go(phone.page, f"/work/{self.project.id}/pilot/")
            phone.page.locator("input[name=clear]").first.check()
            phone.page.get_by_role("button", name=self.t("Send"), exact=True).click()
            self.sees(phone.page, "You said: it is clear.")
            phone.page.context.close()
        page.reload()
        self.press(page, "Take the measured time and make the price")
        self.go(page, f"{self.here}setup/price/")
        self._accept(page)
        self.go(page, f"{self.here}setup/launch/")
        self.press(page, "Launch now")
        self.work_off()
        self.project.refresh_from_db()
        assert self.project.state == "live"

    # -- the members -------------------------------------------------------------------------------

    def phone(self, who: Persona) -> Phone:
        page = self.place.phone(who, locale=self.language).new_page()
        self.go(page, f"/bench/?project={self.project.id}")
        return Phone(page, self.language).begin()

    def work_without_a_link(self) -> None:
        """She goes on for three tasks while nothing gets through; then all of it arrives."""
        phone = self.phone(self.cast.member)
        phone.answer_nth(0)
        before = stored(self.project)
        phone.page.context.set_offline(True)
        for _ in range(3):
            phone.answer_nth(0)
        phone.page.context.set_offline(False)
        phone.ask("Irony?")
        phone.send()
        until(lambda: stored(self.project) >= before + 3, phone.page)
        for _ in range(3):
            phone.answer_nth(0)
        phone.send()
        until(lambda: self._answers(self.cast.member) == len(TEXTS) + 1, phone.page)
        phone.page.context.close()

    def work_with_a_killed_browser(self) -> None:
        """Her browser dies after the third answer; on the same phone everything is still there."""
        context = self.place.kept_phone(self.folder, self.fanta, locale=self.language)
        page = context.new_page()
        self.go(page, f"/bench/?project={self.project.id}")
        phone = Phone(page, self.language).begin()
        for number in (1, 0, 0):
            phone.answer_nth(number)
        kill(self.folder)
        forget(context)
        context = self.place.kept_phone(self.folder, self.fanta, locale=self.language)
        page = context.new_page()
        self.go(page, f"/bench/?project={self.project.id}")
        phone = Phone(page, self.language).at_task()
        for _ in range(4):
            phone.answer_nth(0)
        phone.send()
        until(lambda: self._answers(self.fanta) == len(TEXTS) + 1, page)
        context.close()

    def _answers(self, who: Persona) -> int:
        return Annotation.objects.filter(project=self.project, member=who.account).count()

    # -- the operator's people ---------------------------------------------------------------------

    def coordinate(self) -> None:
        """One question answered, and the guideline that follows from it."""
        page = self.desk(self.cast.coordinator)
        self.go(page, f"{self.here}questions/")
        expect(page.locator("main")).to_contain_text("Irony?")
        page.locator("main .sheet").get_by_role("button", name=self.t("Answer")).first.click()
        page.locator("main textarea").fill("Irony counts as what is meant.")
        self.press(page, "Answer for everybody")
        self.go(page, f"{self.here}setup/guideline/")
        body = page.get_by_label(self.t("Guideline"), exact=True)
        body.fill(f"{body.input_value()}\n\nIrony counts as what is meant.")
        self.fill(page, "What is new since the last version?", "Irony.")
        self.press(page, "Publish the next version")
        expect(page.locator("ol.versions li")).to_have_count(2)

    def review(self) -> None:
        """The one task that the two disagree on, once the figures have followed."""
        self.work_off(system_clock.now() + dt.timedelta(minutes=1))
        page = self.desk(self.cast.reviewer)
        self.go(page, "/reviews/")
        page.get_by_role("button", name=self.t("Take the next task")).click()
        page.locator("main input[type=radio]").first.check()
        page.locator("main textarea[name=reason]").fill("Only good things are said.")
        self.press(page, "Send and stop")
        page.wait_for_url("**/reviews/")
        self.work_off(system_clock.now() + dt.timedelta(minutes=2))
        assert Consensus.objects.filter(project=self.project, method="adjudicated").count() == 1

    def night(self) -> None:
        """Her day is over: counted hours times the floor, less what she earned, is topped up."""
        self.work_off(system_clock.now() + dt.timedelta(days=2))
        assert Settlement.objects.filter(member=self.fanta.account).exists()
        page = self.place.phone(self.fanta, locale=self.language).new_page()
        self.go(page, "/pay/")
        expect(page.locator("main")).to_contain_text("CFA")

    def close(self) -> Path:
        page = self.client
        self.go(page, f"{self.here}close/")
        self.fill(page, "Name of the project", "Guest reviews")
        self.press(page, "Close the project for good")
        self.work_off(system_clock.now() + dt.timedelta(days=2))
        self.go(page, f"{self.here}close/")
        issue = page.get_by_role("button", name=self.t("Issue the ScoreCard"))
        if issue.is_visible():
            issue.click()
        with page.expect_download() as card:
            page.locator("a[href*='format=json']").click()
        file = self.folder / "scorecard.json"
        card.value.save_as(file)
        self.go(page, f"{self.here}results/")
        self.press(page, "Make the file")
        self.work_off()
        page.reload()
        with page.expect_download() as labels:
            page.get_by_role("button", name=self.t("Download")).first.click()
        assert Path(labels.value.path()).read_text(encoding="utf-8").count("\n") >= len(TEXTS) + 1
        return file

    @staticmethod
    def work_off(at: dt.datetime | None = None) -> None:
        """What the background does by then."""
        run_once(ManualClock(at or system_clock.now()))


@pytest.fixture
def place(
    live_server: LiveServer, chromium: Browser, transactional_db: None, cast: Cast
) -> Iterator[Workplace]:
    workplace = Workplace(live_server.url, chromium, set_stage(cast))
    yield workplace
    workplace.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_whole_story(place: Workplace, cast: Cast, language: str, tmp_path: Path) -> None:
    story = Story(place, cast, language, tmp_path)
    story.set_up()
    story.bring_data()
    story.pay()
    story.pilot()
    story.work_without_a_link()
    story.coordinate()
    story.work_with_a_killed_browser()
    story.review()
    story.night()
    file = story.close()
    assert verify_file(file, None, at=system_clock.now()).holds
    changed = json.loads(file.read_text(encoding="utf-8"))
    changed["credentialSubject"]["name"] = "Other"
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert not verify_file(file, None, at=system_clock.now()).holds
