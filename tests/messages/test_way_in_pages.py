"""A new link for somebody who can't come in any more, in a browser, over HTTP and at the terminal."""

import json
import re
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from typer.testing import CliRunner

from palabre.messages import cli  # noqa: F401 - brings its word
from palabre.people.cli import people
from palabre.people.models import Account, Link
from tests.cast import Cast, Persona
from tests.people.door import PASSWORD, browser_of, text_of, visible


def path(who: Persona) -> str:
    return f"/people/{who.account}/way-in/"


def shown_link(browser: Client) -> str:
    found = re.search(
        r"http://localhost:8000(/account/link/[\w-]+/)", text_of(browser.get("/people/hand-over/"))
    )
    assert found is not None
    return found[1]


def test_from_a_lost_phone_to_a_new_password(cast: Cast) -> None:
    """As it happens: no e-mail is set up, the member came in once, her phone is gone."""
    lost = browser_of(cast.member)
    her_coordinator = browser_of(cast.coordinator)
    page = visible(her_coordinator.get(path(cast.member)))
    assert "A new link for Member" in page
    assert "The link is shown to you once" in page
    answer = her_coordinator.post(path(cast.member), {"reason": "lost_phone", "words": "On the bus"})
    assert answer["Location"] == "/people/hand-over/"
    assert lost.get("/account/")["Location"].startswith("/account/login/")
    link, new_phone = shown_link(her_coordinator), Client()
    assert "/account/link/" not in text_of(her_coordinator.get("/people/hand-over/"))
    before = visible(new_phone.get(link))
    assert "Operator made this link for you" in before
    assert "your old password opens nothing any more" in before
    assert new_phone.post(link)["Location"] == "/account/password/"
    assert new_phone.post("/account/password/", {"password": PASSWORD})["Location"] == "/account/"
    page = visible(new_phone.get("/account/"))
    assert (
        "Coordinator made a new link for you. The reason: your phone is lost, stolen or broken “On the bus”."
        in page
    )
    again = Client()
    again.post("/account/login/", {"login": "member@example.org", "password": PASSWORD})
    assert again.get("/account/").status_code == 200


def test_the_second_step_is_still_asked_for(cast: Cast) -> None:
    Account.objects.filter(id=cast.member.account).update(last_login="2026-01-05T08:00Z")
    Authenticator.objects.create(user_id=cast.member.account, type="totp", data={"secret": ""})
    browser = browser_of(cast.coordinator)
    page = text_of(browser.get(path(cast.member)))
    assert "only an administrator can remove it" in page
    assert 'name="no_second_step"' not in page
    browser.post(path(cast.member), {"reason": "forgotten"})
    assert Client().post(shown_link(browser))["Location"].startswith("/account/login/second-step/")


def test_the_second_step_is_removed_by_an_administrator_who_says_so(cast: Cast) -> None:
    Account.objects.filter(id=cast.member.account).update(last_login="2026-01-05T08:00Z")
    Authenticator.objects.create(user_id=cast.member.account, type="totp", data={"secret": ""})
    browser = browser_of(cast.administrator)
    assert 'name="no_second_step"' in text_of(browser.get(path(cast.member)))
    browser.post(path(cast.member), {"reason": "lost_phone", "no_second_step": "on"})
    link, new_phone = shown_link(browser), Client()
    assert new_phone.post(link)["Location"] == "/account/password/"
    assert "Your passkeys and your app with codes were removed" in visible(new_phone.get("/account/"))


def test_something_else_needs_words(cast: Cast) -> None:
    answer = browser_of(cast.coordinator).post(path(cast.member), {"reason": "other"})
    assert answer.status_code == 422
    assert "write something here" in visible(answer)
    assert not Link.objects.exists()


def test_who_may_not(cast: Cast) -> None:
    for name in ("member", "client_person", "finance", "auditor", "delegate"):
        assert browser_of(getattr(cast, name)).get(path(cast.colleague)).status_code == 403
    assert browser_of(cast.coordinator).get(path(cast.administrator)).status_code == 403
    for account in (cast.member.account, uuid.uuid4()):
        assert browser_of(cast.stranger).get(f"/people/{account}/way-in/").status_code == 404


def test_where_it_is_found(cast: Cast) -> None:
    assert path(cast.member) in text_of(browser_of(cast.coordinator).get("/people-at-work/"))
    browser_of(cast.member)
    administrator = browser_of(cast.administrator)
    assert path(cast.member) in text_of(administrator.get(f"/people/{cast.member.account}/"))
    assert path(cast.administrator) not in text_of(
        administrator.get(f"/people/{cast.administrator.account}/")
    )
    assert f"/organisations/{cast.client.id}/way-in/" in text_of(administrator.get("/organisations/"))


def test_for_a_person_of_a_client(cast: Cast) -> None:
    browser, address = browser_of(cast.administrator), f"/organisations/{cast.client.id}/way-in/"
    wrong = browser.post(address, {"login": "member@example.org", "reason": "lost_link"})
    assert wrong.status_code == 422
    assert "Nobody of this client has this address" in visible(wrong)
    right = browser.post(address, {"login": "client@example.org", "reason": "lost_link"})
    assert right["Location"] == "/people/hand-over/"
    assert Client().post(shown_link(browser))["Location"] == "/account/first-steps/"
    assert browser_of(cast.stranger).get(address).status_code == 404


def test_over_http_the_link_is_shown_once(cast: Cast) -> None:
    def ask() -> HttpResponse:
        answer = Client().post(
            f"/api/v1/people/{cast.member.account}/way-in",
            {"reason": "forgotten"},
            content_type="application/json",
            headers={**cast.coordinator.headers, "Idempotency-Key": "one"},
        )
        assert isinstance(answer, HttpResponse)
        return answer

    first, again = ask(), ask()
    assert (first.status_code, again.status_code) == (201, 201)
    assert "/account/link/" in json.loads(first.content)["address"]
    assert json.loads(again.content) == {"account": str(cast.member.account), "address": None}
    assert Link.objects.count() == 1


@pytest.mark.parametrize("who", ["administrator@example.org", None])
def test_at_the_terminal(cast: Cast, who: str | None) -> None:
    """The last way in: also for the only administrator of an installation without e-mail."""
    named = who or str(cast.administrator.account)
    said = CliRunner().invoke(people, ["way-in", named, "--reason", "forgotten"])
    assert said.exit_code == 0, said.output
    secret = said.stdout.strip().removeprefix("http://localhost:8000")
    assert Client().post(secret)["Location"] == "/account/first-steps/"


def test_at_the_terminal_nobody_of_this_name(cast: Cast) -> None:
    said = CliRunner().invoke(people, ["way-in", "nobody@example.org", "--reason", "forgotten"])
    assert said.exit_code != 0


def test_it_speaks_french(cast: Cast) -> None:
    Account.objects.filter(id=cast.coordinator.account).update(language="fr")
    page = visible(browser_of(cast.coordinator).get(path(cast.member)))
    for said in ("Un nouveau lien pour Member", "Son téléphone est perdu, volé ou cassé", "Faire le lien"):
        assert said in page


def test_number_of_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    coordinator, administrator = browser_of(cast.coordinator), browser_of(cast.administrator)
    with django_assert_max_num_queries(6):
        assert coordinator.get(path(cast.member)).status_code == 200
    with django_assert_max_num_queries(4):
        assert administrator.get(f"/organisations/{cast.client.id}/way-in/").status_code == 200
