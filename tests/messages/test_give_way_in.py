"""give_way_in and give_client_way_in: nothing but the new link opens her account, and she reads who made it and why."""

import datetime as dt
import re
import threading
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from palabre.errors import NotAllowed, NotFound
from palabre.messages.actions import give_client_way_in, give_way_in, invite, invite_again
from palabre.messages.models import Message
from palabre.people.actions import PersonalFields, Why, erase_person, grant_role, make_link, use_link
from palabre.people.actor import SYSTEM
from palabre.people.errors import (
    AdministratorNeeded,
    AlreadyErased,
    EnoughLinks,
    HeldElsewhere,
    LinkOver,
    NobodyThere,
    OneselfIsIn,
    TextMissing,
    TextTooLong,
)
from palabre.people.models import Account, Link, PersonalData, Role, Session
from palabre.people.queries import links_given
from palabre.record.models import Event
from tests.cast import BEGAN, Cast, Persona, gather
from tests.messages.channels import carry_everything
from tests.people.door import browser_of

R = Link.Reason
LOST_PHONE, FORGOTTEN = Why(R.LOST_PHONE), Why(R.FORGOTTEN)
LATER = BEGAN + dt.timedelta(hours=1)


def came_in(who: Persona) -> Account:
    """She has come in once, with a password, and is signed in on a phone."""
    browser_of(who)
    account = Account.objects.get(id=who.account)
    account.set_password("the old password")
    account.save()
    return account


def secret_in(address: str | None) -> str:
    found = re.search(r"/account/link/([\w-]+)/", address or "")
    assert found is not None
    return found[1]


def test_it_works(cast: Cast) -> None:
    came_in(cast.member)
    earlier = make_link(cast.member.account, Link.Purpose.SIGN_IN, by=SYSTEM, at=BEGAN)
    made = give_way_in(cast.member.account, LOST_PHONE, by=cast.coordinator.actor, at=BEGAN)
    assert not Session.objects.filter(account=cast.member.account).exists()
    assert not Account.objects.get(id=cast.member.account).check_password("the old password")
    with pytest.raises(LinkOver):
        use_link(earlier, at=BEGAN)
    link = use_link(secret_in(made.address), at=BEGAN + dt.timedelta(days=3, seconds=-1))
    assert (link.account_id, link.purpose) == (cast.member.account, "way_in")


def test_it_ends_after_three_days(cast: Cast) -> None:
    came_in(cast.member)
    made = give_way_in(cast.member.account, LOST_PHONE, by=cast.coordinator.actor, at=BEGAN)
    with pytest.raises(LinkOver):
        use_link(secret_in(made.address), at=BEGAN + dt.timedelta(days=3))


def test_the_record_knows_who_and_why_but_not_the_words(cast: Cast) -> None:
    came_in(cast.member)
    why = Why(R.OTHER, "Her brother Moussa has the phone")
    give_way_in(cast.member.account, why, by=cast.coordinator.actor, at=BEGAN)
    event = Event.objects.get(code="people.way_in.opened")
    assert (event.actor, event.subject) == (cast.coordinator.account, f"account:{cast.member.account}")
    assert event.data == {"reason": "other", "sessions": 1, "second_step_removed": False}
    assert not any("Moussa" in str(one.data) for one in Event.objects.all())


def test_she_reads_it_herself(cast: Cast) -> None:
    came_in(cast.member)
    give_way_in(cast.member.account, LOST_PHONE, by=cast.coordinator.actor, at=BEGAN)
    give_way_in(cast.member.account, Why(R.OTHER, "A fire"), by=cast.administrator.actor, at=LATER)
    make_link(cast.member.account, Link.Purpose.SIGN_IN, by=SYSTEM, at=LATER)
    read = [(one.at, one.by, one.reason, one.words) for one in links_given(cast.member.actor)]
    assert read == [(LATER, "Administrator", "other", "A fire"), (BEGAN, "Coordinator", "lost_phone", "")]
    assert links_given(cast.colleague.actor) == []


def test_who_never_came_in_is_invited_once_more(cast: Cast) -> None:
    made = give_way_in(cast.member.account, Why(R.LOST_LINK), by=cast.coordinator.actor, at=BEGAN)
    link = use_link(secret_in(made.address), at=BEGAN + dt.timedelta(days=13))
    assert link.purpose == "invitation"


def test_it_is_sent_where_something_reaches_her(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_everything(monkeypatch)
    came_in(cast.member)
    assert give_way_in(cast.member.account, LOST_PHONE, by=cast.coordinator.actor, at=BEGAN).address is None
    message = Message.objects.get()
    assert (message.channel, message.subject) == ("email", "Your new link to come in")
    assert use_link(secret_in(message.body), at=BEGAN).account_id == cast.member.account


def test_no_text_message_goes_to_a_lost_phone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    carry_everything(monkeypatch)
    came_in(cast.member)
    PersonalData.objects.filter(account=cast.member.account).update(email=None, phone="+221771234567")
    assert give_way_in(cast.member.account, LOST_PHONE, by=cast.coordinator.actor, at=BEGAN).address
    assert not Message.objects.exists()
    assert give_way_in(cast.member.account, FORGOTTEN, by=cast.coordinator.actor, at=LATER).address is None
    assert Message.objects.get().channel == "sms"


@pytest.mark.parametrize("name", ["member", "client_person", "finance", "auditor", "delegate", "reviewer"])
def test_who_may_not(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        give_way_in(cast.colleague.account, FORGOTTEN, by=getattr(cast, name).actor, at=BEGAN)


@pytest.mark.parametrize("name", ["administrator", "finance", "auditor", "delegate"])
def test_a_coordinator_lets_in_who_does_the_work_and_nobody_else(cast: Cast, name: str) -> None:
    """She would otherwise come in as somebody who may do more than she may."""
    with pytest.raises(AdministratorNeeded):
        give_way_in(getattr(cast, name).account, FORGOTTEN, by=cast.coordinator.actor, at=BEGAN)
    give_way_in(cast.reviewer.account, FORGOTTEN, by=cast.coordinator.actor, at=BEGAN)


def test_a_member_with_another_role_needs_an_administrator(cast: Cast) -> None:
    grant_role(cast.member.account, cast.operator.id, Role.FINANCE, by=SYSTEM, at=BEGAN)
    with pytest.raises(AdministratorNeeded):
        give_way_in(cast.member.account, FORGOTTEN, by=cast.coordinator.actor, at=BEGAN)
    give_way_in(cast.member.account, FORGOTTEN, by=cast.administrator.actor, at=BEGAN)


def test_foreign_and_unknown_look_the_same(cast: Cast) -> None:
    for account in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            give_way_in(account, FORGOTTEN, by=cast.stranger.actor, at=BEGAN)


def test_not_for_oneself(cast: Cast) -> None:
    with pytest.raises(OneselfIsIn):
        give_way_in(cast.administrator.account, FORGOTTEN, by=cast.administrator.actor, at=BEGAN)


def test_who_takes_part_elsewhere_too_is_let_in_at_the_terminal_only(cast: Cast) -> None:
    """An organisation would otherwise get at what is hers in another."""
    grant_role(cast.member.account, cast.stranger_operator.id, Role.MEMBER, by=SYSTEM, at=BEGAN)
    with pytest.raises(HeldElsewhere):
        give_way_in(cast.member.account, FORGOTTEN, by=cast.administrator.actor, at=BEGAN)
    with pytest.raises(HeldElsewhere):
        invite_again(cast.member.account, by=cast.administrator.actor, at=BEGAN)
    assert give_way_in(cast.member.account, FORGOTTEN, by=SYSTEM, at=BEGAN).address


def test_an_erased_person_has_no_way_in(cast: Cast) -> None:
    erase_person(cast.member.account, by=SYSTEM, at=BEGAN)
    with pytest.raises(AlreadyErased):
        give_way_in(cast.member.account, FORGOTTEN, by=cast.administrator.actor, at=BEGAN)


def test_what_is_not_right_changes_nothing(cast: Cast) -> None:
    came_in(cast.member)
    for words, error in (("", TextMissing), ("x" * 501, TextTooLong)):
        with pytest.raises(error):
            give_way_in(cast.member.account, Why(R.OTHER, words), by=cast.coordinator.actor, at=BEGAN)
    assert Account.objects.get(id=cast.member.account).check_password("the old password")
    assert Session.objects.filter(account=cast.member.account).exists()


def test_not_without_end(cast: Cast) -> None:
    by = cast.coordinator.actor
    for _ in range(5):
        give_way_in(cast.member.account, FORGOTTEN, by=by, at=BEGAN)
    with pytest.raises(EnoughLinks):
        give_way_in(cast.member.account, FORGOTTEN, by=by, at=LATER)
    with pytest.raises(EnoughLinks):
        invite_again(cast.member.account, by=cast.administrator.actor, at=LATER)
    give_way_in(cast.colleague.account, FORGOTTEN, by=by, at=LATER)
    give_way_in(cast.member.account, FORGOTTEN, by=by, at=BEGAN + dt.timedelta(days=1, seconds=1))


def with_second_step(who: Persona) -> None:
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user_id=who.account, type=kind, data={})


def test_a_second_step_stays_unless_it_is_said_to_be_lost(cast: Cast) -> None:
    with_second_step(cast.member)
    give_way_in(cast.member.account, LOST_PHONE, by=cast.administrator.actor, at=BEGAN)
    assert Authenticator.objects.filter(user_id=cast.member.account).count() == 2
    lost = Why(R.LOST_PHONE, no_second_step=True)
    give_way_in(cast.member.account, lost, by=cast.administrator.actor, at=LATER)
    assert not Authenticator.objects.filter(user_id=cast.member.account).exists()
    assert [one.second_step_removed for one in links_given(cast.member.actor)] == [True, False]
    told = Event.objects.filter(code="people.way_in.opened").order_by("seq")
    assert [event.data["second_step_removed"] for event in told] == [False, True]


def test_only_an_administrator_removes_a_second_step(cast: Cast) -> None:
    with_second_step(cast.member)
    lost = Why(R.LOST_PHONE, no_second_step=True)
    with pytest.raises(AdministratorNeeded):
        give_way_in(cast.member.account, lost, by=cast.coordinator.actor, at=BEGAN)
    assert Authenticator.objects.filter(user_id=cast.member.account).count() == 2


def test_nothing_to_remove_is_not_said_to_be_removed(cast: Cast) -> None:
    lost = Why(R.LOST_PHONE, no_second_step=True)
    give_way_in(cast.member.account, lost, by=cast.administrator.actor, at=BEGAN)
    assert [one.second_step_removed for one in links_given(cast.member.actor)] == [False]


def test_a_clients_person_by_its_operator(cast: Cast) -> None:
    made = give_client_way_in(
        cast.client.id, "CLIENT@example.org", Why(R.LOST_LINK), by=cast.administrator.actor, at=BEGAN
    )
    assert use_link(secret_in(made.address), at=BEGAN).account_id == cast.client_person.account
    assert links_given(cast.client_person.actor)[0].by == "Administrator"


@pytest.mark.parametrize(
    "login", ["member@example.org", "foreign-client@example.org", "nobody@example.org", ""]
)
def test_nobody_elses_by_the_name_of_a_client(cast: Cast, login: str) -> None:
    with pytest.raises(NobodyThere):
        give_client_way_in(cast.client.id, login, FORGOTTEN, by=cast.administrator.actor, at=BEGAN)


def test_another_operators_client_does_not_exist(cast: Cast) -> None:
    for client in (cast.client.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            give_client_way_in(client, "client@example.org", FORGOTTEN, by=cast.stranger.actor, at=BEGAN)


def test_a_lost_invitation(cast: Cast) -> None:
    by = cast.administrator.actor
    ama = PersonalFields("Ama", "ama@example.org")
    first = invite(ama, roles=[Role.FINANCE], language="en", by=by, at=BEGAN)
    again = give_way_in(first.account, Why(R.LOST_LINK), by=by, at=LATER)
    with pytest.raises(LinkOver):
        use_link(secret_in(first.address), at=LATER)
    assert use_link(secret_in(again.address), at=LATER).purpose == "invitation"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_time_one_link_opens() -> None:
    cast = gather()
    came_in(cast.member)
    made: list[str] = []

    def give(by: Persona) -> None:
        address = give_way_in(cast.member.account, FORGOTTEN, by=by.actor, at=BEGAN).address
        made.append(secret_in(address))
        connection.close()

    threads = [threading.Thread(target=give, args=(by,)) for by in (cast.coordinator, cast.administrator)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(made) == 2
    assert Link.objects.filter(account=cast.member.account, used_at=None).count() == 1
