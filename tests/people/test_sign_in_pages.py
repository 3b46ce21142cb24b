"""The door: who comes in, who doesn't, and what she is told."""

import html
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions import erase_person, revoke_role
from palabre.people.models import Account, PersonalData, Role, Session, Try
from tests.cast import BEGAN, Cast

PASSWORD = "correct horse battery"
DOOR = "/account/login/"


@pytest.fixture
def member(cast: Cast) -> Account:
    account = Account.objects.get(id=cast.member.account)
    account.set_password(PASSWORD)
    account.save()
    PersonalData.objects.filter(account=account).update(phone="+221771234567")
    return account


def sign_in(browser: Client, login: str, password: str = PASSWORD, next_: str = "") -> HttpResponse:
    answer = browser.post(DOOR, {"login": login, "password": password, "next": next_})
    assert isinstance(answer, HttpResponse)
    return answer


def signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


@pytest.mark.parametrize(
    "login",
    ["member@example.org", " Member@Example.ORG ", "+221771234567", "+221 77 123 45 67", "00221771234567",
     "77 123 45 67", "771234567", "(77) 123.45.67"],
)  # fmt: skip
def test_every_way_of_writing_her_name(member: Account, login: str) -> None:
    browser = Client()
    answer = sign_in(browser, login)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(browser)


@pytest.mark.parametrize(
    ("login", "password"),
    [("member@example.org", "wrong horse"), ("nobody@example.org", PASSWORD), ("+221770000000", PASSWORD),
     ("colleague@example.org", ""), ("colleague@example.org", "!"), ("%", PASSWORD), ("7", PASSWORD)],
)  # fmt: skip
def test_a_refusal_says_nothing_about_who_exists(member: Account, login: str, password: str) -> None:
    browser = Client()
    answer = sign_in(browser, login, password or " ")
    assert answer.status_code == 422
    text = html.unescape(answer.content.decode())
    assert "This name and this password don't belong together." in text
    assert login.strip() in text
    assert PASSWORD not in text
    assert not signed_in(browser)


def test_after_sign_in_she_comes_where_she_wanted(member: Account) -> None:
    browser = Client()
    asked = browser.get("/account/")
    assert asked["Location"] == "/account/login/?next=%2Faccount%2F"
    assert 'value="/account/"' in browser.get(asked["Location"]).content.decode()
    assert sign_in(browser, "member@example.org", next_="/account/")["Location"] == "/account/"


@pytest.mark.parametrize(
    "next_", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"]
)
def test_never_to_another_site(member: Account, next_: str) -> None:
    assert sign_in(Client(), "member@example.org", next_=next_)["Location"] == "/"


def test_a_new_session_key_and_what_was_kept_stays(member: Account) -> None:
    """Nobody can hand her a session that he knows; what she had typed before is still there."""
    browser = Client()
    session = browser.session
    session["typed"] = {"path": "/x/", "fields": "a=b"}
    session.save()
    before = session.session_key
    sign_in(browser, "member@example.org")
    assert browser.session.session_key != before
    assert browser.session["typed"] == {"path": "/x/", "fields": "a=b"}


def test_her_session_is_known_by_whose_it_is(member: Account) -> None:
    browser = Client(
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile Safari/537.36"}
    )
    sign_in(browser, "member@example.org")
    session = Session.objects.get(account=member)
    assert session.device == "Chrome, Android"
    assert 29.9 < (session.expire_date - session.used_at).total_seconds() / 86_400 <= 30


def test_signing_out(member: Account) -> None:
    browser = Client()
    sign_in(browser, "member@example.org")
    assert browser.get("/account/logout/").status_code == 200
    assert browser.post("/account/logout/")["Location"] == "/"
    assert not signed_in(browser)
    assert not Session.objects.filter(account=member).exists()


def test_too_many_tries_and_then_not_even_the_right_password(member: Account) -> None:
    browser = Client()
    for _ in range(5):
        sign_in(browser, "member@example.org", "wrong horse")
    text = sign_in(browser, "member@example.org").content.decode()
    assert "Too many tries" in text
    Try.objects.all().delete()
    assert sign_in(browser, "member@example.org").status_code == 302


def test_an_unknown_name_is_slowed_down_just_the_same(cast: Cast) -> None:
    for _ in range(5):
        sign_in(Client(), "nobody@example.org")
    assert "Too many tries" in sign_in(Client(), "nobody@example.org").content.decode()


def test_too_many_tries_from_one_place(db: None) -> None:
    browser = Client(headers={"Accept": "text/html"})
    for number in range(30):
        sign_in(browser, f"nobody{number}@example.org")
    answer = sign_in(browser, "nobody@example.org")
    assert answer.status_code == 429
    assert "Skip to the content" in answer.content.decode()


def test_nobody_and_somebody_take_as_long(member: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in hashes, which are what takes the time."""
    counted: list[str] = []
    for name in ("encode", "verify"):
        monkeypatch.setattr(MD5PasswordHasher, name, _counting(counted, getattr(MD5PasswordHasher, name)))
    hashes = {}
    for login in ("member@example.org", "nobody@example.org", "colleague@example.org"):
        counted.clear()
        sign_in(Client(), login, "wrong horse")
        hashes[login] = counted.count("encode")
    assert set(hashes.values()) == {1}


def _counting(counted: list[str], run: Callable[..., object]) -> Callable[..., object]:
    def count(*args: object, **kwargs: object) -> object:
        counted.append(run.__name__)
        return run(*args, **kwargs)

    return count


def test_after_her_last_role_she_sees_what_is_her_own_and_nothing_else(cast: Cast, member: Account) -> None:
    browser = Client(headers={"Accept": "text/html"})
    sign_in(browser, "member@example.org")
    revoke_role(member.id, cast.operator.id, Role.MEMBER, by=cast.administrator.actor, at=BEGAN)
    assert "Your role here has ended" in browser.get("/").content.decode()
    for hers in ("/account/", "/pay/", "/pay/payouts/", "/decisions/"):
        assert browser.get(hers).status_code == 200, hers
    for closed in ("/work/", "/time/", "/projects/", "/people/"):
        assert browser.get(closed).status_code == 403, closed


def test_who_was_erased_cannot_come_in(cast: Cast, member: Account) -> None:
    browser = Client()
    sign_in(browser, "member@example.org")
    erase_person(member.id, by=cast.administrator.actor, at=BEGAN)
    assert not signed_in(browser)
    assert sign_in(Client(), "member@example.org").status_code == 422
    assert not Session.objects.filter(account=member).exists()


def test_the_door_speaks_french(db: None) -> None:
    page = Client(headers={"Accept-Language": "fr"}).get(DOOR).content.decode()
    assert "Téléphone ou e-mail" in page
    assert 'lang="fr"' in page


def test_a_password_manager_finds_its_fields(db: None) -> None:
    page = Client().get(DOOR).content.decode()
    assert 'autocomplete="username webauthn"' in page
    assert 'autocomplete="current-password"' in page


def test_number_of_queries(member: Account, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(0):
        Client().get(DOOR)
    with django_assert_max_num_queries(19):
        sign_in(Client(), "member@example.org")
