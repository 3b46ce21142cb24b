"""Reading a page as a person does, and filling its form."""

import re
from html import unescape

from django.test import Client

from tests.cast import Persona
from tests.web.test_walls_pages import browser_of

ONCE = re.compile(r'name="_once" value="([^"]+)"')


def plain(html: str) -> str:
    """What a reader sees, in one line."""
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(r"\s+", " ", text)


def page_of(who: Persona, address: str) -> str:
    """A page that she may read."""
    response = browser_of(who).get(address)
    assert response.status_code == 200, (response.status_code, response.content[-500:])
    return response.content.decode()


def mark_in(browser: Client, address: str) -> str:
    """The mark of the form on a page."""
    mark = ONCE.search(browser.get(address).content.decode())
    assert mark is not None
    return mark[1]


def fill(browser: Client, address: str, **fields: str) -> tuple[int, str]:
    """What the form of a page answers: status, and where it leads or what it says."""
    answer = browser.post(address, {"_once": mark_in(browser, address), **fields})
    return answer.status_code, answer.get("Location", "") or answer.content.decode()


def cells_of(html: str, label: str) -> list[str]:
    """The cells of the first row of a table that has a label in it."""
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL) if label in row)
    return [plain(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
