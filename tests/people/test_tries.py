"""Whoever tries is slowed down, not whoever is tried; and what opens once opens once, in whichever process."""

import datetime as dt
import threading
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client

from palabre.people.actions.tries import Bucket, forget_tries, give_tries_back, spend_code, take_try
from palabre.people.jobs import run_old_tries
from palabre.people.models import Account, PersonalData, Try
from palabre.times import ManualClock
from tests.cast import BEGAN, Cast, Persona, gather
from tests.people.door import PASSWORD

DOOR, SECOND = "/account/login/", "/account/login/second-step/"
SECRET = "JBSWY3DPEHPK3PXP"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def member(cast: Cast) -> Persona:
    with_password(cast.member)
    return cast.member


def with_password(who: Persona) -> None:
    account = Account.objects.get(id=who.account)
    account.set_password(PASSWORD)
    account.save()
    PersonalData.objects.filter(account=account).update(phone="+221771234567")


def at_address(number: int) -> Client:
    return Client(headers={"Accept": "text/html"}, REMOTE_ADDR=f"192.0.2.{number}")


def sign_in(browser: Client, password: str = PASSWORD, login: str = "member@example.org") -> HttpResponse:
    answer = browser.post(DOOR, {"login": login, "password": password})
    assert isinstance(answer, HttpResponse)
    return answer


def again_on(browser: Client, number: int) -> Client:
    """The same device, signed out, at another address."""
    other = at_address(number)
    other.cookies["device"] = browser.cookies["device"].value
    return other


# -- the bucket -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_bucket_fills_and_empties() -> None:
    bucket = Bucket("test", "x", most=3, seconds=60)
    assert [take_try([bucket], at=BEGAN) for _ in range(5)] == [0, 0, 0, 60, 60]
    assert take_try([bucket], at=BEGAN + dt.timedelta(seconds=59)) == 60
    assert take_try([bucket], at=BEGAN + dt.timedelta(seconds=121)) == 0
    assert take_try([bucket], at=BEGAN - HOUR) > 0  # a clock that goes back gives nothing
    give_tries_back([bucket])
    assert take_try([bucket], at=BEGAN + dt.timedelta(seconds=121)) == 0


@pytest.mark.django_db
def test_what_one_bucket_refuses_counts_in_none() -> None:
    wide, narrow = Bucket("test", "wide", 5, 60), Bucket("test", "narrow", 1, 60)
    assert take_try([wide, narrow], at=BEGAN) == 0
    for _ in range(10):
        assert take_try([wide, narrow], at=BEGAN) == 60
    assert [take_try([wide], at=BEGAN) for _ in range(4)] == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_all_at_once_are_counted_one_by_one() -> None:
    bucket, got = Bucket("test", "crowd", most=4, seconds=3600), []
    barrier = threading.Barrier(8, timeout=30)

    def run() -> None:
        barrier.wait()
        got.append(take_try([bucket], at=BEGAN))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one == 0 for one in got) == [False] * 4 + [True] * 4


@pytest.mark.django_db
def test_what_is_over_goes() -> None:
    take_try([Bucket("test", "x", 3, 60)], at=BEGAN)
    assert forget_tries(at=BEGAN + 23 * HOUR) == 0
    assert run_old_tries(ManualClock(BEGAN + 25 * HOUR)) == 1
    assert not Try.objects.exists()


@pytest.mark.django_db
def test_the_table_is_not_logged_and_names_nobody() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'people_try'")
        assert cursor.fetchone()[0] == "u"
    take_try([Bucket("password", "member@example.org", 3, 60)], at=BEGAN)
    assert b"member" not in bytes(Try.objects.get().key)


# -- the door -------------------------------------------------------------------------------------


def test_every_spelling_is_one_name(member: Persona) -> None:
    spellings = (
        "member@example.org",
        "MEMBER@example.org ",
        "+221771234567",
        "00221 77 123 45 67",
        "771234567",
    )
    for login in spellings:
        assert sign_in(at_address(1), "wrong horse", login).status_code == 422
    answer = sign_in(at_address(1), "wrong horse", "Member@Example.org")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_tries_count_in_every_process(member: Persona) -> None:
    """What one process keeps in its memory is not asked."""
    for _ in range(5):
        sign_in(at_address(1), "wrong horse")
        cache.clear()
    assert sign_in(at_address(1)).status_code == 429


def test_nobody_locks_another_person_out(member: Persona) -> None:
    """Neither on her own phone, nor on a new one at another address."""
    hers = at_address(1)
    assert sign_in(hers).status_code == 302
    for _ in range(30):
        sign_in(at_address(2), "wrong horse")
    assert sign_in(at_address(2)).status_code == 429
    assert sign_in(at_address(3)).status_code == 302
    assert sign_in(again_on(hers, 1)).status_code == 302
    assert sign_in(again_on(hers, 2)).status_code == 302


def test_a_known_device_stays_open_while_a_thousand_addresses_guess(member: Persona) -> None:
    hers = at_address(1)
    sign_in(hers)
    take = Bucket("password name", str(member.account), 100, 180)
    now = dt.datetime.now(dt.UTC)
    while take_try([take], at=now) == 0:
        pass
    assert sign_in(at_address(9)).status_code == 429
    assert sign_in(again_on(hers, 9)).status_code == 302


def test_a_known_device_has_tries_of_its_own_and_no_more(member: Persona) -> None:
    hers = at_address(1)
    sign_in(hers)
    tries = [sign_in(again_on(hers, 1), "wrong horse").status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_a_device_is_known_for_those_who_came_in_on_it_and_cannot_be_forged(member: Persona) -> None:
    hers = at_address(1)
    sign_in(hers)
    assert hers.cookies["device"]["httponly"]
    assert str(member.account) not in hers.cookies["device"].value
    for _ in range(5):
        sign_in(again_on(hers, 1), "wrong horse", "colleague@example.org")
    assert sign_in(again_on(hers, 1), "wrong horse", "colleague@example.org").status_code == 429
    forged = at_address(7)
    forged.cookies["device"] = hers.cookies["device"].value[:-3] + "abc"
    for _ in range(5):
        sign_in(forged, "wrong horse")
    assert sign_in(forged, "wrong horse").status_code == 429


def test_who_is_right_spends_nothing(member: Persona) -> None:
    for _ in range(30):
        assert sign_in(at_address(1)).status_code == 302


def test_links_are_asked_for_by_somebody_and_stay_open_to_her(member: Persona) -> None:
    ask = {"login": "member@example.org", "purpose": "sign_in"}
    hers = at_address(1)
    sign_in(hers)
    answers = [at_address(2).post("/account/ask/", ask).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    assert again_on(hers, 2).post("/account/ask/", ask).status_code == 302


# -- codes ----------------------------------------------------------------------------------------


def with_codes(who: Persona) -> list[str]:
    """She has an app, and recovery codes, which are the answer."""
    account = Account.objects.get(id=who.account)
    TOTP.activate(account, SECRET)
    return list(RecoveryCodes.activate(account).generate_codes())


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def half_way(number: int) -> Client:
    browser = at_address(number)
    assert sign_in(browser)["Location"].startswith(SECOND)
    return browser


def came_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def test_a_code_of_the_app_opens_once_in_whichever_process(member: Persona) -> None:
    with_codes(member)
    first, second, code = half_way(1), half_way(2), code_now()
    assert first.post(SECOND, {"code": code}).status_code == 302
    cache.clear()  # as in another process
    assert second.post(SECOND, {"code": code}).status_code == 422
    assert came_in(first)
    assert not came_in(second)


@pytest.mark.django_db
def test_a_code_is_spent_until_it_is_over() -> None:
    assert spend_code("her", "123456", at=BEGAN)
    assert not spend_code("her", "123456", at=BEGAN + dt.timedelta(seconds=90))
    assert spend_code("another", "123456", at=BEGAN)
    assert spend_code("her", "123456", at=BEGAN + HOUR)


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_used_in_two_at_once_opens_one() -> None:
    cast = gather()
    with_password(cast.member)
    code = with_codes(cast.member)[0]
    browsers = [half_way(1), half_way(2)]
    barrier = threading.Barrier(2, timeout=30)

    def use(browser: Client) -> None:
        barrier.wait()
        browser.post(SECOND, {"code": code})
        connections.close_all()

    threads = [threading.Thread(target=use, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(came_in(browser) for browser in browsers) == [False, True]
    assert Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).data["used_mask"] == 1


def test_codes_are_guessed_slowly_and_by_whoever_guesses(member: Persona) -> None:
    with_codes(member)
    guesser, hers = half_way(2), half_way(1)
    answers = [guesser.post(SECOND, {"code": f"{number:06}"}).status_code for number in range(6)]
    assert answers == [422] * 5 + [429]
    assert hers.post(SECOND, {"code": code_now()}).status_code == 302


def test_a_wrong_password_in_an_open_session_is_counted(member: Persona) -> None:
    browser = at_address(1)
    sign_in(browser)
    again = [browser.post("/account/again/", {"password": "wrong horse"}).status_code for _ in range(11)]
    assert again == [422] * 10 + [429]
