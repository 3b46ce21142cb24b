"""The documentation for people holds.

Each role has its page in both languages; links and addresses lead somewhere; what is said to be on a page is called so.
"""

import re
import uuid
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.urls import Resolver404, resolve

from palabre.people.models import Role

ROOT = Path(__file__).parents[2]
ROLES = ROOT / "docs" / "roles"
# Whoever answers appeals finds her work on the coordinator's page.
TOLD_ELSEWHERE = {Role.DELEGATE}
LONGEST = 100

_CODE = re.compile(r"^ {4,}.*$|`[^`]*`", re.MULTILINE)
_LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"`(/[^`\s]*)`")
_PLACE = re.compile(r"\{[a-z_]+\}")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# In slanted letters stands what a page or the workbench calls a place or a button.
_SLANTED = re.compile(r"\*([^*]+)\*")
# What may stand in the place of a part of an address.
_NUMBER, _ID = "1", str(uuid.UUID(int=1))


def pages() -> list[Path]:
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def links(page: Path) -> Iterator[tuple[bool, str]]:
    """Whether it shows a picture, and where it leads."""
    for found in _LINK.finditer(_CODE.sub("", page.read_text())):
        if not re.match(r"[a-z]+:", found[2]):
            yield bool(found[1]), found[2]


def anchors(page: Path) -> set[str]:
    """As the usual readers of Markdown make them of headings."""
    headings = _HEADING.findall(_CODE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def resolves(address: str) -> bool:
    """Some way of filling its places leads to a page."""
    places = len(_PLACE.findall(address))
    for filling in product((_ID, _NUMBER), repeat=places):
        values = iter(filling)
        try:
            resolve(_PLACE.sub(lambda _: next(values), address))  # noqa: B023 - used at once
        except Resolver404:
            continue
        return True
    return False


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("language", ["", "fr"])
def test_each_role_has_its_page(language: str) -> None:
    there = {page.stem for page in (ROLES / language).glob("*.md")}
    assert there == {role.value for role in Role if role not in TOLD_ELSEWHERE}


@pytest.mark.parametrize("page", sorted(ROLES.rglob("*.md")), ids=named)
def test_short_and_the_same_in_both_languages(page: Path) -> None:
    text, other = page.read_text(), _other(page).read_text()
    assert len(text.splitlines()) <= LONGEST
    assert sorted(set(_ADDRESS.findall(text))) == sorted(set(_ADDRESS.findall(other)))
    assert text.count("\n## ") == other.count("\n## ")
    assert text.count("\n| ") == other.count("\n| ")


def _other(page: Path) -> Path:
    return ROLES / page.name if page.parent != ROLES else ROLES / "fr" / page.name


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for is_picture, link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if is_picture and not target.parent.exists():
            continue  # pictures come with their folder, all at once
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


@pytest.mark.parametrize("page", sorted(ROLES.rglob("*.md")), ids=named)
def test_addresses_exist(page: Path) -> None:
    addresses = set(_ADDRESS.findall(page.read_text()))
    assert addresses
    assert not sorted(address for address in addresses if not resolves(address))


@pytest.mark.parametrize("page", sorted(ROLES.rglob("*.md")), ids=named)
def test_buttons_are_called_so(page: Path) -> None:
    said = sentences("fr" if page.parent != ROLES else "en")
    text = _LINK.sub("", _CODE.sub("", page.read_text())).replace("**", "")
    names = {_plain(name) for name in _SLANTED.findall(re.sub(r"^\* ", "", text, flags=re.MULTILINE))}
    assert names
    assert not sorted(name for name in names if not any(one.startswith(name) for one in said))


@cache
def sentences(language: str) -> frozenset[str]:
    """All that pages and the workbench say in a language."""
    with (ROOT / "src/palabre/locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = [(one.id, one.string) for one in read_po(file) if one.id]
    texts = [english if language == "en" else french for english, french in catalogue]
    pages = [form for text in texts for form in ([text] if isinstance(text, str) else text or ())]
    words = re.findall(r'"([^"]+)"', (ROOT / f"workbench/src/words/{language}.ts").read_text())
    return frozenset(_plain(one) for one in [*pages, *words])


def _plain(text: str) -> str:
    """As one types it: plain spaces and apostrophes."""
    return re.sub(r"\s+", " ", text).replace("’", "'")


def test_an_unknown_address_is_noticed() -> None:
    assert resolves("/projects/{project}/close/")
    assert not resolves("/projects/{project}/nowhere/")
    assert not resolves("/nowhere/")
