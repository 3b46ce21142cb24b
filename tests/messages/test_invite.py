"""invite, invite_again, invite_client, invite_to_client and ask_for_link."""

import re
import uuid

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.messages.actions import (
    ask_for_link,
    invite,
    invite_again,
    invite_client,
    invite_to_client,
    send_due,
)
from palabre.messages.models import Message
from palabre.people.actions import Home, PersonalFields, use_link
from palabre.people.errors import (
    EmailTaken,
    InvitationAnswered,
    LinkOver,
    NotReachable,
    OperatorNeeded,
    ResidenceMissing,
)
from palabre.people.models import Account, Grant, Link, Organisation, PersonalData, Role
from palabre.people.queries import clients_of, invited, person
from tests.cast import BEGAN, Cast
from tests.messages.channels import Carrier, carry_everything

AMA = PersonalFields("Ama", "ama@example.org")
DAKAR = Home(country="SN", timezone="Africa/Dakar")


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    return carry_everything(monkeypatch)


def secret_in(text: str) -> str:
    found = re.search(r"http://localhost:8000/account/link/([\w-]+)/", text)
    assert found is not None
    return found[1]


def sent(carrier: Carrier) -> tuple[str, str, str]:
    assert send_due(at=BEGAN)
    return carrier.carried[-1]


def test_an_invitation_works(cast: Cast, carrier: Carrier) -> None:
    made = invite(AMA, roles=[Role.MEMBER], language="en", home=DAKAR, by=cast.administrator.actor, at=BEGAN)
    assert made.address is None
    to, subject, body = sent(carrier)
    assert (to, subject) == ("ama@example.org", "Operator invites you to Palabre")
    assert use_link(secret_in(body), at=BEGAN).account_id == made.account
    assert person(made.account, cast.administrator.actor).roles == ["member"]


def test_it_is_written_in_her_language(cast: Cast, carrier: Carrier) -> None:
    invite(AMA, roles=[Role.FINANCE], language="fr", by=cast.administrator.actor, at=BEGAN)
    _to, subject, body = sent(carrier)
    assert subject == "Operator vous invite sur Palabre"
    assert "Bonjour Ama" in body


def test_where_nothing_is_sent_the_link_is_handed_over(cast: Cast) -> None:
    made = invite(AMA, roles=[Role.FINANCE], language="fr", by=cast.administrator.actor, at=BEGAN)
    assert made.address is not None
    assert use_link(secret_in(made.address), at=BEGAN).account_id == made.account
    assert not Message.objects.exists()


@pytest.mark.parametrize("name", ["member", "coordinator", "client_person", "finance", "auditor"])
def test_who_may_not(cast: Cast, name: str) -> None:
    by = getattr(cast, name).actor
    with pytest.raises(NotAllowed):
        invite(AMA, roles=[Role.MEMBER], language="en", home=DAKAR, by=by, at=BEGAN)
    with pytest.raises(NotAllowed):
        invite_client("X", "SN", "Africa/Dakar", contact=AMA, language="en", by=by, at=BEGAN)


def test_what_is_not_right_leaves_nothing(cast: Cast, carrier: Carrier) -> None:
    by, before = cast.administrator.actor, Account.objects.count()
    for who, roles, error in (
        (PersonalFields("Ama"), [Role.FINANCE], NotReachable),
        (AMA, [Role.MEMBER], ResidenceMissing),
        (PersonalFields("Ama", "member@example.org"), [Role.FINANCE], EmailTaken),
    ):
        with pytest.raises(error):
            invite(who, roles=roles, language="en", by=by, at=BEGAN)
    assert (Account.objects.count(), Link.objects.count()) == (before, 0)


def test_again_until_she_comes_in(cast: Cast, carrier: Carrier) -> None:
    by = cast.administrator.actor
    account = invite(AMA, roles=[Role.FINANCE], language="en", by=by, at=BEGAN).account
    first = secret_in(sent(carrier)[2])
    assert [one.id for one in invited(by)] == [account]
    invite_again(account, by=by, at=BEGAN)
    with pytest.raises(LinkOver):
        use_link(first, at=BEGAN)
    use_link(secret_in(sent(carrier)[2]), at=BEGAN)
    Account.objects.filter(id=account).update(last_login=BEGAN)
    assert invited(by) == []
    with pytest.raises(InvitationAnswered):
        invite_again(account, by=by, at=BEGAN)


def test_again_for_ones_own_people_only(cast: Cast) -> None:
    for account in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            invite_again(account, by=cast.stranger.actor, at=BEGAN)


def test_a_client_and_one_more_person(cast: Cast, carrier: Carrier) -> None:
    by = cast.administrator.actor
    made = invite_client("Museum", "FR", "Europe/Paris", contact=AMA, language="fr", by=by, at=BEGAN)
    museum = Organisation.objects.get(name="Museum")
    assert (museum.kind, museum.operator_id) == ("client", cast.operator.id)
    assert "Museum vous invite" in sent(carrier)[1]
    assert Grant.objects.get(account=made.account).organisation_id == museum.id
    invite_to_client(museum.id, PersonalFields("Ben", "ben@example.org"), language="en", by=by, at=BEGAN)
    assert {client.name: client.people for client in clients_of(by)} == {"Museum": 2, "Client": 1}
    with pytest.raises(NotFound):
        person(made.account, by)  # her client's people are its own


def test_another_operators_client_does_not_exist(cast: Cast) -> None:
    assert clients_of(cast.stranger.actor) == []
    for client in (cast.client.id, cast.operator.id, uuid.uuid4()):
        with pytest.raises(NotFound):
            invite_to_client(client, AMA, language="en", by=cast.stranger.actor, at=BEGAN)


def test_an_operator_is_not_invited(cast: Cast) -> None:
    from palabre.people.actions import add_organisation

    with pytest.raises(OperatorNeeded):
        add_organisation(Organisation.Kind.OPERATOR, "X", "SN", "UTC", by=cast.administrator.actor, at=BEGAN)


@pytest.mark.parametrize("login", ["member@example.org", "MEMBER@example.org ", "77 123 45 67"])
def test_asking_for_a_link(cast: Cast, carrier: Carrier, login: str) -> None:
    PersonalData.objects.filter(account=cast.member.account).update(phone="+221771234567")
    ask_for_link(login, Link.Purpose.SIGN_IN, at=BEGAN)
    to, subject, body = sent(carrier)
    assert (to, subject) == ("member@example.org", "Your link to sign in")
    assert use_link(secret_in(body), at=BEGAN).account_id == cast.member.account


def test_asking_for_a_new_password(cast: Cast, carrier: Carrier) -> None:
    ask_for_link("member@example.org", Link.Purpose.NEW_PASSWORD, at=BEGAN)
    assert use_link(secret_in(sent(carrier)[2]), at=BEGAN).purpose == "new_password"


def test_nobody_is_written_to_for_a_name_that_nobody_has(cast: Cast, carrier: Carrier) -> None:
    for login in ("nobody@example.org", "77 000 00 00", "", "@", "%"):
        ask_for_link(login, Link.Purpose.SIGN_IN, at=BEGAN)
    Account.objects.filter(id=cast.member.account).update(is_active=False)
    ask_for_link("member@example.org", Link.Purpose.SIGN_IN, at=BEGAN)
    assert not send_due(at=BEGAN)
