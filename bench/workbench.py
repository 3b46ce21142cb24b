"""The workbench on a cheap phone: 400 kbit/s, 400 ms, a processor six times slower, in Chromium."""

import io
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.house import PORT, Member, installation, members, project, web
from bench.table import Figure

ADDRESS = f"http://127.0.0.1:{PORT}"
BYTES_A_SECOND = 400_000 / 8
LATENCY_MS, SLOWER = 400, 6
NEXT_TIMES = 12
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}
# From the tap on Next until the next task stands on the screen.
_NEXT = """
() => new Promise(done => {
  const before = document.querySelector('#task-title').textContent;
  const began = performance.now();
  const look = new MutationObserver(() => {
    const title = document.querySelector('#task-title');
    if (!title || title.textContent === before) return;
    look.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  });
  look.observe(document.body, {childList: true, subtree: true, characterData: true});
  document.querySelector('.next').click();
})
"""


def run() -> list[Figure]:
    with installation():
        operator, (who,) = members(1)
        texts, pictures = project(operator, 200), project(operator, 12)
        picture_bytes, session = _with_pictures(pictures), _session(who)
        with web(), sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("PALABRE_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
            )
            figures = [
                *_texts(browser, session, texts),
                *_pictures(browser, session, pictures, picture_bytes),
            ]
            browser.close()
    return figures


def _texts(browser: Browser, session: str, where: uuid.UUID) -> Iterator[Figure]:
    with _phone(browser, session) as context:
        page, received = _slow(context)
        cold = _first_answer(page, where, begin=True)
        kilobytes = sum(received) / 1000
        waits = sorted(_next(page) for _ in range(NEXT_TIMES))
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.close()
        page, _received = _slow(context)
        warm = _first_answer(page, where, begin=False)
    yield _below("workbench, text: bytes to the first task", kilobytes, "kB", 100)
    yield _below("workbench, text: first answer, cold", cold, "s", 6)
    yield _below("workbench, text: first answer, warm", warm, "s", 1.5)
    yield _below("workbench, text: Next to the next task, slowest", waits[-1], "ms", 300)


def _pictures(browser: Browser, session: str, where: uuid.UUID, picture: int) -> Iterator[Figure]:
    with _phone(browser, session) as context:
        page, received = _slow(context)
        cold = _first_answer(page, where, begin=True, sees=".frame img")
        # Pictures that were fetched ahead are no part of what the first task needs.
        kilobytes = sum(one for one in received if one < picture / 2) / 1000
    yield _below("workbench, image: bytes beside the picture", kilobytes, "kB", 200)
    yield _below(f"workbench, image of {picture // 1000} kB: first answer, cold", cold, "s", 6)


def _below(name: str, value: float, unit: str, budget: float) -> Figure:
    return Figure(name, value, unit, budget, ok=value <= budget)


def _first_answer(page: Page, where: uuid.UUID, *, begin: bool, sees: str = ".text") -> float:
    """Seconds from opening the address until she sees what it is about and a label is chosen; her reading of
    the guideline left out."""
    began = time.perf_counter()
    page.goto(f"{ADDRESS}/bench/?project={where}", wait_until="commit")
    if begin:
        page.wait_for_selector(".primary.wide").click()
    page.wait_for_selector(sees)
    page.wait_for_selector("label.choice").click()
    page.wait_for_selector("input:checked")
    return time.perf_counter() - began


def _next(page: Page) -> float:
    if page.locator("input:checked").count() == 0:
        page.locator("label.choice").first.click()
    return float(page.evaluate(_NEXT))


def _session(who: Member) -> str:
    """The cookie of a browser in which she is signed in."""
    from django.test import Client

    from palabre.people.models import Account

    client = Client()
    client.force_login(Account.objects.get(id=who.account))
    return str(client.cookies["sessionid"].value)


@contextmanager
def _phone(browser: Browser, session: str) -> Iterator[BrowserContext]:
    """A new phone of hers."""
    context = browser.new_context(**PHONE)
    context.add_cookies([{"name": "sessionid", "value": session, "url": ADDRESS}])
    yield context
    context.close()


def _slow(context: BrowserContext) -> tuple[Page, list[float]]:
    """A page behind a slow link, and the bytes of everything that it received."""
    page, received = context.new_page(), list[float]()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda one: received.append(one["encodedDataLength"]))
    link = {"latency": LATENCY_MS, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
    session.send("Network.emulateNetworkConditions", {"offline": False, **link})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, received


def _with_pictures(where: uuid.UUID) -> int:
    """The tasks of a project show pictures, of some 60 kB each. The answer: the smallest one's bytes."""
    from PIL import Image

    from palabre.exchange.formats.pictures import prepare_image
    from palabre.work.media import store_picture
    from palabre.work.models import LabelSchema, Project, Task

    chance, sizes = Random(1), []
    labels = [{"value": value} for value in ("positive", "negative", "neutral")]
    question = {"name": "label", "type": "choices", "choice": "multiple", "to": "photo", "labels": labels}
    body = {"shows": [{"name": "photo", "type": "image", "field": "$photo"}], "asks": [question]}
    LabelSchema.objects.filter(project=where).update(body=body)
    for task in Task.objects.filter(project=where):
        noise = Image.frombytes("RGB", (100, 75), chance.randbytes(100 * 75 * 3)).resize((800, 600))
        content = io.BytesIO()
        noise.save(content, "PNG")
        task.media = store_picture(
            Project.objects.get(id=where), prepare_image(content.getvalue()), f"{task.position}.png"
        )
        task.payload = {"photo": f"{task.position}.png"}
        task.save()
        sizes.append(task.media.size)
    return min(sizes)
