"""The outbox: written with the deed, carried once."""

import datetime as dt
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import transaction

from palabre.messages import channels
from palabre.messages.actions import send_due, write
from palabre.messages.errors import NoChannel, NotSent
from palabre.messages.models import Message
from palabre.people.actions import erase_person
from palabre.people.actor import SYSTEM
from palabre.people.models import PersonalData
from tests.cast import BEGAN, Cast
from tests.messages.channels import Carrier, carry_everything

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    return carry_everything(monkeypatch)


def person(cast: Cast) -> PersonalData:
    return PersonalData.objects.get(account=cast.member.account)


def written(cast: Cast, at: dt.datetime = BEGAN) -> Message:
    return write(person(cast), "Subject", "Body", language="en", at=at)


def state(message: Message) -> tuple[str, str, str]:
    message.refresh_from_db()
    return message.state, message.body, message.why


def test_it_is_carried_once_and_its_body_forgotten(cast: Cast, carrier: Carrier) -> None:
    message = written(cast)
    assert send_due(at=BEGAN)
    assert carrier.carried == [("member@example.org", "Subject", "Body")]
    assert state(message) == ("sent", "", "")
    assert not send_due(at=BEGAN)


def test_a_deed_that_fails_sends_nothing(cast: Cast, carrier: Carrier) -> None:
    with transaction.atomic():
        written(cast)
        transaction.set_rollback(True)
    assert not send_due(at=BEGAN)


def test_e_mail_before_sms(cast: Cast, carrier: Carrier) -> None:
    assert written(cast).channel == "email"
    PersonalData.objects.filter(account=cast.member.account).update(email=None, phone="+221771234567")
    assert written(cast).channel == "sms"


def test_nobody_is_written_to_who_cannot_be_reached(cast: Cast) -> None:
    with pytest.raises(NoChannel):
        written(cast)


def test_a_failure_that_may_pass_is_tried_again_later(cast: Cast, carrier: Carrier) -> None:
    message = written(cast)
    carrier.refuses = NotSent("SMTPServerDisconnected", again=True)
    assert send_due(at=BEGAN)
    assert state(message) == ("waiting", "Body", "SMTPServerDisconnected")
    assert not send_due(at=BEGAN + MINUTE / 2)
    carrier.refuses = None
    assert send_due(at=BEGAN + MINUTE)
    assert state(message) == ("sent", "", "")


def test_not_for_ever(cast: Cast, carrier: Carrier) -> None:
    message = written(cast)
    carrier.refuses = NotSent("busy", again=True)
    at, tries = BEGAN, 0
    while send_due(at=at):
        tries, at = tries + 1, at + dt.timedelta(days=1)
    assert tries == 6
    assert state(message) == ("failed", "", "busy")


def test_an_address_that_is_refused_is_not_tried_again(cast: Cast, carrier: Carrier) -> None:
    message = written(cast)
    carrier.refuses = NotSent("the address was refused", again=False)
    send_due(at=BEGAN)
    assert state(message) == ("failed", "", "the address was refused")


def test_what_a_dying_process_had_in_hand_is_not_sent_again(cast: Cast, carrier: Carrier) -> None:
    message = written(cast)
    carrier.dies = True
    with pytest.raises(KeyboardInterrupt):
        send_due(at=BEGAN)
    assert state(message)[0] == "sending"
    carrier.dies = False
    assert not send_due(at=BEGAN + 4 * MINUTE)
    assert not send_due(at=BEGAN + 5 * MINUTE)
    assert state(message) == ("unknown", "", "")
    assert carrier.carried == []


def test_it_goes_with_her_data(cast: Cast, carrier: Carrier) -> None:
    written(cast)
    erase_person(cast.member.account, by=SYSTEM, at=BEGAN)
    assert not Message.objects.exists()
    assert not send_due(at=BEGAN)


def test_mail_is_sent_by_django(db: None) -> None:
    channels.Mail().send("a@example.org", "Subject", "Body")
    assert [(one.to, one.subject, one.body) for one in mail.outbox] == [
        (["a@example.org"], "Subject", "Body")
    ]


def test_a_mail_program_has_its_own_button_to_turn_letters_off(db: None) -> None:
    channels.Mail().send("a@example.org", "Subject", "Body", "https://example.org/off/")
    assert mail.outbox[0].extra_headers == {
        "List-Unsubscribe": "<https://example.org/off/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize(
    ("error", "again"),
    [(SMTPRecipientsRefused({}), False), (SMTPServerDisconnected(), True), (TimeoutError(), True)],
)
def test_what_a_mail_server_says(monkeypatch: pytest.MonkeyPatch, error: Exception, again: bool) -> None:
    def refuses(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(mail.EmailMessage, "send", refuses)
    with pytest.raises(NotSent) as caught:
        channels.Mail().send("a@example.org", "Subject", "Body")
    assert caught.value.again is again


def test_what_can_not_be_built_has_failed_and_holds_up_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "channel", lambda _kind: channels.Mail())
    broken = write(person(cast), "One\nTwo", "Body", language="en", at=BEGAN)
    good = written(cast, BEGAN + MINUTE)
    assert send_due(at=BEGAN + MINUTE)
    assert state(broken) == ("failed", "", "the message could not be built")
    assert send_due(at=BEGAN + MINUTE)
    assert state(good)[0] == "sent"
    assert [one.subject for one in mail.outbox] == ["Subject"]
