"""Organisations: clients and operators."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from palabre.people import fields
from palabre.people.actions.persons import PersonalFields, add_person
from palabre.people.actions.tokens import create_token
from palabre.people.actor import Actor
from palabre.people.errors import OperatorNeeded
from palabre.people.models import Account, Organisation, Role
from palabre.people.permissions import ALLOWED, Permission
from palabre.record.actions import record


@transaction.atomic
def add_organisation(
    kind: Organisation.Kind, name: str, country: str, timezone: str, *, by: Actor, at: dt.datetime
) -> Organisation:
    """A new organisation, without people yet.

    An operator's administrator may add clients; an operator is added at the terminal only, because
    its administrator holds the rights of the whole installation.

    Raises: NotAllowed, OperatorNeeded, TextMissing, TextTooLong, TextUnreadable, UnknownCountry,
    UnknownTimezone.
    """
    by.require(Permission.ADMINISTER)
    if by.account is not None and kind != Organisation.Kind.CLIENT:
        raise OperatorNeeded
    organisation = Organisation.objects.create(
        kind=kind,
        name=fields.text(name, "name"),
        country=fields.country(country),
        timezone=fields.timezone(timezone),
        operator_id=_operator(by) if kind == Organisation.Kind.CLIENT else None,
        created_at=at,
    )
    record(
        "people.organisation.added",
        by=by.account,
        at=at,
        subject=f"organisation:{organisation.id}",
        organisation=organisation.id,
        data={"kind": str(kind), "country": organisation.country, "timezone": organisation.timezone},
    )
    return organisation


def _operator(by: Actor) -> uuid.UUID | None:
    """Whose client a new one is: the actor's; at the terminal, of the only operator there is."""
    if by.account is not None:
        return by.organisation
    operators = Organisation.objects.filter(kind=Organisation.Kind.OPERATOR).values_list("id", flat=True)[:2]
    return operators[0] if len(operators) == 1 else None


@dataclass(frozen=True, slots=True)
class Welcome:
    """A new client, its first person, and the secret of her token."""

    organisation: Organisation
    contact: Account
    secret: str


@transaction.atomic
def welcome_client(
    name: str,
    country: str,
    timezone: str,
    *,
    contact: PersonalFields,
    language: str,
    by: Actor,
    at: dt.datetime,
) -> Welcome:
    """A new client with its first person and a token for her, by an operator's administrator.

    From then on the client's people are its own: the operator can't see or change them.

    Raises: those of add_organisation, add_person and create_token.
    """
    organisation = add_organisation(Organisation.Kind.CLIENT, name, country, timezone, by=by, at=at)
    inside = replace(by, organisation=organisation.id)
    account = add_person(
        contact, organisation=organisation.id, roles=[Role.CLIENT], language=language, by=inside, at=at
    )
    scopes = [str(permission) for permission in ALLOWED[Role.CLIENT]]
    _, secret = create_token(account.id, organisation.id, name="first", scopes=scopes, by=inside, at=at)
    return Welcome(organisation, account, secret)
