"""Reads of the outbox."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from palabre.messages.models import Message
from palabre.people.actor import Actor
from palabre.people.models import Grant
from palabre.people.permissions import Permission


@dataclass(frozen=True, slots=True)
class Posted:
    """One message as its organisation's administrator sees it."""

    id: uuid.UUID
    name: str
    address: str
    channel: str
    subject: str
    body: str
    state: str
    why: str
    written_at: dt.datetime


def outbox(by: Actor, *, limit: int = 50) -> list[Posted]:
    """The newest messages to people of the actor's organisation. One statement. Raises: NotAllowed."""
    by.require(Permission.ADMINISTER)
    hers = Grant.objects.filter(organisation=by.organisation, account=OuterRef("person_id"))
    rows = Message.objects.filter(Exists(hers)).select_related("person").order_by("-written_at", "-id")
    return [
        Posted(
            row.id,
            row.person.name,
            (row.person.email if row.channel == Message.Channel.EMAIL else row.person.phone) or "",
            row.channel,
            row.subject,
            row.body,
            row.state,
            row.why,
            row.written_at,
        )
        for row in rows[:limit]
    ]


def failed_messages(by: Actor, since: dt.datetime) -> int:
    """How many messages to people of the actor's organisation didn't arrive. One statement."""
    hers = Grant.objects.filter(organisation=by.organisation, account=OuterRef("person_id"))
    lost = [Message.State.FAILED, Message.State.UNKNOWN]
    return Message.objects.filter(Exists(hers), state__in=lost, written_at__gte=since).count()
