"""Where a one-time link leads, and what follows."""

import time

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions import make_link
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Link, Session
from tests.cast import Cast
from tests.people.door import PASSWORD, browser_of, text_of

INVITATION, NEW_PASSWORD, SIGN_IN = Link.Purpose.INVITATION, Link.Purpose.NEW_PASSWORD, Link.Purpose.SIGN_IN


def address(cast: Cast, purpose: Link.Purpose) -> str:
    return f"/account/link/{make_link(cast.member.account, purpose, by=SYSTEM, at=timezone.now())}/"


def test_opening_changes_nothing(cast: Cast) -> None:
    """Programs that read e-mail open every address, and so does whoever is curious."""
    link, browser = address(cast, SIGN_IN), Client()
    for _ in range(3):
        assert browser.get(link).status_code == 200
    assert "_auth_user_id" not in browser.session
    assert Link.objects.get().used_at is None


def test_the_button_signs_in_once(cast: Cast) -> None:
    link, browser = address(cast, SIGN_IN), Client()
    assert browser.post(link)["Location"] == "/"
    assert browser.get("/account/").status_code == 200
    for again in (Client().get(link), Client().post(link)):
        assert again.status_code == 404
        assert "This link is over" in text_of(again)


def test_an_unknown_link_looks_like_one_that_is_over(cast: Cast) -> None:
    link = address(cast, SIGN_IN)
    Client().post(link)
    assert "This link is over" in text_of(Client().get("/account/link/nothing/"))
    assert Client().get("/account/link/nothing/").status_code == Client().get(link).status_code == 404


def test_it_never_carries_somebody_elses_session_on(cast: Cast) -> None:
    browser = browser_of(cast.finance)
    browser.post(address(cast, SIGN_IN))
    assert browser.session["_auth_user_id"] == str(cast.member.account)


def test_an_invitation_leads_to_a_password(cast: Cast) -> None:
    browser = Client()
    assert browser.post(address(cast, INVITATION))["Location"] == "/account/first-steps/"
    assert "You take part in Operator" in text_of(browser.get("/account/first-steps/"))
    assert browser.post("/account/first-steps/", {"password": "short"}).status_code == 422
    assert browser.post("/account/first-steps/", {"password": PASSWORD})["Location"] == "/"
    again = Client()
    again.post("/account/login/", {"login": "member@example.org", "password": PASSWORD})
    assert again.get("/account/").status_code == 200


def test_first_steps_are_for_who_came_by_a_link(cast: Cast) -> None:
    assert browser_of(cast.member).get("/account/first-steps/")["Location"] == "/"


def test_a_forgotten_password_is_replaced_without_the_old_one(cast: Cast) -> None:
    account = Account.objects.get(id=cast.member.account)
    account.set_password("something forgotten")
    account.save()
    browser = Client()
    assert browser.post(address(cast, NEW_PASSWORD))["Location"] == "/account/password/"
    assert 'name="old"' not in text_of(browser.get("/account/password/"))
    assert browser.post("/account/password/", {"password": PASSWORD})["Location"] == "/account/"
    assert Account.objects.get(id=account.id).check_password(PASSWORD)


def test_some_time_after_the_link_she_shows_again_that_it_is_her(cast: Cast) -> None:
    account = Account.objects.get(id=cast.member.account)
    account.set_password("something old enough")
    account.save()
    browser = Client()
    browser.post(address(cast, NEW_PASSWORD))
    session = browser.session
    session["came_by_link"] = int(time.time()) - 1801
    session["account_authentication_methods"] = []
    session.save()
    assert browser.get("/account/password/")["Location"].startswith("/account/again/")
    assert browser.post("/account/password/", {"password": PASSWORD})["Location"].startswith(
        "/account/again/"
    )
    assert not Account.objects.get(id=account.id).check_password(PASSWORD)


def test_the_page_speaks_her_language(cast: Cast) -> None:
    Account.objects.filter(id=cast.member.account).update(language="fr")
    assert "Vous êtes invitée" in text_of(Client().get(address(cast, INVITATION)))


def test_a_sleeping_account_is_not_opened(cast: Cast) -> None:
    link = address(cast, SIGN_IN)
    Account.objects.filter(id=cast.member.account).update(is_active=False)
    assert Client().post(link).status_code == 404
    assert not Session.objects.filter(account=cast.member.account).exists()


def test_too_many_guesses(cast: Cast) -> None:
    browser = Client(headers={"Accept": "text/html"})
    answers = [browser.post(f"/account/link/{n}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]


def test_number_of_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    link = address(cast, SIGN_IN)
    with django_assert_max_num_queries(1):
        Client().get(link)
