"""One word for one thing: the pairs of `docs/words.md` are those of the pages."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
_PAIR = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \|", re.MULTILINE)
# What members met and nobody says, and second words for a thing that has one.
NEVER = (
    "a bougé",
    "ne vont pas ensemble",
    "pénible",
    "recours",
    "bulletin",
    "feuille de temps",
    "rangée",
    "courriel",
    "adresse électronique",
    "couverture sociale",
    "jugement",
    "qui est quelqu’un",
)


@cache
def pairs() -> dict[str, str]:
    found = _PAIR.findall((ROOT / "docs" / "words.md").read_text())
    return {english: french for english, french in found if english not in {"English", "---"}}


@cache
def french() -> dict[str, str]:
    """What the pages say, by their English."""
    catalogue = ROOT / "src/palabre/locale/fr/LC_MESSAGES/django.po"
    with catalogue.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if isinstance(one.id, str) and one.id}


@pytest.mark.parametrize("english", pairs())
def test_a_word_that_stands_alone_is_that_of_the_list(english: str) -> None:
    said = french()[english[0].upper() + english[1:]]
    assert said.casefold() == pairs()[english].casefold()


@pytest.mark.parametrize("words", NEVER)
def test_what_nobody_says_is_not_said(words: str) -> None:
    assert [said for said in french().values() if words in said] == []
    assert words not in (ROOT / "workbench/src/words/fr.ts").read_text()


def test_no_line_begins_with_a_colon_in_french() -> None:
    """The space before : ; ? ! and inside « » does not break."""
    breaks = re.compile(r"« |\S [:;?!»](?=\s|$)")
    assert [said for said in french().values() if breaks.search(said)] == []
