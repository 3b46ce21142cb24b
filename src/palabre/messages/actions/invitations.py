"""Invitations: the only way in."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from palabre.messages.actions.links import person_of, send_link
from palabre.messages.channels import way_to
from palabre.people.actions import Home, PersonalFields, add_person, check_again
from palabre.people.actor import Actor
from palabre.people.errors import InvitationAnswered, NotReachable
from palabre.people.models import Link, Organisation, Role
from palabre.people.queries import organisation_of, person


@dataclass(frozen=True, slots=True)
class Invited:
    """Who was invited. `address`: her link, to be handed over, where nothing is set up to send it."""

    account: uuid.UUID
    address: str | None


@transaction.atomic
def invite(
    who: PersonalFields,
    *,
    roles: Iterable[Role],
    language: str,
    home: Home | None = None,
    by: Actor,
    at: dt.datetime,
) -> Invited:
    """A new person of the actor's organisation, and a link by which she comes in and chooses her password.

    Raises: NotReachable, and those of add_person.
    """
    return invite_into(organisation_of(by), who, roles=roles, language=language, home=home, by=by, at=at)


def invite_into(
    organisation: Organisation,
    who: PersonalFields,
    *,
    roles: Iterable[Role],
    language: str,
    home: Home | None = None,
    by: Actor,
    at: dt.datetime,
) -> Invited:
    """The same inside the transaction of an action that has checked the organisation."""
    if who.email is None and who.phone is None:
        raise NotReachable(path="email")
    made = add_person(
        who, organisation=organisation.id, roles=roles, language=language, home=home, by=by, at=at
    )
    return _sent(made.id, organisation, by=by, at=at)


@transaction.atomic
def invite_again(account: uuid.UUID, *, by: Actor, at: dt.datetime) -> Invited:
    """A new link for somebody who hasn't come in yet; the one before opens nothing any more.

    Raises: NotAllowed, NotFound, AlreadyErased, InvitationAnswered, HeldElsewhere, EnoughLinks.
    """
    found = person(account, by)
    if found.came_in:
        raise InvitationAnswered
    check_again(account, by=by, at=at)
    return _sent(account, organisation_of(by), by=by, at=at)


def _sent(account: uuid.UUID, organisation: Organisation, *, by: Actor, at: dt.datetime) -> Invited:
    row = person_of(account)
    address = send_link(row, Link.Purpose.INVITATION, organisation=organisation, by=by, at=at)
    return Invited(account, None if way_to(row) is not None else address)
