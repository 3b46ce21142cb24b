"""The ScoreCard as a page and as a paper, in both languages."""

import json
import re
import subprocess
from dataclasses import asdict
from html.parser import HTMLParser
from pathlib import Path
from shutil import which

import pytest
from django.utils import translation

from palabre.impact.errors import LanguageUnknown
from palabre.impact.rendering.page import page
from palabre.impact.rendering.paper import paper
from palabre.impact.rendering.wording import LANGUAGES, sheet
from tests.impact.example import facts, signed

LONG = facts(
    name="Classification des avis de voyageurs et des témoignages d’hôtes dans les régions côtières de"
    " l’Afrique de l’Ouest et de Madagascar, deuxième vague",
    client="Académie internationale du tourisme responsable et des métiers de l’hospitalité",
    operator="Association pour l’emploi numérique des femmes des Hauts-Plateaux et du littoral",
    purpose="Trier ce que les voyageurs disent de leur séjour, pour que de petits hôtels tenus par des familles"
    " sachent quoi améliorer d’abord, et que l’académie forme ses élèves sur des exemples vrais. " * 3,
    declared=True,
)
# Words by which one thing is said to have come of another.
CAUSAL = re.compile(
    r"\b(thanks to|because|impact(s|ed)?|improve[sd]?|lift(s|ed)?|result(s|ed)? in|led to|leads to|caused?|"
    r"due to|helped|enabled?|empower\w*|transform\w*|grâce à|a permis|améliore\w*|entraîn\w*|conduit à)\b",
    re.IGNORECASE,
)


class Read(HTMLParser):
    """What a page shows, and the tags that it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[tuple[str, dict[str, str | None]]]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_is_one_tagged_page(language: str) -> None:
    content = paper(signed(), language)
    assert pages_of(content) == 1
    assert b"/MarkInfo" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content


@pytest.mark.parametrize("language", LANGUAGES)
def test_long_names_still_fit_on_one_page(language: str) -> None:
    assert pages_of(paper(signed(LONG), language)) == 1


def test_the_same_scorecard_gives_the_same_paper() -> None:
    assert paper(signed(), "fr") == paper(signed(), "fr")


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
def test_the_paper_says_the_figures(tmp_path: Path) -> None:
    file = tmp_path / "scorecard.pdf"
    file.write_bytes(paper(signed(), "en"))
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    for figure in ("37,512", "0.74", "80.2%", "412 of 412 days", "9f2c" * 16):
        assert figure in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_says_that_one_thing_came_of_another(language: str) -> None:
    card = signed(facts(purpose="", declared=True))
    with translation.override(language):
        words = json.dumps(asdict(sheet(card, language)), ensure_ascii=False)
    assert CAUSAL.search(words) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_no_script_and_no_style_of_its_own(language: str) -> None:
    """So that the strictest content security policy holds."""
    read = Read(page(signed(), language))
    assert ("html", {"lang": language}) in read.tags
    assert not {tag for tag, _ in read.tags} & {"script", "style", "iframe", "form"}
    assert not [attrs for _, attrs in read.tags for name in attrs if name == "style" or name.startswith("on")]


def test_a_page_shows_figures_and_what_is_unknown() -> None:
    text = Read(page(signed(), "en")).text
    for shown in ("37,512", "1,033\N{NO-BREAK SPACE}XOF", "€4,060.50", "No living tariff is known here"):
        assert shown in text


def test_a_page_for_a_folder_is_one_file() -> None:
    read = Read(page(signed(), "fr", linked=False))
    assert not [attrs for _, attrs in read.tags if {"src", "href"} & attrs.keys()]
    assert "style" in {tag for tag, _ in read.tags}


def test_markup_in_a_name_is_text() -> None:
    html = page(signed(facts(name="<b>bold</b><script>")), "en")
    assert "<b>" not in html
    assert "<script" not in html


def test_figures_of_small_places_are_not_shown() -> None:
    """Two members in Benin; five in Madagascar, whose figures would give those of Benin away."""
    subject = signed()["credentialSubject"]
    assert [place["country"] for place in subject["people"]["places"]] == ["CM", "SN"]
    assert subject["people"]["elsewhere"] == 7
    assert Read(page(signed(), "en")).text.count("held back") >= 2


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LanguageUnknown):
        page(signed(), "de")
    with pytest.raises(LanguageUnknown):
        paper(signed(), "")
