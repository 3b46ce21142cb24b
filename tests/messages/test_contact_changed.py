"""Whose address or number somebody else changes is told where she was reached before."""

import pytest

from palabre.messages.actions.outbox import send_due
from palabre.messages.models import Message
from palabre.people.actions import PersonalFields, correct_person
from palabre.people.errors import EmailTaken
from palabre.people.models import Account, PersonalData
from tests.cast import BEGAN, Cast
from tests.messages.channels import Carrier, carry_everything

PHONE = "+221771234567"


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    return carry_everything(monkeypatch)


@pytest.fixture
def reached(cast: Cast) -> Cast:
    """The member has an e-mail address and a telephone."""
    PersonalData.objects.filter(account=cast.member.account).update(phone=PHONE)
    return cast


def correct(cast: Cast, **changed: str | None) -> None:
    who = {"name": "Member", "email": "member@example.org", "phone": PHONE} | changed
    by = cast.administrator.actor
    correct_person(cast.member.account, PersonalFields(**who), by=by, at=BEGAN)  # type: ignore[arg-type]


def sent(carrier: Carrier) -> list[str]:
    while send_due(at=BEGAN):
        pass
    return [to for to, _subject, _body in carrier.carried]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"email": "new@example.org"}, ["member@example.org"]),
        ({"email": None}, ["member@example.org"]),
        ({"phone": "+221770000001"}, [PHONE]),
        ({"email": "new@example.org", "phone": None}, ["member@example.org", PHONE]),
        ({"name": "Another name"}, []),
        ({}, []),
    ],
)
def test_she_is_told_where_she_was_reached(
    reached: Cast, carrier: Carrier, changed: dict[str, str | None], told: list[str]
) -> None:
    correct(reached, **changed)
    assert sorted(sent(carrier)) == sorted(told)
    assert not any(row.address for row in Message.objects.all())


def test_the_new_address_is_not_said_to_who_reads_the_old_one(reached: Cast, carrier: Carrier) -> None:
    correct(reached, email="new@example.org")
    sent(carrier)
    ((_to, _subject, body),) = carrier.carried
    assert "new@example.org" not in body
    assert "isn't yours there any more" in body


def test_in_her_language(reached: Cast, carrier: Carrier) -> None:
    Account.objects.filter(id=reached.member.account).update(language="fr")
    correct(reached, email="new@example.org")
    sent(carrier)
    assert "votre organisation a changé la façon" in carrier.carried[0][2]


def test_what_is_refused_tells_nobody(reached: Cast, carrier: Carrier) -> None:
    with pytest.raises(EmailTaken):
        correct(reached, email="colleague@example.org")
    assert sent(carrier) == []


def test_where_nothing_carries_the_change_is_made_all_the_same(reached: Cast) -> None:
    correct(reached, email="new@example.org")
    assert not Message.objects.exists()
    assert PersonalData.objects.get(account=reached.member.account).email == "new@example.org"
