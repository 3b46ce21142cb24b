"""The first organisation and the first person of an installation."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection, transaction

from palabre.people.actions.organisations import add_organisation
from palabre.people.actions.persons import PersonalFields, add_person
from palabre.people.actor import SYSTEM
from palabre.people.errors import FoundedAlready
from palabre.people.models import Account, Organisation, Role

# Any number, as long as nothing else of ours uses it: of two that found at once, one is too late.
_LOCK = 7_461_322_015


@dataclass(frozen=True, slots=True)
class Operator:
    """The organisation that runs the community."""

    name: str
    country: str
    timezone: str


@transaction.atomic
def found(operator: Operator, administrator: PersonalFields, *, language: str, at: dt.datetime) -> Account:
    """The operator and its administrator, on an installation that has nobody yet.

    Raises: FoundedAlready, and those of add_organisation and add_person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if Account.objects.exists():
        raise FoundedAlready
    made = add_organisation(
        Organisation.Kind.OPERATOR, operator.name, operator.country, operator.timezone, by=SYSTEM, at=at
    )
    return add_person(
        administrator,
        organisation=made.id,
        roles=[Role.ADMINISTRATOR],
        language=language,
        by=SYSTEM,
        at=at,
    )
