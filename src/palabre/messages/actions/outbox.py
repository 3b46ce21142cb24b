"""The outbox: written with the deed, carried after it."""

import datetime as dt

from django.db import transaction

from palabre.messages.channels import address_of, carrier, way_to
from palabre.messages.errors import NoChannel, NotSent
from palabre.messages.models import Message
from palabre.people.models import PersonalData
from palabre.settings import current

# Minutes until the next try, after each one that may succeed later.
PAUSES = (1, 5, 30, 120, 600)
# Longer than any channel takes: what is still being sent then was cut off by the end of a process.
CUT_OFF = dt.timedelta(minutes=5)


def write(person: PersonalData, subject: str, body: str, *, language: str, at: dt.datetime) -> Message:
    """Put a message into the outbox, inside the transaction of what it tells.

    Raises: NoChannel.
    """
    kind = way_to(person)
    if kind is None:
        raise NoChannel
    return write_to("", kind, person, subject, body, language=language, at=at)


def write_to(
    address: str,
    kind: str,
    person: PersonalData,
    subject: str,
    body: str,
    *,
    language: str,
    at: dt.datetime,
    off: str = "",
) -> Message:
    """The same for an address that isn't hers any more; empty: the one that is hers when it is sent.

    `off`: where she turns letters of this kind off.
    """
    return Message.objects.create(
        person=person,
        address=address,
        channel=kind,
        language=language,
        subject=subject,
        body=body,
        off=off,
        written_at=at,
        due_at=at,
    )


def send_due(*, at: dt.datetime) -> bool:
    """Carry the oldest message that is due; whether there was one.

    It is marked before it is handed over and again after: one that a dying process had in hand is never
    sent twice, and its state says that nobody knows.
    """
    message = _claimed(at)
    if message is None:
        return False
    to = message.address or address_of(message.person, message.channel)
    try:
        carrier(message.channel).send(to, message.subject, message.body, message.off)
    except NotSent as refused:
        _put_back(message, str(refused), again=refused.again, at=at)
    else:
        kept = message.body if current().demo else ""
        _set(message, Message.State.SENT, body=kept, address="", off="", why="")
    return True


@transaction.atomic
def _claimed(at: dt.datetime) -> Message | None:
    Message.objects.filter(state=Message.State.SENDING, due_at__lte=at - CUT_OFF).update(
        state=Message.State.UNKNOWN, body="", address="", off=""
    )
    message = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person")
        .filter(state=Message.State.WAITING, due_at__lte=at)
        .order_by("due_at")
        .first()
    )
    if message is not None:
        message.state, message.due_at, message.tries = Message.State.SENDING, at, message.tries + 1
        message.save(update_fields=["state", "due_at", "tries"])
    return message


def _put_back(message: Message, why: str, *, again: bool, at: dt.datetime) -> None:
    if again and message.tries <= len(PAUSES):
        later = at + dt.timedelta(minutes=PAUSES[message.tries - 1])
        _set(message, Message.State.WAITING, why=why, due_at=later)
    else:
        _set(message, Message.State.FAILED, why=why, body="", address="", off="")


def _set(message: Message, state: str, **values: object) -> None:
    """Only while it is ours: her data may have been erased meanwhile, and the message with them."""
    Message.objects.filter(id=message.id, state=Message.State.SENDING).update(state=state, **values)
