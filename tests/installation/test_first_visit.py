"""A new installation gets its operator and its administrator: by a link, or in the terminal."""

import datetime as dt
import os
import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from palabre.installation.errors import DemoRefused
from palabre.installation.first_visit import check_demo, holds, is_new, link
from palabre.people.actions import Operator, PersonalFields, found
from palabre.people.errors import FoundedAlready
from palabre.people.models import Account, Grant, Organisation
from palabre.settings import current
from tests.cast import BEGAN, Cast
from tests.installation.home import palabre
from tests.people.door import PASSWORD, text_of, visible

FORM = {
    "organisation": "Palabre Dakar", "country": "SN", "timezone": "", "name": "Awa", "email": "awa@example.org",
    "language": "fr", "password": PASSWORD,
}  # fmt: skip


def address() -> str:
    return link(current(), at=timezone.now()).removeprefix(current().url)


def test_the_link_makes_the_installation(db: None) -> None:
    browser = Client()
    assert "Welcome to your new Palabre" in text_of(browser.get(address()))
    assert browser.post(address(), FORM)["Location"] == "/"
    operator = Organisation.objects.get()
    assert (operator.kind, operator.name, operator.timezone) == ("operator", "Palabre Dakar", "Africa/Dakar")
    assert Grant.objects.get().role == "administrator"
    assert "Awa" in visible(browser.get("/"))
    assert Account.objects.get().check_password(PASSWORD)


def test_once_only(db: None) -> None:
    where = address()
    Client().post(where, FORM)
    assert Client().get(where).status_code == 404
    assert Client().post(where, FORM | {"email": "other@example.org"}).status_code == 404
    assert Account.objects.count() == 1


def test_all_or_nothing(db: None) -> None:
    answer = Client().post(address(), FORM | {"password": "1234567890"})
    assert answer.status_code == 422
    assert "Palabre Dakar" in text_of(answer)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("token", ["x", "1-" + "0" * 64, "99999999999-" + "0" * 64, "é"])
def test_a_link_that_nobody_made(db: None, token: str) -> None:
    assert Client().get(f"/first-visit/{token}/").status_code == 404


def test_it_ends() -> None:
    token = link(current(), at=BEGAN).rsplit("/", 2)[1]
    assert holds(current(), token, at=BEGAN + dt.timedelta(days=6))
    assert not holds(current(), token, at=BEGAN + dt.timedelta(days=7))


def test_not_beside_people(cast: Cast) -> None:
    with pytest.raises(FoundedAlready):
        found(Operator("X", "SN", "UTC"), PersonalFields("X", "x@example.org"), language="en", at=BEGAN)


@pytest.mark.django_db(transaction=True)
def test_in_the_terminal() -> None:
    url = os.environ["DATABASE_URL"].replace("/palabre?", f"/{_database()}?")
    settings = {"PALABRE_HOME": os.environ["PALABRE_HOME"], "DATABASE_URL": url}
    words = ("--operator", "Palabre Dakar", "--country", "SN", "--timezone", "Africa/Dakar", "--name", "Awa",
             "--email", "awa@example.org")  # fmt: skip
    assert is_new(url)
    check_demo(replace(current(), demo=True), url)
    made = palabre("init", *words, **settings)
    assert made.returncode == 0, made.stderr
    assert re.fullmatch(r"http://localhost:8000/account/link/[\w-]{43}/\n", made.stdout)
    assert not is_new(url)
    with pytest.raises(DemoRefused):
        check_demo(replace(current(), demo=True), url)
    check_demo(current(), url)
    again = palabre("init", *words, **settings)
    assert again.returncode == 1
    assert "has its operator and its people already" in again.stderr
    assert "Traceback" not in again.stderr


def _database() -> str:
    from django.db import connection

    return str(connection.settings_dict["NAME"])
