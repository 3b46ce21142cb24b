"""The ScoreCard's page in Chromium, at the width of a cheap phone and of a screen."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from palabre.impact.rendering.page import page
from palabre.impact.rendering.wording import LANGUAGES
from tests.impact.example import facts, signed
from tests.impact.test_render_scorecard import LONG


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways(chromium: Browser, tmp_path: Path, language: str, width: int) -> None:
    for number, made_of in enumerate((facts(), LONG)):
        file = tmp_path / f"{number}.html"
        file.write_text(page(signed(made_of), language, linked=False), encoding="utf-8")
        tab = chromium.new_page(viewport={"width": width, "height": 800})
        tab.goto(file.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        tab.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_figure_stays_on_the_screen(chromium: Browser, tmp_path: Path, language: str) -> None:
    """No cell is cut off or pushed out, in the dark either."""
    file = tmp_path / "page.html"
    file.write_text(page(signed(LONG), language, linked=False), encoding="utf-8")
    tab = chromium.new_page(viewport={"width": 360, "height": 800}, color_scheme="dark")
    tab.goto(file.as_uri())
    outside = tab.evaluate(
        "[...document.querySelectorAll('td, th, dd, li, strong')].filter(one => {"
        " const box = one.getBoundingClientRect();"
        " return box.width > 1 && (box.right > 360.5 || box.left < -0.5) }).map(one => one.textContent)"
    )
    assert outside == []
    tab.close()
