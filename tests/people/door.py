"""Browsers at the door, for tests of pages."""

import html
import re

from django.http import HttpResponse
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


def text_of(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def visible(response: HttpResponse) -> str:
    """What is read: without tags, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(response)))
