"""Inviting, clients, the outbox and asking for a link, in a browser."""

import re
import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.messages.actions import write
from palabre.messages.models import Message
from palabre.people.models import Account, Link, PersonalData
from tests.cast import BEGAN, Cast
from tests.messages.channels import carry_everything
from tests.people.door import browser_of, text_of, visible

AMA = {"name": "Ama", "email": "ama@example.org", "language": "fr", "roles": "member", "country": "SN"}


def test_the_invitation_is_sent(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_everything(monkeypatch)
    browser = browser_of(cast.administrator)
    answer = browser.post("/people/invite/", AMA, follow=True)
    assert "The invitation is on its way." in visible(answer)
    ama = PersonalData.objects.get(name="Ama").account
    assert (ama.residence.country, ama.residence.timezone) == ("SN", "Africa/Dakar")
    assert "invited" in visible(browser.get("/people/?name=ama"))
    assert "Ama" in visible(browser.get("/"))


def test_without_a_channel_the_link_is_shown_once(cast: Cast) -> None:
    browser = browser_of(cast.administrator)
    answer = browser.post("/people/invite/", AMA)
    assert answer["Location"] == "/people/hand-over/"
    shown = re.search(
        r"http://localhost:8000(/account/link/[\w-]+/)", text_of(browser.get("/people/hand-over/"))
    )
    assert shown is not None
    assert "/account/link/" not in text_of(browser.get("/people/hand-over/"))
    assert Client().post(shown[1])["Location"] == "/account/first-steps/"


def test_a_phone_reads_the_link_from_a_picture(cast: Cast) -> None:
    browser = browser_of(cast.administrator)
    browser.post("/people/invite/", AMA)
    assert re.search(
        r'role="img" aria-label="Picture of the link"><svg', text_of(browser.get("/people/hand-over/"))
    )
    assert "<svg" not in text_of(browser.get("/people/hand-over/")).partition("<main")[2]


def test_a_double_click_invites_once(cast: Cast) -> None:
    browser = browser_of(cast.administrator)
    mark = re.search(r'name="_once" value="([^"]+)"', text_of(browser.get("/people/invite/")))
    assert mark is not None
    answers = [browser.post("/people/invite/", AMA | {"_once": mark[1]}) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert PersonalData.objects.filter(name="Ama").count() == 1
    assert Link.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "", "phone": ""}, "Give an e-mail address or a telephone number"),
        ({"email": "member@example.org"}, "already in use"),
        ({"email": "no address"}, "This is no e-mail address"),
        ({"phone": "12"}, "This is no telephone number"),
        ({"country": ""}, "Say where she lives"),
        ({"country": "US"}, "several time zones"),
        ({"roles": []}, "This field is required."),
    ],
)
def test_errors_stand_at_their_field_and_nothing_is_lost(
    cast: Cast, change: dict[str, object], said: str
) -> None:
    answer = browser_of(cast.administrator).post("/people/invite/", AMA | change)
    assert answer.status_code == 422
    assert said in visible(answer)
    assert "Ama" in text_of(answer) or not change.get("name", "Ama")
    assert not PersonalData.objects.filter(name="Ama").exists()


def test_a_new_client(cast: Cast) -> None:
    browser = browser_of(cast.administrator)
    form = {
        "organisation": "Museum",
        "country": "FR",
        "name": "Ama",
        "email": "ama@example.org",
        "language": "fr",
    }
    assert browser.post("/organisations/new/", form)["Location"] == "/people/hand-over/"
    assert "Museum France 1" in visible(browser.get("/organisations/"))


def test_one_more_person_for_a_client(cast: Cast) -> None:
    form = {"name": "Ben", "email": "ben@example.org", "language": "en"}
    path = f"/organisations/{cast.client.id}/invite/"
    assert browser_of(cast.administrator).post(path, form).status_code == 302
    for foreign in (path, f"/organisations/{uuid.uuid4()}/invite/"):
        assert browser_of(cast.stranger).post(foreign, form).status_code == 404


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person"])
def test_who_may_not(cast: Cast, name: str) -> None:
    browser = browser_of(getattr(cast, name))
    for path in ("/people/invite/", "/organisations/", "/outbox/"):
        assert browser.get(path).status_code == 403


def test_asking_says_the_same_to_everybody(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = carry_everything(monkeypatch)
    answers = [
        Client().post("/account/ask/", {"login": login, "purpose": "sign_in"}, follow=True)
        for login in ("member@example.org", "nobody@example.org", "77 000 00 00")
    ]
    assert len({visible(answer) for answer in answers}) == 1
    assert Message.objects.count() == 1
    assert carrier.carried == []


def test_asking_too_often(cast: Cast) -> None:
    asked = [
        Client(headers={"Accept": "text/html"}).post(
            "/account/ask/", {"login": "member@example.org", "purpose": "sign_in"}
        )
        for _ in range(4)
    ]
    assert [answer.status_code for answer in asked] == [302, 302, 302, 429]


def test_the_outbox_shows_ones_own_people_and_no_body(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_everything(monkeypatch)
    write(
        PersonalData.objects.get(account=cast.member.account), "Hello", "secret link", language="en", at=BEGAN
    )
    mine = text_of(browser_of(cast.administrator).get("/outbox/"))
    assert "Hello" in mine
    assert "secret link" not in mine
    assert "Hello" not in text_of(browser_of(cast.stranger).get("/outbox/"))


def test_number_of_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser = browser_of(cast.administrator)
    for path, most in (("/organisations/", 4), ("/outbox/", 4), ("/people/invite/", 4)):
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200


def test_the_forms_speak_french(cast: Cast) -> None:
    Account.objects.filter(id=cast.administrator.account).update(language="fr")
    page = visible(browser_of(cast.administrator).get("/people/invite/"))
    assert "Inviter quelqu’un" in page
    assert "Sénégal" in page
