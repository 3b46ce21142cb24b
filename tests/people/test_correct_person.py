"""correct_person."""

import uuid

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.people.actions import (
    PersonalFields,
    correct_person,
    erase_person,
    grant_role,
    make_link,
    use_link,
)
from palabre.people.actor import SYSTEM
from palabre.people.errors import AlreadyErased, BadEmail, EmailTaken, HeldElsewhere, LinkOver
from palabre.people.models import Link, PersonalData, Role
from palabre.record.models import Event
from tests.cast import BEGAN, Cast
from tests.people.door import browser_of, visible

NEW = PersonalFields("Awa Diop", "awa@example.org", "77 123 45 67")


def test_it_works(cast: Cast) -> None:
    correct_person(cast.member.account, NEW, by=cast.administrator.actor, at=BEGAN)
    row = PersonalData.objects.get(account=cast.member.account)
    assert (row.name, row.email, row.phone) == ("Awa Diop", "awa@example.org", "+221771234567")
    event = Event.objects.latest("seq")
    assert (event.code, event.data) == ("people.person.corrected", {"fields": ["name", "email", "phone"]})


@pytest.mark.parametrize(("who", "over"), [(NEW, True), (PersonalFields("Awa", "member@example.org"), False)])
def test_links_to_an_old_address_are_over(cast: Cast, who: PersonalFields, over: bool) -> None:
    secret = make_link(cast.member.account, Link.Purpose.SIGN_IN, by=SYSTEM, at=BEGAN)
    correct_person(cast.member.account, who, by=cast.administrator.actor, at=BEGAN)
    if over:
        with pytest.raises(LinkOver):
            use_link(secret, at=BEGAN)
    else:
        use_link(secret, at=BEGAN)


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance", "auditor"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        correct_person(cast.member.account, NEW, by=getattr(cast, name).actor, at=BEGAN)


def test_foreign_and_unknown_look_the_same(cast: Cast) -> None:
    for account in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            correct_person(account, NEW, by=cast.stranger.actor, at=BEGAN)


def test_what_is_refused_changes_nothing(cast: Cast) -> None:
    by = cast.administrator.actor
    with pytest.raises(EmailTaken):
        correct_person(cast.member.account, PersonalFields("X", "Colleague@example.org"), by=by, at=BEGAN)
    with pytest.raises(BadEmail):
        correct_person(cast.member.account, PersonalFields("X", "x"), by=by, at=BEGAN)
    assert PersonalData.objects.get(account=cast.member.account).name == "Member"


def test_no_organisation_gets_at_anothers_account(cast: Cast) -> None:
    grant_role(cast.member.account, cast.stranger_operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    with pytest.raises(HeldElsewhere):
        correct_person(cast.member.account, NEW, by=cast.administrator.actor, at=BEGAN)
    correct_person(cast.member.account, NEW, by=SYSTEM, at=BEGAN)


def test_not_the_erased(cast: Cast) -> None:
    erase_person(cast.member.account, by=SYSTEM, at=BEGAN)
    with pytest.raises(AlreadyErased):
        correct_person(cast.member.account, NEW, by=cast.administrator.actor, at=BEGAN)


def test_the_page(cast: Cast) -> None:
    browser, path = browser_of(cast.administrator), f"/people/{cast.member.account}/correct/"
    refused = browser.post(path, {"name": "Awa", "email": "colleague@example.org"})
    assert "already in use" in visible(refused)
    assert browser.post(path, {"name": "Awa", "email": "awa@example.org"}).status_code == 302
    assert "Awa" in visible(browser.get(f"/people/{cast.member.account}/"))
