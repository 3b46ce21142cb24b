"""Browsers at the door, for tests of pages."""

import html
import re
import time
from typing import Protocol

from django.test import Client

from palabre.people.models import Account
from tests.cast import Persona

BACKEND = "palabre.people.backend.Backend"
PASSWORD = "correct horse battery"


def browser_of(who: Persona, *, since: float = 0) -> Client:
    """Her browser, in which she signed in `since` seconds ago."""
    client = Client(headers={"Accept": "text/html"})
    client.force_login(Account.objects.get(id=who.account), backend=BACKEND)
    shown_to_be_her(client, who, since=since)
    return client


def shown_to_be_her(client: Client, who: Persona, *, since: float = 0) -> None:
    """As if she had shown it in this browser `since` seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - since}]
    session["account_authentication_methods_user"] = str(who.account)
    session.save()


class Answer(Protocol):
    """What a test client gets."""

    @property
    def content(self) -> bytes: ...


def text_of(response: Answer) -> str:
    return html.unescape(response.content.decode())


def visible(response: Answer) -> str:
    """What is read: without tags, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))
