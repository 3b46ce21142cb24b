"""Signing out without a link: the mark that the workbench leaves behind."""

import pytest
from django.test import Client

from palabre.people.models import Account
from palabre.web.sign_out import LEAVING
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
