"""A person's own page, her password, her second step, her devices."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from palabre.people.actions import erase_person, grant_role
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Role, Session
from tests.cast import BEGAN, Cast, Persona
from tests.people.door import PASSWORD, browser_of, text_of, visible

OTHER = "another good password"


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


def with_password(who: Persona) -> Client:
    """Her browser, in which she came in with her password."""
    account = Account.objects.get(id=who.account)
    if not account.has_usable_password():
        account.set_password(PASSWORD)
        account.save()
    browser = Client(headers={"Accept": "text/html"})
    browser.post("/account/login/", {"login": f"{who.name}@example.org", "password": PASSWORD})
    return browser


def code_for(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_app(browser: Client) -> str:
    """Turn the second step on; its secret."""
    browser.post("/account/again/?next=/account/app/", {"password": PASSWORD})
    page = text_of(browser.get("/account/app/"))
    found = re.search(r'<code class="breaks">(\w+)</code>', page)
    assert found is not None
    assert browser.post("/account/app/", {"code": code_for(found[1])})["Location"] == "/account/codes/"
    cache.clear()
    return found[1]


def test_what_she_sees(cast: Cast) -> None:
    page = visible(browser_of(cast.member).get("/account/"))
    for said in ("Member", "member@example.org", "Senegal", "Africa/Dakar", "You have no password yet"):
        assert said in page
    assert "For whom you act" not in page


def test_her_language(cast: Cast) -> None:
    browser = browser_of(cast.member)
    assert browser.post("/account/language/", {"language": "fr"})["Location"] == "/account/"
    assert Account.objects.get(id=cast.member.account).language == "fr"
    assert "Mon compte" in visible(browser.get("/account/"))
    browser.post("/account/language/", {"language": "tlh"})
    assert Account.objects.get(id=cast.member.account).language == "fr"


def test_for_whom_she_acts(cast: Cast) -> None:
    grant_role(cast.finance.account, cast.stranger_operator.id, Role.FINANCE, by=SYSTEM, at=BEGAN)
    browser = browser_of(cast.finance)
    assert "For whom you act" in visible(browser.get("/account/"))
    assert (
        browser.post("/account/acting-for/", {"organisation": str(cast.stranger_operator.id)}).status_code
        == 302
    )
    assert visible(browser.get("/account/")).strip().endswith("Another operator")
    for foreign in (str(cast.client.id), "nonsense", ""):
        assert browser.post("/account/acting-for/", {"organisation": foreign}).status_code == 404


def test_changing_the_password_signs_the_others_out(cast: Cast) -> None:
    browser, other = with_password(cast.member), with_password(cast.member)
    assert browser.get("/account/").status_code == other.get("/account/").status_code == 200
    weak = browser.post("/account/password/", {"password": "1234567890"})
    assert weak.status_code == 422
    assert browser.post("/account/password/", {"password": OTHER}).status_code == 302
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert Account.objects.get(id=cast.member.account).check_password(OTHER)


def test_signing_out_everywhere_else(cast: Cast) -> None:
    browser, other = browser_of(cast.member), browser_of(cast.member)
    assert browser.post("/account/sessions/")["Location"] == "/account/"
    assert browser.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert Session.objects.filter(account=cast.member.account).count() == 1


def test_the_app_with_codes(cast: Cast) -> None:
    secret = with_app(with_password(cast.member))
    browser = Client(headers={"Accept": "text/html"})
    answer = browser.post(
        "/account/login/", {"login": "member@example.org", "password": PASSWORD, "next": "/account/"}
    )
    assert answer["Location"] == "/account/login/second-step/"
    assert browser.get("/account/").status_code == 302  # not in yet
    wrong = browser.post("/account/login/second-step/", {"code": "000000"})
    assert wrong.status_code == 422
    assert "This code is not right" in visible(wrong)
    right = browser.post("/account/login/second-step/", {"code": code_for(secret)})
    assert right["Location"] == "/account/"
    assert browser.get("/account/").status_code == 200


def test_a_one_time_link_asks_for_the_second_step_too(cast: Cast) -> None:
    from django.utils import timezone

    from palabre.people.actions import make_link
    from palabre.people.models import Link

    with_app(with_password(cast.member))
    link = make_link(cast.member.account, Link.Purpose.SIGN_IN, by=SYSTEM, at=timezone.now())
    assert Client().post(f"/account/link/{link}/")["Location"] == "/account/login/second-step/"


def test_a_recovery_code_works_once(cast: Cast) -> None:
    browser = with_password(cast.member)
    with_app(browser)
    code = re.findall(r"<li><code>(\d{8})</code></li>", text_of(browser.get("/account/codes/")))[0]
    answers = []
    for _ in range(2):
        other = Client(headers={"Accept": "text/html"})
        other.post("/account/login/", {"login": "member@example.org", "password": PASSWORD})
        answers.append(other.post("/account/login/second-step/", {"code": code}).status_code)
    assert answers == [302, 422]


def test_guessing_codes_is_slowed_down(cast: Cast) -> None:
    with_app(with_password(cast.member))
    browser = Client(headers={"Accept": "text/html"})
    browser.post("/account/login/", {"login": "member@example.org", "password": PASSWORD})
    said = [visible(browser.post("/account/login/second-step/", {"code": f"{n:06}"})) for n in range(6)]
    assert "Too many tries" not in said[0]
    assert "Too many tries" in said[-1]


def test_turning_it_off_asks_whether_it_is_her(cast: Cast) -> None:
    browser = with_password(cast.member)
    with_app(browser)
    later = browser.session
    for record in later["account_authentication_methods"]:
        record["at"] -= 3600
    later.save()
    assert browser.post("/account/app/remove/")["Location"].startswith("/account/again/")
    browser.post("/account/again/", {"password": PASSWORD, "next": "/account/app/remove/"})
    assert browser.post("/account/app/remove/")["Location"] == "/account/"
    assert not Authenticator.objects.filter(user_id=cast.member.account).exists()


def test_erasure_takes_keys_and_devices_with_it(cast: Cast) -> None:
    with_app(with_password(cast.member))
    erase_person(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    assert not Authenticator.objects.filter(user_id=cast.member.account).exists()
    assert not Session.objects.filter(account=cast.member.account).exists()


def test_nothing_of_hers_is_copied_into_allauth(cast: Cast) -> None:
    from allauth.account.models import EmailAddress

    with_app(with_password(cast.member))
    assert not EmailAddress.objects.exists()


def test_a_double_click_keeps_her_signed_in(cast: Cast) -> None:
    browser = with_password(cast.member)
    mark = re.search(r'name="_once" value="([^"]+)"', text_of(browser.get("/account/password/")))
    assert mark is not None
    form = {"password": OTHER, "_once": mark[1]}
    answers = [browser.post("/account/password/", form).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert browser.get("/account/").status_code == 200


def test_number_of_queries(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    browser = browser_of(cast.member)
    with django_assert_max_num_queries(8):
        browser.get("/account/")


def test_at_an_address_in_numbers_the_page_of_passkeys_says_by_which_name_to_come(cast: Cast) -> None:
    """Browsers make none there."""
    browser = browser_of(cast.member)
    said = "Browsers make no passkey for an address in numbers"
    there = visible(browser.get("/account/passkeys/add/", headers={"host": "127.0.0.1:8000"}))
    assert said in there
    assert "Open http://localhost:8000 and sign in there." in there
    assert said not in visible(browser.get("/account/passkeys/add/", headers={"host": "localhost:8000"}))
