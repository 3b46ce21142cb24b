"""Every page of the demo, in both themes: good for everybody to read, nothing from elsewhere, light on the wire."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.screens import PAGES, found, sign_in

AXE = Path(__file__).parents[2] / "workbench/node_modules/axe-core/axe.min.js"
# WCAG 2.2, levels A and AA.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A page with everything that it loads, as it comes over the wire.
MOST_BYTES = 60_000
ROLES = sorted({role for role, _name, _path in PAGES})


class Visit:
    """A tab of one person, and what it noticed."""

    def __init__(self, context: BrowserContext, url: str, role: str) -> None:
        self.url, self.elsewhere, self.complaints = url, set[str](), list[str]()
        context.on("request", self._asked)
        self.tab: Page = sign_in(context, url, role, "fr")
        self.tab.on("console", lambda one: self.complaints.append(one.text) if one.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.received = self._counted(context)

    def _counted(self, context: BrowserContext) -> list[float]:
        """Bytes over the wire, as if each page were the first."""
        received: list[float] = []
        session = context.new_cdp_session(self.tab)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda one: received.append(one["encodedDataLength"]))
        return received

    def _asked(self, request: object) -> None:
        address = getattr(request, "url", "")
        if not address.startswith((self.url, "blob:")):
            self.elsewhere.add(address)

    def go(self, path: str) -> None:
        self.complaints.clear()
        answer = self.tab.goto(self.url + found(self.tab, self.url, path))
        assert answer is not None
        assert answer.status == 200, (path, answer.status)


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": 360, "height": 780})
    yield made
    made.close()


def pages_of(role: str) -> list[tuple[str, str]]:
    return [(name, path) for one, name, path in PAGES if one == role]


def serious(tab: Page) -> list[str]:
    """What axe finds serious or critical, each with its place."""
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    report = tab.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [
        f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']])[:300]}"
        for one in report["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


# Facts whose column is narrower than two of its letters, so that words stand on end.
ON_END = """() => [...document.querySelectorAll('main :is(dt, dd)')].filter(one =>
  one.innerText.trim().length > 4 && one.clientWidth < 2 * parseFloat(getComputedStyle(one).fontSize)
).map(one => one.innerText.trim())"""


def too_wide(tab: Page) -> list[str]:
    """What does not fit at 360 px, or at 320 px with text twice as large: the page, or a column of facts."""
    wrong = []
    for width, size in ((360, "100%"), (320, "200%")):
        tab.set_viewport_size({"width": width, "height": 780})
        tab.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"scrolls sideways at {width} px, text at {size}")
        wrong += [f"no room at {width} px, text at {size}: {text}" for text in tab.evaluate(ON_END)]
    tab.evaluate("() => { document.documentElement.style.fontSize = '' }")
    return wrong


def faults(visit: Visit, path: str) -> list[str]:
    """All that is wrong with one page."""
    visit.received.clear()
    visit.go(path)
    wrong = []
    if (
        not path.startswith("/bench/") and sum(visit.received) > MOST_BYTES
    ):  # the workbench has its own budget
        wrong.append(f"{sum(visit.received):.0f} bytes over the wire")
    for theme in ("light", "dark"):
        visit.tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        wrong += [f"{theme}: {one}" for one in serious(visit.tab)]
    return wrong + too_wide(visit.tab) + visit.complaints


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role(demo: str, context: BrowserContext, role: str) -> None:
    """Readable by everybody in both themes (axe), inside a small phone, under 60 kB, nothing asked elsewhere."""
    visit = Visit(context, demo, role)
    found_wrong = {name: faults(visit, path) for name, path in pages_of(role)}
    assert {name: wrong for name, wrong in found_wrong.items() if wrong} == {}
    assert visit.elsewhere == set()
