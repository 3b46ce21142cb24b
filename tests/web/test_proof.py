"""A fresh proof that it is she, before what somebody who picked up her open phone must not do."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from palabre.people.actions import make_link
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Link, PersonalData, Token
from palabre.times import system_clock
from tests.cast import Cast, Persona
from tests.people.door import PASSWORD, browser_of, text_of, visible
from tests.web.test_walls_pages import page_routes

HOUR = 3600.0
OTHER = "another good password"
# What changes who gets in, where money goes, or what is gone for good.
PROVEN = {
    "account/token/",
    "account/passkeys/add/",
    "account/passkeys/<pk>/remove/",
    "account/app/",
    "account/app/remove/",
    "account/codes/",
    "account/codes/new/",
    "people/<account>/correct/",
    "people/<account>/erase/",
}


def with_password(who: Persona) -> None:
    account = Account.objects.get(id=who.account)
    account.set_password(PASSWORD)
    account.save()


def test_the_pages_that_ask_for_it() -> None:
    assert {re.sub(r"<\w+:", "<", route.path) for route in page_routes() if route.access.proven} >= PROVEN


@pytest.mark.parametrize(
    "path", ["/account/password/", "/account/token/", "/account/app/", "/account/passkeys/add/"]
)
def test_an_open_session_is_not_enough(cast: Cast, path: str) -> None:
    with_password(cast.member)
    browser = browser_of(cast.member, since=HOUR)
    for answer in (
        browser.get(path),
        browser.post(path, {"password": OTHER, "name": "x", "scopes": ["work.do"]}),
    ):
        assert answer["Location"] == f"/account/again/?next={quote(path, safe='')}"
    assert Account.objects.get(id=cast.member.account).check_password(PASSWORD)
    assert not Token.objects.filter(name="x").exists()


def test_she_shows_it_and_comes_back_to_what_she_typed(cast: Cast) -> None:
    with_password(cast.administrator)
    browser, path = browser_of(cast.administrator, since=0), f"/people/{cast.member.account}/correct/"
    mark = text_of(browser.get(path)).split('name="_once" value="')[1].split('"')[0]
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= HOUR
    session.save()
    sent = browser.post(path, {"name": "Awa Diop", "email": "awa@example.org", "phone": "", "_once": mark})
    again = browser.post(sent["Location"], {"password": PASSWORD})
    assert again["Location"] == path
    assert 'value="Awa Diop"' in text_of(browser.get(path))
    assert PersonalData.objects.get(account=cast.member.account).name == "Member"


def test_who_has_nothing_to_show_asks_for_a_link(cast: Cast) -> None:
    browser = browser_of(cast.member, since=HOUR)
    page = browser.get(browser.get("/account/password/")["Location"])
    assert "only a new link can show that it is you" in visible(page)


@pytest.mark.parametrize("purpose", [Link.Purpose.SIGN_IN, Link.Purpose.NEW_PASSWORD])
def test_a_link_to_her_own_address_shows_it(cast: Cast, purpose: Link.Purpose) -> None:
    secret = make_link(cast.member.account, purpose, by=SYSTEM, at=system_clock.now())
    browser = Client(headers={"Accept": "text/html"})
    browser.post(f"/account/link/{secret}/")
    assert browser.post("/account/password/", {"password": OTHER}).status_code == 302
    assert Account.objects.get(id=cast.member.account).check_password(OTHER)


def test_a_link_that_somebody_made_does_not_stand_for_her_password(cast: Cast) -> None:
    with_password(cast.member)
    secret = make_link(cast.member.account, Link.Purpose.WAY_IN, by=SYSTEM, at=system_clock.now())
    browser = Client(headers={"Accept": "text/html"})
    browser.post(f"/account/link/{secret}/")
    assert browser.get("/account/token/")["Location"].startswith("/account/again/")


def test_a_program_in_an_open_session_is_told(cast: Cast) -> None:
    body = {"name": "x", "scopes": []}
    headers = {"Idempotency-Key": "1"}
    for since, status in ((HOUR, 403), (0.0, 201)):
        browser = browser_of(cast.member, since=since)
        answer = browser.post("/api/v1/me/tokens", body, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content
        assert status == 201 or answer.json()["code"] == "proof_needed"
