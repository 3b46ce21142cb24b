"""Whom a new project can be between, and where its members can live."""

import uuid
from dataclasses import dataclass

from palabre.pay.models import Floor
from palabre.people.actor import Actor
from palabre.people.models import Organisation
from palabre.people.permissions import Permission
from palabre.people.queries import organisation_of
from palabre.people.walls import partners_of

Party = tuple[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Parties:
    """Ids and names; the actor's own organisation is the only one on its side."""

    clients: list[Party]
    operators: list[Party]
    currency: str


def parties_for(by: Actor) -> Parties:
    """Those who have agreed to work together: a client chooses an operator, an operator a client. Three statements.

    Raises: NotAllowed, NotFound.
    """
    by.require(Permission.MANAGE_PROJECTS)
    own = organisation_of(by)
    itself, others = [(own.id, own.name)], partners_of(own)
    if own.kind == Organisation.Kind.CLIENT:
        return Parties(itself, others, _currency_of(own))
    return Parties(others, itself, _currency_of(own))


def places_with_floor() -> list[str]:
    """Countries in which it is known what an hour must bring. One statement."""
    return list(Floor.objects.order_by("country").values_list("country", flat=True).distinct())


def _currency_of(organisation: Organisation) -> str:
    """What its country pays in, as far as a floor says it; else euros."""
    known = Floor.objects.filter(country=organisation.country).values_list("currency", flat=True).first()
    return known or "EUR"
