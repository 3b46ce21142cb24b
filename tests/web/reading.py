"""Reading a page as a person does: its words, its links, and its forms, which are filled in and sent."""

import gzip
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from tests.cast import Persona
from tests.web.test_walls_pages import browser_of

STATIC = Path(__file__).parents[2] / "src/palabre/web/static/web"
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


@dataclass(slots=True)
class _Form:
    """`names`: every field; `filled`: what those hold that have a value."""

    names: set[str] = field(default_factory=set)
    filled: dict[str, str] = field(default_factory=dict)


class _Parsed(HTMLParser):
    """The forms of a page, and the addresses of its links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.links: list[str] = []
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form())
        elif tag == "a":
            self.links.append(said.get("href", ""))
        elif tag in {"input", "select", "textarea"} and self.forms:
            self.forms[-1].names.add(said.get("name", ""))
            self._choice = said.get("name", "")
            if tag == "input" and (said.get("type") not in {"radio", "checkbox"} or "checked" in said):
                self.forms[-1].filled[said.get("name", "")] = said.get("value", "")
        elif tag == "option" and ("selected" in said or self._choice not in self.forms[-1].filled):
            self.forms[-1].filled[self._choice] = said["value"]


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer as it is read."""

    status: int
    html: str
    size: int = 0
    text: str = field(init=False)

    def __post_init__(self) -> None:
        words = re.sub(r"<title>.*?</title>|<[^>]+>", " ", self.html)
        object.__setattr__(self, "text", _SPACES.sub(" ", unescape(words)).strip())

    @property
    def links(self) -> list[str]:
        return self._parsed().links

    def form_with(self, name: str) -> dict[str, str]:
        """What the form that has a field `name` holds."""
        return next(one for one in self._parsed().forms if name in one.names).filled

    def _parsed(self) -> _Parsed:
        found = _Parsed()
        found.feed(self.html)
        return found


@dataclass(frozen=True, slots=True)
class Reader:
    """One person's browser."""

    client: Client

    def read(self, address: str, language: str = "en") -> Seen:
        self.client.cookies["django_language"] = language
        return _seen(self.client.get(address))

    def send(self, address: str, page: Seen, name: str, **filled: str) -> Seen:
        """Fill in the form of `page` that has the field `name`, send it, and follow where it leads."""
        fields = page.form_with(name) | filled
        return _seen(self.client.post(address, fields, follow=True))


def reader(who: Persona | None) -> Reader:
    return Reader(browser_of(who))


def _seen(response: HttpResponseBase) -> Seen:
    assert isinstance(response, HttpResponse)
    return Seen(response.status_code, response.content.decode(), len(gzip.compress(response.content)))


def weight(page: Seen) -> int:
    """Bytes on the wire, compressed, of a page with everything that it loads the first time."""
    styles = ("vendor/pico.min.css", "theme.css", "icons.svg", "mark.svg")
    return page.size + sum(len(gzip.compress((STATIC / name).read_bytes())) for name in styles)
