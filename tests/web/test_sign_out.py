"""Signing out without a link: the mark that the workbench leaves behind."""

import pytest
from django.test import Client

from palabre.people.models import Account, Session
from palabre.web.sign_out import HERE, LEAVING
from tests.cast import Cast
from tests.people.door import PASSWORD, browser_of

pytestmark = pytest.mark.django_db
TODAY = "/api/v1/today"


def copy_of(client: Client) -> Client:
    """The same session, in a browser that has no mark."""
    other = Client()
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    return other


@pytest.mark.parametrize("path", ["/", "/pay/", TODAY, "/bench/"])
def test_the_first_request_ends_the_session(cast: Cast, path: str) -> None:
    client = browser_of(cast.member)
    other = copy_of(client)
    assert other.get(TODAY).status_code == 200
    client.cookies[LEAVING] = "1"
    response = client.get(path)
    assert response.cookies["sessionid"]["max-age"] == 0
    assert response.cookies[LEAVING]["max-age"] == 0
    assert other.get(TODAY).status_code == 401


def test_signing_in_again_works_at_once(cast: Cast) -> None:
    """The mark is there until an answer takes it away: it must not end the session that begins with it."""
    account = Account.objects.get(id=cast.member.account)
    account.set_password(PASSWORD)
    account.save()
    client = browser_of(cast.member)
    client.cookies[LEAVING] = "1"
    client.post("/account/login/", {"login": f"{cast.member.name}@example.org", "password": PASSWORD})
    assert client.get(TODAY).status_code == 200


# Whose browser it is, for a page that opens without a network


def signed_in(cast: Cast) -> Client:
    account = Account.objects.get(id=cast.member.account)
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    client.post("/account/login/", {"login": f"{cast.member.name}@example.org", "password": PASSWORD})
    return client


def test_the_browser_knows_who_is_signed_in_and_forgets_it_at_the_sign_out(cast: Cast) -> None:
    client = signed_in(cast)
    assert client.cookies[HERE].value == str(cast.member.account)
    assert not client.cookies[HERE]["httponly"]
    client.post("/account/logout/")
    assert client.cookies[HERE].value == ""


@pytest.mark.parametrize("path", ["/", TODAY, "/bench/"])
def test_a_session_that_was_ended_elsewhere_is_known_at_the_next_request(cast: Cast, path: str) -> None:
    client = signed_in(cast)
    Session.objects.all().delete()
    client.get(path)
    assert client.cookies[HERE].value == ""


def test_a_visitor_gets_no_such_cookie(client: Client) -> None:
    for path in ("/welcome/", "/account/login/", TODAY):
        assert HERE not in client.get(path).cookies
