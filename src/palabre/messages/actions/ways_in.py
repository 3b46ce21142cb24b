"""A new link for somebody who can't come in any more, on its way to her."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db import transaction

from palabre.messages.actions.invitations import Invited
from palabre.messages.actions.links import address_of_link, person_of, write_link
from palabre.messages.channels import way_to
from palabre.messages.models import Message
from palabre.people.actions import Why, open_way_in
from palabre.people.actor import Actor
from palabre.people.errors import NobodyThere
from palabre.people.finding import accounts_called
from palabre.people.models import Link, PersonalData
from palabre.people.queries import client_of, organisation_of, standing_roles


@transaction.atomic
def give_way_in(account: uuid.UUID, why: Why, *, by: Actor, at: dt.datetime) -> Invited:
    """A new link for her: sent where something reaches her, or else shown this once to be handed over.

    No text message goes to a phone that is lost. At the terminal the link is always shown: whoever sits there
    reads the database as well.

    Raises: those of open_way_in.
    """
    secret, purpose = open_way_in(account, why, by=by, at=at)
    row, address = person_of(account), address_of_link(secret)
    if by.account is None or not _reaches(row, why.reason):
        return Invited(account, address)
    write_link(row, purpose, address, organisation=organisation_of(by), at=at)
    return Invited(account, None)


@transaction.atomic
def give_client_way_in(client: uuid.UUID, login: str, why: Why, *, by: Actor, at: dt.datetime) -> Invited:
    """The same for a person of a client, by its operator, who names her: the operator sees no list of them.

    Raises: NotAllowed, NotFound (what is no client, too), NobodyThere, and those of open_way_in.
    """
    there = client_of(client, by).id
    found = next((one for one in accounts_called(login) if standing_roles(one.id, there)), None)
    if found is None:
        raise NobodyThere(path="login")
    return give_way_in(found.id, why, by=replace(by, organisation=there), at=at)


def _reaches(person: PersonalData, reason: Link.Reason) -> bool:
    """Whether a link for this reason is sent."""
    way = way_to(person)
    return way is not None and not (way == Message.Channel.SMS and reason == Link.Reason.LOST_PHONE)
