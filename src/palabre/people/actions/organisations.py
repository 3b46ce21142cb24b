"""Organisations: clients and operators."""

import datetime as dt
import uuid

from django.db import transaction

from palabre.people import fields
from palabre.people.actions.agreements import agree
from palabre.people.actor import Actor
from palabre.people.errors import OperatorNeeded
from palabre.people.models import Organisation
from palabre.people.permissions import Permission
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
        name=fields.name(name, "name"),
        country=fields.country(country),
        timezone=fields.timezone(timezone),
        operator_id=_operator(by) if kind == Organisation.Kind.CLIENT else None,
        created_at=at,
    )
    if organisation.operator_id is not None:
        agree(organisation.id, organisation.operator_id, by=by, at=at)
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
