"""add_person: account, personal data, residence and grants at once, or nothing."""

import pytest

from palabre.errors import Invalid, NotAllowed, NotFound
from palabre.people.actions import Home, PersonalFields, add_person
from palabre.people.actor import SYSTEM, Actor
from palabre.people.errors import (
    BadEmail,
    BadPhone,
    EmailTaken,
    PhoneTaken,
    ResidenceMissing,
    RoleNotHere,
    TextTooLong,
    UnknownLanguage,
)
from palabre.people.models import Account, Organisation, PersonalData, Role
from palabre.people.queries import person
from palabre.record.models import Event
from palabre.texts import TextUnreadable
from tests.cast import BEGAN, DAKAR, Cast

AMA = PersonalFields("Ama Sarr", "Ama.Sarr@Example.ORG ", "+221 77 123 45 67")


def add(
    organisation: Organisation,
    who: PersonalFields = AMA,
    *roles: Role,
    home: Home | None = DAKAR,
    by: Actor = SYSTEM,
    language: str = "fr",
) -> Account:
    return add_person(
        who, organisation=organisation.id, roles=roles, language=language, home=home, by=by, at=BEGAN
    )


def test_it_works(cast: Cast) -> None:
    ama = add(cast.operator, AMA, Role.MEMBER, Role.REVIEWER, by=cast.administrator.actor)
    seen = person(ama.id, cast.administrator.actor)
    assert (seen.name, seen.email, seen.phone) == ("Ama Sarr", "ama.sarr@example.org", "+221771234567")
    assert (seen.country, seen.timezone, seen.language) == ("SN", "Africa/Dakar", "fr")
    assert sorted(seen.roles) == ["member", "reviewer"]
    assert not ama.has_usable_password()


def test_the_record_holds_no_personal_data(cast: Cast) -> None:
    ama = add(cast.operator, AMA, Role.MEMBER)
    events = Event.objects.filter(subject=f"account:{ama.id}").order_by("seq")
    assert [event.code for event in events] == [
        "people.person.added",
        "people.residence.moved",
        "people.role.granted",
    ]
    written = str([event.data for event in events]).lower()
    assert not any(part in written for part in ("ama", "sarr", "example", "221"))


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "auditor", "finance", "delegate"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        add(cast.operator, by=getattr(cast, name).actor)


def test_not_into_another_organisation(cast: Cast) -> None:
    before = Account.objects.count()
    with pytest.raises(NotFound):
        add(cast.operator, AMA, Role.MEMBER, by=cast.stranger.actor)
    assert Account.objects.count() == before


@pytest.mark.parametrize("role", [Role.MEMBER, Role.REVIEWER])
def test_who_works_needs_a_home(cast: Cast, role: Role) -> None:
    with pytest.raises(ResidenceMissing):
        add(cast.operator, AMA, role, home=None)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CLIENT])
def test_a_clients_people_are_clients_only(cast: Cast, role: Role) -> None:
    with pytest.raises(RoleNotHere):
        add(cast.client, AMA, role)


def test_twice_the_same_address(cast: Cast) -> None:
    add(cast.operator, AMA, Role.MEMBER)
    with pytest.raises(EmailTaken):
        add(cast.operator, PersonalFields("Other", "AMA.SARR@example.org"), Role.MEMBER)
    with pytest.raises(PhoneTaken):
        add(cast.operator, PersonalFields("Other", None, "+221771234567"), Role.MEMBER)
    assert PersonalData.objects.filter(name="Other").count() == 0


@pytest.mark.parametrize(
    ("who", "error"),
    [
        (PersonalFields("A", "no address"), BadEmail),
        (PersonalFields("A", "a@b\x00.org"), BadEmail),
        (PersonalFields("A", None, "7712"), BadPhone),
        (PersonalFields("A", None, "not a number"), BadPhone),
        (PersonalFields("A", None, "+221771234567890123"), BadPhone),
        (PersonalFields("A", None, "+22177\x00123"), BadPhone),
        (PersonalFields("a" * 201), TextTooLong),
        (PersonalFields("A\x00"), TextUnreadable),
        (PersonalFields("A\ud800"), TextUnreadable),
    ],
)
def test_what_is_not_right_is_refused(cast: Cast, who: PersonalFields, error: type[Invalid]) -> None:
    with pytest.raises(error):
        add(cast.operator, who, Role.MEMBER)


@pytest.mark.parametrize("phone", ["77 123 45 67", "(77) 123-45-67", "+221 77 123 45 67", "00221771234567"])
def test_a_number_is_read_as_people_write_it(cast: Cast, phone: str) -> None:
    added = add(cast.operator, PersonalFields("Ama", None, phone), Role.MEMBER)
    assert PersonalData.objects.get(account=added).phone == "+221771234567"


def test_a_language_that_nobody_speaks(cast: Cast) -> None:
    with pytest.raises(UnknownLanguage):
        add(cast.operator, AMA, Role.MEMBER, language="xx")
