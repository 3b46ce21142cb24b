"""A browser, and the demo, for tests that look at pages as people do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.demo import CHROMIUM, running_demo


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all; each test opens contexts of its own."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo."""
    with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address
