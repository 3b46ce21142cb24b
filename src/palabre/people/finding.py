"""A person by what she calls herself at the door: her e-mail address or her telephone number, as she writes it."""

import re

import phonenumbers
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F
from django.db.models.functions import Lower, Right

from palabre.people.models import Account, PersonalData

# The last digits of a number are the same in every way of writing it, so that an index finds them.
ENDING = 7
# One national number may belong to one person in each of several countries.
_MOST = 3


def accounts_called(login: str) -> list[Account]:
    """Nobody, or whose address or number this is: rarely more than one. One statement."""
    name = login.strip()
    if "@" in name:
        rows = PersonalData.objects.alias(small=Lower("email")).filter(small=name.lower())
        return [row.account for row in rows.select_related("account")]
    digits = re.sub(r"\D", "", name)
    return _dialled(name, digits[-ENDING:]) if len(digits) >= ENDING else []


def _dialled(name: str, ending: str) -> list[Account]:
    """A number without its country's is read as dialled where she lives, or where her organisation is."""
    near = (
        PersonalData.objects.alias(end=Right("phone", ENDING))
        .filter(end=ending)
        .select_related("account")
        .annotate(
            home=F("account__residence__country"),
            places=ArrayAgg("account__grants__organisation__country", distinct=True, default=[]),
        )
    )
    found = (row for row in near if row.phone in {read_phone(name, one) for one in (row.home, *row.places)})
    return [row.account for row in found][:_MOST]


def read_phone(text: str, country: str | None) -> str | None:
    """A number in the form of E.164 (+ and up to 15 digits); None for what can't be one."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
