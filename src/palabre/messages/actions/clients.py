"""A new client comes in by an invitation to its first person."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from palabre.messages.actions.invitations import Invited, invite_into
from palabre.people.actions import PersonalFields, add_organisation
from palabre.people.actor import Actor
from palabre.people.models import Organisation, Role
from palabre.people.queries import client_of


@dataclass(frozen=True, slots=True)
class ClientInvited(Invited):
    """The same of a new client's first person."""

    organisation: uuid.UUID


@transaction.atomic
def invite_client(
    name: str,
    country: str,
    timezone: str,
    *,
    contact: PersonalFields,
    language: str,
    by: Actor,
    at: dt.datetime,
) -> ClientInvited:
    """A new client, and an invitation to its first person, by an operator's administrator.

    From then on the client's people are its own: the operator can't see or change them.

    Raises: those of add_organisation and invite.
    """
    made = add_organisation(Organisation.Kind.CLIENT, name, country, timezone, by=by, at=at)
    person = _invite(made, contact, language, by=by, at=at)
    return ClientInvited(person.account, person.address, made.id)


@transaction.atomic
def invite_to_client(
    client: uuid.UUID, contact: PersonalFields, *, language: str, by: Actor, at: dt.datetime
) -> Invited:
    """One more person for a client, which can't invite by itself.

    Raises: NotAllowed, NotFound (what is no client, too), and those of invite.
    """
    return _invite(client_of(client, by), contact, language, by=by, at=at)


def _invite(
    client: Organisation, contact: PersonalFields, language: str, *, by: Actor, at: dt.datetime
) -> Invited:
    inside = replace(by, organisation=client.id)
    return invite_into(client, contact, roles=[Role.CLIENT], language=language, by=inside, at=at)
