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

    def _asked(self, request: object) -> None:
        address = getattr(request, "url", "")
        if not address.startswith((self.url, "blob:")):
            self.elsewhere.add(address)

    def go(self, path: str) -> None:
        self.complaints.clear()
        answer = self.tab.goto(self.url + found(self.tab, self.url, path))
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self.tab.wait_for_load_state("networkidle")


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


@pytest.mark.parametrize("role", ROLES)
def test_everybody_can_read_it(demo: str, context: BrowserContext, role: str) -> None:
    """No serious finding of axe in either theme; no complaint of the browser; nothing asked of another host."""
    visit, wrong = Visit(context, demo, role), {}
    for name, path in pages_of(role):
        visit.go(path)
        for theme in ("light", "dark"):
            visit.tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
            if complaints := serious(visit.tab) + visit.complaints:
                wrong[f"{name}, {theme}"] = complaints
    assert wrong == {}
    assert visit.elsewhere == set()


@pytest.mark.parametrize("role", ROLES)
def test_nothing_scrolls_sideways(demo: str, context: BrowserContext, role: str) -> None:
    """At 360 px, and at 320 px with text twice as large."""
    visit, wrong = Visit(context, demo, role), []
    for name, path in pages_of(role):
        for width, size in ((360, "100%"), (320, "200%")):
            visit.tab.set_viewport_size({"width": width, "height": 780})
            visit.go(path)
            visit.tab.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            if visit.tab.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{name} at {width} px, text at {size}")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_light(demo: str, context: BrowserContext, role: str) -> None:
    """The first visit, with style and script: under 60 kB over the wire."""
    visit, wrong = Visit(context, demo, role), {}
    session = context.new_cdp_session(visit.tab)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received = [0.0]
    session.on("Network.loadingFinished", lambda one: received.append(one["encodedDataLength"]))
    for name, path in pages_of(role):
        if path.startswith("/bench/"):
            continue  # the workbench has a budget of its own
        received.clear()
        visit.go(path)
        if sum(received) > MOST_BYTES:
            wrong[name] = round(sum(received))
    assert wrong == {}
