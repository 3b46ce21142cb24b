"""The ways to people. One that carries SMS needs a firm that does it; in the demo everything stays in the outbox."""

from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Protocol

from django.core.mail import EmailMessage

from palabre.messages.errors import NotSent
from palabre.messages.models import Message
from palabre.people.models import PersonalData
from palabre.settings import current


class Channel(Protocol):
    """Carries one message to one address. `off`: where letters of its kind are turned off, if they can be."""

    def send(self, to: str, subject: str, body: str, off: str = "") -> None:
        """Raises: NotSent."""


class Mail:
    """The server of PALABRE_MAIL_HOST."""

    def send(self, to: str, subject: str, body: str, off: str = "") -> None:
        # The mail program's own button (RFC 8058).
        headers = {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        try:
            EmailMessage(subject, body, None, [to], headers=headers if off else None).send()
        except SMTPRecipientsRefused:
            raise NotSent("the address was refused", again=False) from None
        except (ValueError, UnicodeError):
            # A line break in the subject, an address that no header can hold: the next try would end the same way.
            raise NotSent("the message could not be built", again=False) from None
        except (SMTPException, OSError) as error:
            raise NotSent(type(error).__name__, again=True) from error


class Shown:
    """The demo's: what would have been sent is read on the page of the outbox."""

    def send(self, to: str, subject: str, body: str, off: str = "") -> None:
        """It lies in the outbox already."""


def channel(kind: str) -> Channel | None:
    """What carries this kind of message here; None where nothing does."""
    if current().demo:
        return Shown()
    if kind == Message.Channel.EMAIL and current().mail is not None:
        return Mail()
    return None


def carrier(kind: str) -> Channel:
    """Raises: NotSent, where nothing carries this kind of message any more."""
    found = channel(kind)
    if found is None:
        raise NotSent("no channel", again=False)
    return found


def is_carried(kind: str) -> bool:
    """Whether something carries this kind of message here."""
    return channel(kind) is not None


def way_to(person: PersonalData) -> str | None:
    """The kind of message that reaches her: e-mail before SMS."""
    has = {Message.Channel.EMAIL: person.email, Message.Channel.SMS: person.phone}
    return next((kind for kind, address in has.items() if address and channel(kind) is not None), None)


def address_of(person: PersonalData, kind: str) -> str:
    return (person.email if kind == Message.Channel.EMAIL else person.phone) or ""
