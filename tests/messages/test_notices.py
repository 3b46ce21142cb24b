"""Letters of the morning and at once: when they come, that they come once, and how they are turned off."""

import datetime as dt
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import resolve

from palabre.messages import notices
from palabre.messages.models import Message, Told, ToldAtOnce
from palabre.messages.notices import AtOnce, Matter, Notice
from palabre.people.actions import erase_person, revoke_role
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Account, PersonalData, Role
from palabre.record.failures import failures
from palabre.record.models import Event
from palabre.settings import current
from tests.cast import BEGAN, Cast, gather
from tests.messages.channels import Carrier, carry_everything
from tests.messages.mornings import everybody_came_in, letters_to, tell
from tests.people.door import browser_of, visible

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
# Monday, eight in the morning in Dakar and eleven in Nairobi. Her next morning:
SEVEN = BEGAN.replace(hour=7) + DAY
NIGHT = BEGAN.replace(hour=22)


class Waits:
    """Something that waits for every member, until it doesn't; and matters that can't wait."""

    def __init__(self) -> None:
        self.number, self.open, self.dies_at = 1, [], None
        self.asked: list[tuple[Actor, dt.datetime]] = []

    open: list[Matter]
    dies_at: tuple[object, type[BaseException]] | None

    def morning(self, by: Actor, since: dt.datetime, _at: dt.datetime) -> Iterator[Notice]:
        self.asked.append((by, since))
        if self.dies_at is not None and by.account == self.dies_at[0]:
            raise self.dies_at[1]
        if self.number:
            yield Notice(f"{self.number} things", "/decisions/")

    def find(self, _at: dt.datetime) -> list[Matter]:
        return self.open

    def say(self, number: int) -> str:
        return f"{number} late"


@pytest.fixture
def carrier(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    everybody_came_in(BEGAN)
    return carry_everything(monkeypatch)


@pytest.fixture
def waits(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> Waits:
    made = Waits()
    monkeypatch.setattr(notices, "_MORNINGS", {Role.MEMBER: made.morning})
    kind = AtOnce("test", made.find, made.say, "/team/decisions/", frozenset({Role.COORDINATOR}))
    monkeypatch.setattr(notices, "_AT_ONCE", [kind])
    tell(BEGAN)
    return made


def test_it_comes_at_seven_where_she_is_and_once_a_day(cast: Cast, waits: Waits) -> None:
    tell(SEVEN - 4 * HOUR)
    assert letters_to(cast.colleague) == letters_to(cast.member) == []
    tell(SEVEN - 3 * HOUR)
    assert len(letters_to(cast.colleague)) == 1, "seven in Nairobi"
    assert letters_to(cast.member) == []
    tell(SEVEN)
    tell(SEVEN + HOUR)
    assert len(letters_to(cast.member)) == len(letters_to(cast.colleague)) == 1
    (letter,) = letters_to(cast.member)
    assert "Palabre: 1 thing for you today" in letter
    assert f"- 1 things\n  {current().url}/decisions/" in letter
    tell(SEVEN + DAY)
    assert len(letters_to(cast.member)) == 2


def test_nothing_is_sent_where_nothing_waits(cast: Cast, waits: Waits) -> None:
    waits.number = 0
    tell(SEVEN)
    assert not Message.objects.exists()


def test_what_is_new_is_asked_for_from_the_letter_before(cast: Cast, waits: Waits) -> None:
    for morning in (SEVEN, SEVEN + DAY, SEVEN + 20 * DAY):
        tell(morning)
    hers = [since for by, since in waits.asked if by.account == cast.member.account]
    assert hers == [BEGAN, SEVEN, SEVEN + 13 * DAY], "a week is the furthest"


def test_a_job_that_stood_still_over_the_morning_disturbs_nobody_at_night(cast: Cast, waits: Waits) -> None:
    tell(NIGHT + DAY)
    assert letters_to(cast.member) == []
    tell(SEVEN + DAY)
    assert len(letters_to(cast.member)) == 1
    assert (cast.member.account, BEGAN) in [(by.account, since) for by, since in waits.asked]


def test_a_killed_job_repeats_nothing_and_forgets_nobody(cast: Cast, waits: Waits) -> None:
    waits.dies_at = (cast.shared.account, KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        tell(SEVEN)
    waits.dies_at = None
    tell(SEVEN)
    for who in (cast.member, cast.shared, cast.returned):
        assert len(letters_to(who)) == 1, who.name


def test_one_who_can_not_be_told_is_named_and_passed(cast: Cast, waits: Waits) -> None:
    waits.dies_at = (cast.member.account, ValueError)
    tell(SEVEN)
    assert letters_to(cast.member) == []
    assert len(letters_to(cast.shared)) == 1
    assert [(one.job, one.subject, one.why) for one in failures()] == [
        ("notices", f"account:{cast.member.account}", "ValueError")
    ]
    waits.dies_at = None
    tell(SEVEN + HOUR)
    assert len(letters_to(cast.member)) == 1
    assert failures() == []


def test_what_can_not_wait_is_told_at_once_and_once(cast: Cast, waits: Waits) -> None:
    waits.open = [Matter("late:1", organisation=cast.operator.id)]
    tell(BEGAN)
    (letter,) = letters_to(cast.coordinator)
    assert letter.startswith("Palabre: this can't wait\n")
    assert "- 1 late" in letter
    assert letters_to(cast.finance) == letters_to(cast.stranger) == [], "another role, another operator"
    waits.open.append(Matter("late:2", organisation=cast.operator.id))
    tell(BEGAN + HOUR)
    tell(BEGAN + 2 * HOUR)
    _first, second = letters_to(cast.coordinator)
    assert "- 1 late" in second, "the one before was told"


def test_nobody_is_woken(cast: Cast, waits: Waits) -> None:
    waits.open = [Matter("late:1", organisation=cast.operator.id)]
    tell(NIGHT)
    tell(SEVEN - HOUR)
    assert letters_to(cast.coordinator) == []
    tell(SEVEN)
    assert len(letters_to(cast.coordinator)) == 1


def test_what_is_hers_alone_reaches_her_when_her_roles_have_ended(cast: Cast, waits: Waits) -> None:
    revoke_role(cast.member.account, cast.operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    waits.open = [Matter("decision:1", account=cast.member.account)]
    tell(BEGAN + HOUR)
    assert len(letters_to(cast.member)) == 1
    assert letters_to(cast.coordinator) == []


def test_who_never_came_in_or_has_no_address_is_told_nothing(cast: Cast, waits: Waits) -> None:
    Account.objects.filter(id=cast.member.account).update(last_login=None)
    PersonalData.objects.filter(account=cast.shared.account).update(email=None, phone="+221771234567")
    tell(SEVEN)
    assert letters_to(cast.member) == letters_to(cast.shared) == []
    assert len(letters_to(cast.returned)) == 1


def test_where_nothing_carries_nothing_is_written(cast: Cast) -> None:
    everybody_came_in(BEGAN)
    assert tell(BEGAN) == tell(SEVEN) == 0
    assert not Told.objects.exists()


def test_in_her_language(cast: Cast, waits: Waits) -> None:
    Account.objects.filter(id=cast.member.account).update(language="fr")
    tell(SEVEN)
    (letter,) = letters_to(cast.member)
    assert letter.startswith("Palabre\u00a0: 1 chose pour vous aujourd’hui\nBonjour Member,")


def off_link(letter: str) -> str:
    (found,) = re.findall(r"/account/letters/off/[^\s]+", letter)
    return str(found)


def test_off_with_one_click_and_without_signing_in(cast: Cast, waits: Waits) -> None:
    tell(SEVEN)
    (letter,) = letters_to(cast.member)
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(off_link(letter))
    assert "No more of these letters" in visible(page)
    assert Told.objects.get(person=cast.member.account).mornings, (
        "a program that looks through links turns nothing off"
    )
    page = browser.post(off_link(letter), {"List-Unsubscribe": "One-Click"})
    assert "No more letters come in the morning." in visible(page)
    tell(SEVEN + DAY)
    assert len(letters_to(cast.member)) == 1
    assert len(letters_to(cast.shared)) == 2, "hers alone"
    event = Event.objects.get(code="messages.letters.chosen")
    assert (event.subject, event.data) == (
        f"account:{cast.member.account}",
        {"mornings": False, "at_once": True},
    )
    assert browser.get("/account/").status_code == 302, "it opens nothing else"


@pytest.mark.parametrize("secret", ["no-link", "0" * 32 + ".mornings.x", "٣"])
def test_a_link_that_nobody_signed_turns_nothing_off(cast: Cast, waits: Waits, secret: str) -> None:
    page = Client().post(f"/account/letters/off/{secret}/")
    assert page.status_code == 404
    assert "This link turns nothing off" in visible(page)


def test_a_link_of_somebody_who_was_erased(cast: Cast, waits: Waits) -> None:
    tell(SEVEN)
    link = off_link(letters_to(cast.member)[0])
    erase_person(cast.member.account, by=SYSTEM, at=SEVEN)
    assert Client().post(link).status_code == 404
    assert not Told.objects.filter(person=cast.member.account).exists()


def test_on_her_own_page(cast: Cast, waits: Waits) -> None:
    waits.open = [Matter("late:1", organisation=cast.operator.id)]
    browser = browser_of(cast.coordinator)
    assert "What you are told by e-mail" in visible(browser.get("/account/"))
    assert "coordinator@example.org" in visible(browser.get("/account/letters/"))
    assert browser.post("/account/letters/", {"mornings": "on", "_once": "1"}).status_code == 302
    tell(BEGAN + HOUR)
    assert letters_to(cast.coordinator) == []
    assert (
        browser.post("/account/letters/", {"mornings": "on", "at_once": "on", "_once": "2"}).status_code
        == 302
    )
    tell(BEGAN + HOUR)
    assert len(letters_to(cast.coordinator)) == 1


def test_turned_on_again_tells_from_then_on(cast: Cast, waits: Waits) -> None:
    browser = browser_of(cast.member)
    browser.post("/account/letters/", {"at_once": "on", "_once": "1"})
    tell(SEVEN)
    assert letters_to(cast.member) == []
    browser.post("/account/letters/", {"mornings": "on", "at_once": "on", "_once": "2"})
    assert Told.objects.get(person=cast.member.account).until > SEVEN


def test_the_database_keeps_a_matter_from_being_told_twice(cast: Cast, waits: Waits) -> None:
    waits.open = [Matter("late:1", organisation=cast.operator.id)]
    tell(BEGAN)
    with pytest.raises(IntegrityError, match="told_at_once_uq"), transaction.atomic():
        ToldAtOnce.objects.create(person_id=cast.coordinator.account, matter="late:1", at=BEGAN)


def test_who_acts_for_two_organisations_gets_one_letter_of_both(cast: Cast, waits: Waits) -> None:
    tell(SEVEN)
    asked = {by.organisation for by, _since in waits.asked if by.account == cast.shared.account}
    assert asked == {cast.operator.id, cast.stranger_operator.id}
    assert len(letters_to(cast.shared)) == 1
    still = {by.organisation for by, _since in waits.asked if by.account == cast.returned.account}
    assert still == {cast.operator.id}


@pytest.mark.django_db(transaction=True)
def test_two_jobs_side_by_side_tell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cast, waits, together = gather(), Waits(), threading.Barrier(2)
    everybody_came_in(BEGAN)
    carry_everything(monkeypatch)
    monkeypatch.setattr(notices, "_MORNINGS", {Role.MEMBER: waits.morning})
    kind = AtOnce("test", waits.find, waits.say, "/team/decisions/", frozenset({Role.COORDINATOR}))
    monkeypatch.setattr(notices, "_AT_ONCE", [kind])
    tell(BEGAN)
    waits.open = [Matter("late:1", organisation=cast.operator.id)]

    def job(_number: int) -> None:
        try:
            together.wait(20)
            tell(SEVEN)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(job, range(2)))
    for who in (cast.member, cast.shared, cast.returned, cast.coordinator):
        assert len(letters_to(who)) == 1, who.name
    assert failures() == []


def test_each_page_of_what_can_not_wait_is_there() -> None:
    for kind in notices.kinds_at_once():
        assert resolve(kind.page).url_name
    assert len({kind.name for kind in notices.kinds_at_once()}) == len(notices.kinds_at_once())
