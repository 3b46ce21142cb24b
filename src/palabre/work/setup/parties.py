"""Whom a new project can be between, and where its members can live."""

import uuid
from dataclasses import dataclass

from django.db.models import Q

from palabre.pay.models import Floor
from palabre.people.actor import Actor
from palabre.people.models import Organisation
from palabre.people.permissions import Permission
from palabre.people.queries import organisation_of

Party = tuple[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Parties:
    """Ids and names; the actor's own organisation is the only one on its side."""

    clients: list[Party]
    operators: list[Party]
    currency: str


def parties_for(by: Actor) -> Parties:
    """A client chooses an operator; an operator one of its clients. Three statements at the most.

    An operator's clients are those that it has projects of, or, where it is the only operator, all.
    Raises: NotAllowed, NotFound.
    """
    by.require(Permission.MANAGE_PROJECTS)
    own = organisation_of(by)
    operators = _listed(Q(kind=Organisation.Kind.OPERATOR))
    if own.kind == Organisation.Kind.CLIENT:
        return Parties([(own.id, own.name)], operators, _currency_of(own))
    theirs = Q(kind=Organisation.Kind.CLIENT)
    if len(operators) > 1:
        theirs &= Q(client_projects__operator=own)
    return Parties(_listed(theirs), [(own.id, own.name)], _currency_of(own))


def places_with_floor() -> list[str]:
    """Countries in which it is known what an hour must bring. One statement."""
    return list(Floor.objects.order_by("country").values_list("country", flat=True).distinct())


def _listed(which: Q) -> list[Party]:
    return list(Organisation.objects.filter(which).order_by("name").values_list("id", "name").distinct())


def _currency_of(organisation: Organisation) -> str:
    """What its country pays in, as far as a floor says it; else euros."""
    known = Floor.objects.filter(country=organisation.country).values_list("currency", flat=True).first()
    return known or "EUR"
