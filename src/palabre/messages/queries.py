"""Reads of the outbox."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from palabre.messages.models import Message, Told
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
    """The newest messages to people whom the actor's organisation keeps. One statement. Raises: NotAllowed."""
    by.require(Permission.ADMINISTER)
    rows = Message.objects.filter(_to_ours(by)).select_related("person").order_by("-written_at", "-id")
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
    lost = [Message.State.FAILED, Message.State.UNKNOWN]
    return Message.objects.filter(_to_ours(by), state__in=lost, written_at__gte=since).count()


def letters_of(account: uuid.UUID) -> dict[str, bool]:
    """Which letters somebody wants: all of them until she says something else. One statement."""
    row = Told.objects.filter(person=account).first()
    return {"mornings": row.mornings, "at_once": row.at_once} if row else {"mornings": True, "at_once": True}


def _to_ours(by: Actor) -> Q:
    """To people of the organisation whom no other one has: of a letter it isn't known in whose name it was written."""
    elsewhere = Grant.objects.filter(account=OuterRef("person_id")).exclude(organisation=by.organisation)
    here = Grant.objects.filter(account=OuterRef("person_id"), organisation=by.organisation)
    return Q(Exists(here)) & ~Q(Exists(elsewhere))
