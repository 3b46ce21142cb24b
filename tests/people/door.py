"""Browsers at the door, for tests of pages."""

import html
import re
from typing import Protocol

from django.test import Client

from palabre.people.models import Account
from tests.cast import Persona

BACKEND = "palabre.people.backend.Backend"
PASSWORD = "correct horse battery"


def browser_of(who: Persona) -> Client:
    """Her browser, in which she is signed in."""
    client = Client(headers={"Accept": "text/html"})
    client.force_login(Account.objects.get(id=who.account), backend=BACKEND)
    return client


class Answer(Protocol):
    """What a test client gets."""

    @property
    def content(self) -> bytes: ...


def text_of(response: Answer) -> str:
    return html.unescape(response.content.decode())


def visible(response: Answer) -> str:
    """What is read: without tags, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))
