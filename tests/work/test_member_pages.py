"""What a member sees of her work and her time: every figure, its why, and the way to change it."""

import datetime as dt
import re
from html import unescape

import pytest
from django.test import Client

from palabre.timesheet.models import Correction, TimeEntry
from palabre.work.models import Project
from tests.cast import Persona
from tests.web.test_walls_pages import browser_of
from tests.work.stage import Stage

pytestmark = pytest.mark.django_db
ONCE = re.compile(r'name="_once" value="([^"]+)"')


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).replace("\u202f", " ").replace("\xa0", " ")


def read(who: Persona, address: str) -> str:
    response = browser_of(who).get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture
def live(stage: Stage) -> Project:
    return stage.live()


def test_an_offer_says_all_that_she_needs_to_know(stage: Stage, live: Project) -> None:
    said = text_of(read(stage.cast.member, "/work/"))
    assert "Client" in said
