"""A place to work in a real browser: a live server, a project with texts or pictures, and phones for its members."""

import io
import json
import os
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TooLong

from palabre.exchange.formats.pictures import prepare_image
from palabre.people.models import Account
from palabre.times import system_clock
from palabre.work.actions.versions import publish_guideline
from palabre.work.media import store_picture
from palabre.work.models import Annotation, LabelSchema, Project, Task
from tests.browser.demo import CHROMIUM
from tests.cast import Persona
from tests.people.door import shown_to_be_her
from tests.work.stage import Stage

# Playwright runs a loop in this thread, beside which Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

WORDS = Path(__file__).parents[2] / "workbench/src/words"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PICTURES: dict[str, Any] = {
    "shows": [{"name": "photo", "type": "image", "field": "$photo"}],
    "asks": [
        {
            "name": "mood",
            "type": "choices",
            "choice": "multiple",
            "to": "photo",
            "title": {"en": "What do you see?", "fr": "Que voyez-vous ?"},
            "labels": [{"value": "happy"}, {"value": "sad"}, {"value": "house"}],
        }
    ],
}
# Everything in one store of the member's database.
ROWS = """
async ([account, name]) => {
  const db = await new Promise((done, fail) => {
    const asked = indexedDB.open(`palabre-${account}`);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const rows = await new Promise((done, fail) => {
    const asked = db.transaction(name).objectStore(name).getAll();
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  db.close();
  return JSON.parse(JSON.stringify(rows));
}
"""


@dataclass
class Workplace:
    """The server, the browser and the cast. `opened`: contexts to close at the end."""

    url: str
    browser: Browser
    stage: Stage
    opened: list[BrowserContext] = field(default_factory=list)

    def close(self) -> None:
        for context in self.opened:
            context.close()

    # -- projects ---------------------------------------------------------------------------------

    def texts(self, tasks: int = 12) -> Project:
        return self.stage.live(tasks)

    def pictures(self, tasks: int = 6) -> Project:
        """The same, with pictures to look at instead of texts, and several labels to a picture."""
        project = self.stage.live(tasks)
        LabelSchema.objects.filter(project=project).update(body=PICTURES)
        for task in Task.objects.filter(project=project):
            picture = prepare_image(_png(task.position))
            task.media = store_picture(project, picture, f"{task.position}.png")
            task.payload = {"photo": f"{task.position}.png"}
            task.save()
        return project

    def new_guideline(
        self, project: Project, text: str = "Look again.", changes: str = "Irony counts."
    ) -> None:
        by = self.stage.coordinator.actor
        publish_guideline(project.id, text, changes, by=by, at=system_clock.now())

    # -- people -----------------------------------------------------------------------------------

    def cookies(self, who: Persona) -> list[Any]:
        """What a browser has after she signed in."""
        client = Client()
        client.force_login(Account.objects.get(id=who.account))
        shown_to_be_her(client, who)
        session = client.cookies["sessionid"].value
        return [{"name": "sessionid", "value": session, "url": self.url}]

    def phone(self, who: Persona | None = None, **options: Any) -> BrowserContext:
        """A new phone, signed in as the member."""
        context = self.browser.new_context(**(PHONE | {"locale": "en"} | options))
        context.set_default_timeout(20_000)
        self.opened.append(context)
        if who is not None:
            context.add_cookies(self.cookies(who))
        return context

    def kept_phone(self, folder: Path, who: Persona | None = None, **options: Any) -> BrowserContext:
        """A phone whose memory lasts: the browser can be killed and started again on the same folder."""
        context = self.browser.browser_type.launch_persistent_context(
            str(folder),
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            **(PHONE | {"locale": "en"} | options),
        )
        if who is not None:
            context.add_cookies(self.cookies(who))
        return context

    def address(self, project: Project) -> str:
        return f"{self.url}/bench/?project={project.id}"

    def bench(self, context: BrowserContext, project: Project) -> "Screen":
        page = context.new_page()
        page.goto(self.address(project))
        return Screen(page)


def _png(number: int) -> bytes:
    image = Image.new("RGB", (640, 480), (30 * number % 256, 90, 120))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


@cache
def bench_words(language: str) -> dict[str, str]:
    """The workbench's own sentences that have no places."""
    source = (WORDS / f"{language}.ts").read_text(encoding="utf-8")
    return dict(re.findall(r'^  (\w+):\s+"([^"]*)",$', source, re.MULTILINE))


@dataclass
class Screen:
    """The workbench on a page, by what a person does on it."""

    page: Page
    language: str = "en"

    def begin(self) -> "Screen":
        """Read the guideline once, and go."""
        self.page.get_by_role("button", name="Begin").click()
        return self.at_task()

    def at_task(self) -> "Screen":
        expect(self.page.get_by_role("button", name="Next", exact=True)).to_be_visible()
        return self

    @property
    def position(self) -> str:
        return self.page.locator("#task-title").inner_text()

    def answer(self, label: str = "happy") -> None:
        """Tap a label, then Next, and see that another task, or none, is there."""
        before = self.position
        self.page.locator(f"label.choice:has(input[value='{label}'])").first.click()
        self.next(before)

    def next(self, before: str) -> None:
        self.page.get_by_role("button", name="Next", exact=True).click()
        self.left(before)

    def left(self, before: str) -> None:
        self.page.wait_for_function(
            "before => document.querySelector('#task-title')?.textContent !== before", arg=before
        )

    def send(self) -> None:
        """All that is kept goes now."""
        words = bench_words(self.language)
        self.page.get_by_role("button", name=words["menu"], exact=True).click()
        self.sent()
        self.page.get_by_role("button", name=words["close"], exact=True).click()

    def sent(self) -> None:
        """In the menu: the button is pressed while it is there. What is kept goes by itself too, and then it isn't."""
        sheet, words = self.page.locator("dialog"), bench_words(self.language)
        button = sheet.get_by_role("button", name=words["sendNow"])
        done = sheet.locator("p.hint", has_text=words["sentAll"])
        for _ in range(5):
            expect(button.or_(done)).to_be_visible()
            if done.is_visible():
                return
            with suppress(TooLong):
                button.click(timeout=2_000)
        expect(done).to_be_visible()

    def menu(self, button: str) -> None:
        self.page.get_by_role("button", name="Menu", exact=True).click()
        self.page.get_by_role("button", name=button).click()

    def close(self) -> None:
        self.page.get_by_role("button", name="Close", exact=True).click()

    def says(self, text: str) -> None:
        expect(self.page.get_by_role("status")).to_contain_text(text)

    def rows(self, who: Persona, store: str) -> list[dict[str, Any]]:
        found = self.page.evaluate(ROWS, [str(who.account), store])
        return list(json.loads(json.dumps(found)))


def until(true: Callable[[], bool], page: Page, most: int = 20_000) -> None:
    """Wait in the browser's time, so that its events go on."""
    for _ in range(most // 50):
        if true():
            return
        page.wait_for_timeout(50)
    assert true()


def stored(project: Project | uuid.UUID) -> int:
    where = project.id if isinstance(project, Project) else project
    return Annotation.objects.filter(project_id=where).count()
