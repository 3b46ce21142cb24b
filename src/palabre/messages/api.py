"""Links to come in, over HTTP."""

import uuid
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, Strict

from palabre.messages.actions import give_way_in, invite_client
from palabre.people.actions import PersonalFields, Why
from palabre.people.models import Link
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input

router = Router(tags=["people"])


class WayIn(Input):
    """`words` are for her to read, and needed where the reason is `other`."""

    reason: Annotated[Link.Reason, Strict(False)]
    words: str = Field("", max_length=500)
    no_second_step: bool = False


class WayInMade(Schema):
    """`address`: the link to be handed over, shown this once, where nothing is set up to send it to her."""

    account: uuid.UUID
    address: str | None


class ContactIn(Input):
    name: str = Field(max_length=200)
    email: str | None = Field(None, max_length=254)
    phone: str | None = Field(None, max_length=32)
    language: str = Field(max_length=8)


class ClientIn(Input):
    name: str = Field(max_length=200)
    country: str = Field(max_length=2)
    timezone: str = Field(max_length=64)
    contact: ContactIn


class ClientMade(Schema):
    """`address`: the invitation to be handed over, shown this once, where nothing is set up to send it."""

    organisation: uuid.UUID
    contact: uuid.UUID
    address: str | None


@router.post(
    "/clients", auth=allowed(Permission.ADMINISTER, shown_once="address"), response={201: ClientMade}
)
def add_client(request: HttpRequest, body: ClientIn) -> Status[dict[str, object]]:
    """A new client organisation, and an invitation to its first person. Operators are added at the terminal."""
    contact = body.contact
    made = invite_client(
        body.name,
        body.country,
        body.timezone,
        contact=PersonalFields(contact.name, contact.email, contact.phone),
        language=contact.language,
        by=actor_of(request),
        at=at_of(request),
    )
    answer: dict[str, object] = {
        "organisation": made.organisation,
        "contact": made.account,
        "address": made.address,
    }
    return Status(201, answer)


@router.post(
    "/people/{account}/way-in",
    auth=allowed(Permission.LET_IN, shown_once="address"),
    response={201: WayInMade},
)
def make_a_way_in(request: HttpRequest, account: Id, body: WayIn) -> Status[object]:
    """A new link for somebody who can't come in any more. Her sessions, her password and her other links end."""
    why = Why(body.reason, body.words, body.no_second_step)
    return Status(201, give_way_in(account, why, by=actor_of(request), at=at_of(request)))
