"""kill -9 of the browser at random instants while somebody works: what the screen called kept is never missing."""

import os
import signal
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil
from playwright.sync_api import BrowserContext, BrowserType, Page, sync_playwright
from playwright.sync_api import Error as Gone
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.demo import CHROMIUM

# Playwright runs a loop in this thread, beside which Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
LABELS = ("positive", "negative", "neutral")


@dataclass
class Worker:
    """Answers what comes, with a label drawn by chance. `kept`: what the screen said is kept, by task."""

    chance: Random
    labels: tuple[str, ...]
    kept: dict[str, str] = field(default_factory=dict)
    # Next was tapped, and the browser was killed before the screen said anything.
    unsure: dict[str, str] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def step(self, page: Page) -> None:
        """An answer, a change of mind, a reload, a link that comes and goes."""
        what = self.chance.choices(("answer", "undo", "reload", "link"), (12, 2, 1, 2))[0]
        if what == "answer":
            self._answer(page)
        elif what == "undo":
            self._undo(page)
        elif what == "reload":
            page.reload()
            _begin(page)
        elif page.evaluate("navigator.serviceWorker.controller !== null"):
            # Before the page is kept, it could not be loaded again without a link.
            page.context.set_offline(self.chance.random() < 0.5)
        self.done[what] += 1

    def _answer(self, page: Page) -> None:
        title = _title(page)
        for _ in range(self.chance.randint(1, 2)):
            label = self.chance.choice(self.labels)
            page.locator(f"label.choice:has(input[value='{label}'])").click()
        self.kept.pop(title, None)
        self.unsure[title] = label
        page.locator(".next").click()
        page.wait_for_function(f"title => ({_TITLE})() !== title", arg=title)
        self.kept[title] = self.unsure.pop(title)

    def _undo(self, page: Page) -> None:
        """Takes back what is there to take back: a choice, or the last Next."""
        undo = page.locator(".tools button").first
        if not undo.is_enabled():
            return
        title, before = _title(page), page.evaluate(_SHOWN)
        # From the tap on, the last Next may be taken back on the phone, though a slow or killed screen never says so.
        last = next(reversed(self.kept), None)
        if last is not None:
            self.unsure[last] = self.kept.pop(last)
        undo.click()
        try:
            page.wait_for_function(f"before => ({_SHOWN})() !== before", arg=before, timeout=3_000)
        except PlaywrightTimeout:
            return  # its eight seconds were over just then, or the phone is slow
        opened = _title(page)
        if last is not None and opened != last:
            self.kept[last] = self.unsure.pop(last)
        if opened != title:
            self.unsure[opened] = self.kept.pop(opened, "")


# The number of the task on the screen.
_TITLE = "() => document.querySelector('#task-title')?.textContent.match(/[0-9]+/)[0]"
# The same with what is chosen in it.
_SHOWN = "() => [document.querySelector('#task-title')?.textContent, document.querySelector('input:checked')?.value].join()"


def _title(page: Page) -> str:
    page.locator("#task-title").wait_for(state="attached")
    return str(page.evaluate(_TITLE))


def _begin(page: Page) -> None:
    """The first time the guideline stands before the first task."""
    page.locator(".next, .primary.wide").first.wait_for()
    if page.locator(".primary.wide").count():
        page.locator(".primary.wide").click()
    page.locator(".next").wait_for()


def launch(chromium: BrowserType, folder: Path) -> BrowserContext:
    context = chromium.launch_persistent_context(
        str(folder),
        executable_path=CHROMIUM,
        args=["--no-sandbox"],
        locale="en",
        viewport={"width": 360, "height": 640},
    )
    context.set_default_timeout(20_000)
    return context


def kill(folder: Path) -> None:
    """The browser that lives in the folder, with all its processes: it was started by us."""
    for process in psutil.process_iter(["cmdline"]):
        if f"--user-data-dir={folder}" in (process.info["cmdline"] or ()):
            for one in (*process.children(recursive=True), process):
                try:
                    os.kill(one.pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue


def lives(
    worker: Worker,
    start: Callable[[], BrowserContext],
    address: str,
    folder: Path,
    *,
    kills: int,
    longest: float = 8,
) -> list[float]:
    """The same phone, killed again and again. The answer: after how many seconds each life ended."""
    ends = []
    for _ in range(kills):
        context = start()
        page = context.new_page()
        after = worker.chance.uniform(0.05, longest)
        ends.append(after)
        killer = threading.Timer(after, kill, [folder])
        try:
            # Every fifth life ends while the page still opens.
            if worker.chance.random() < 0.2:
                killer.start()
            page.goto(address)
            _begin(page)
            if not killer.is_alive():
                killer.start()
            while True:
                worker.step(page)
        except Gone:
            continue
        finally:
            killer.join()
            forget(context)
    return ends


def forget(context: BrowserContext) -> None:
    """What playwright knows of a browser that is gone."""
    try:
        context.close()
    except Gone:
        return


def finish(start: Callable[[], BrowserContext], address: str, *, most: float = 60) -> int:
    """A last life with a link: everything goes out. The answer: how many items are left."""
    context = start()
    page = context.new_page()
    page.goto(address)
    _begin(page)
    until, left = time.monotonic() + most, 1
    while left and time.monotonic() < until:
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(500)
        left = int(page.evaluate(_LEFT))
    context.close()
    return left


_LEFT = """
async () => {
  const names = (await indexedDB.databases()).map(one => one.name).filter(one => /^palabre-[0-9a-f]{8}-/.test(one));
  const db = await new Promise(done => { indexedDB.open(names[0]).onsuccess = event => done(event.target.result) });
  const count = await new Promise(done => {
    db.transaction("outbox").objectStore("outbox").count().onsuccess = event => done(event.target.result);
  });
  db.close();
  return count;
}
"""


def failures(worker: Worker, stored: dict[str, str]) -> list[str]:
    """What the screen called kept against what the server has, by the task's name."""
    found = [
        f"task {title}: kept {label}, the server has {stored.get(title)}"
        for title, label in worker.kept.items()
        if stored.get(title) != label
    ]
    strange = set(stored) - set(worker.kept) - set(worker.unsure)
    return found + [f"task {title}: stored, though nobody answered it" for title in sorted(strange)]


def main(tries: int = 100, seed: int = 1) -> int:
    """Prints kills, what was done, answers kept, failures and the seed."""
    from bench.house import PORT, installation, members, project, web

    chance = Random(seed)
    worker = Worker(chance, LABELS)
    with installation(), tempfile.TemporaryDirectory(prefix="palabre-phone-") as home:
        operator, (who,) = members(1)
        where = project(operator, 5_000)
        address, folder = f"http://127.0.0.1:{PORT}/bench/?project={where}", Path(home)
        session = _session(who.account)
        with web(), sync_playwright() as playwright:

            def start() -> BrowserContext:
                context = launch(playwright.chromium, folder)
                cookie = {"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{PORT}"}
                context.add_cookies([cookie])  # type: ignore[list-item]
                return context

            lives(worker, start, address, folder, kills=tries)
            left = finish(start, address)
        found = failures(worker, stored_answers(where)) + _house_problems()
    if left:
        found.append(f"{left} items never got through")
    if len(worker.kept) < tries:
        found.append("next to nothing was kept between the kills: nothing was tried")
    for failure in found:
        print(f"FAILED {failure}")
    print(
        f"workbench: {tries} kills, seed {seed}, {dict(worker.done)}, {len(worker.kept)} answers kept,"
        f" {len(worker.unsure)} in the air, {len(found)} failures"
    )
    return len(found)


def stored_answers(project: uuid.UUID) -> dict[str, str]:
    """The label of each stored answer, by the name that the screen gives its task."""
    from palabre.work.models import Annotation

    rows = Annotation.objects.filter(project_id=project).values_list("task__position", "result")
    return {str(position): result[0]["value"]["choices"][0] for position, result in rows}


def _session(account: uuid.UUID) -> str:
    from django.test import Client

    from palabre.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(id=account))
    return str(client.cookies["sessionid"].value)


def _house_problems() -> list[str]:
    from palabre.work.verify import problems

    return list(problems())
