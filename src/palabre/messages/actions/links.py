"""One-time links on their way to people."""

import datetime as dt
import uuid

from django.db import transaction

from palabre.messages.actions.outbox import write
from palabre.messages.channels import way_to
from palabre.messages.letters import letter
from palabre.people.actions import make_link
from palabre.people.actor import SYSTEM, Actor
from palabre.people.finding import accounts_called
from palabre.people.models import Link, Organisation, PersonalData
from palabre.settings import current


@transaction.atomic
def ask_for_link(login: str, purpose: Link.Purpose, *, at: dt.datetime) -> None:
    """Send a link to whoever has this address or number. Nobody is told whether there is anybody.

    It goes to her own address only, so that asking for somebody else's gives nothing away.
    """
    for account in accounts_called(login):
        if account.is_active and way_to(account.personal_data) is not None:
            send_link(account.personal_data, purpose, organisation=None, by=SYSTEM, at=at)


def send_link(
    person: PersonalData,
    purpose: Link.Purpose,
    *,
    organisation: Organisation | None,
    by: Actor,
    at: dt.datetime,
) -> str:
    """Make a link and write the message that carries it, inside the caller's transaction; its address.

    Where nothing reaches her, only the address is made: whoever invites hands it over.
    """
    address = address_of_link(make_link(person.account_id, purpose, by=by, at=at))
    if way_to(person) is not None:
        write_link(person, purpose, address, organisation=organisation, at=at)
    return address


def write_link(
    person: PersonalData,
    purpose: Link.Purpose,
    address: str,
    *,
    organisation: Organisation | None,
    at: dt.datetime,
) -> None:
    """The message that carries a link, in her language."""
    language = person.account.language
    name = organisation.name if organisation else ""
    words = letter(purpose, language, name=person.name, organisation=name, address=address)
    write(person, words.subject, words.body, language=language, at=at)


def address_of_link(secret: str) -> str:
    return f"{current().url}/account/link/{secret}/"


def person_of(account: uuid.UUID) -> PersonalData:
    return PersonalData.objects.select_related("account").get(account=account)
