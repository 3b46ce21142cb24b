"""The four pictures of the README, made from a demo: `python -m tests.browser.pictures`."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.demo import CHROMIUM, running_demo
from tests.browser.screens import found, sign_in

OUT = Path("docs/pictures")
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1200, "height": 860}


def main() -> None:
    """Take them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running_demo(Path(home)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        _workbench(_tab(browser, url, "member", PHONE), url)
        _plain(_tab(browser, url, "member", PHONE), url, "/", "member")
        _plain(_tab(browser, url, "client", DESK), url, "/projects/{project}/", "client")
        _plain(_tab(browser, url, "client", DESK), url, "/scorecards/{scorecard}/?lang=en", "scorecard")
        browser.close()


def _tab(browser: Browser, url: str, role: str, size: dict[str, int]) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, color_scheme="light"
    )
    return sign_in(context, url, role, "en")


def _plain(tab: Page, url: str, path: str, name: str) -> None:
    tab.goto(url + found(tab, url, path))
    _take(tab, name)


def _workbench(tab: Page, url: str) -> None:
    """At a task, with a label chosen."""
    tab.goto(url + found(tab, url, "/bench/?project={project}"))
    tab.get_by_role("button", name=re.compile("Begin|Commencer")).click()
    tab.locator("label.choice").first.click()
    tab.locator(".next.ready").wait_for()
    _take(tab, "workbench")


def _take(tab: Page, name: str) -> None:
    file = OUT / f"{name}.png"
    tab.screenshot(path=file, animations="disabled")
    sys.stderr.write(f"{file}\n")


if __name__ == "__main__":
    main()
