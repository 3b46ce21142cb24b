"""Persons: from the day they join to their erasure."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from palabre.people import fields
from palabre.people.actions.locking import locked_account, refuse_elsewhere
from palabre.people.actions.roles import add_grant
from palabre.people.actor import Actor
from palabre.people.contacts import tell_before
from palabre.people.erasure import erase_words, refuse_while_held
from palabre.people.errors import EmailTaken, NotOnesOwn, PhoneTaken, ResidenceMissing
from palabre.people.models import (
    Account,
    EarlierResidence,
    Grant,
    Link,
    Organisation,
    PersonalData,
    Residence,
    Role,
    Token,
)
from palabre.people.permissions import WORKING, Permission
from palabre.people.residences import first_free_day, residences_of_many
from palabre.record.actions import record
from palabre.record.holding import key_goes
from palabre.record.kept_answers import forget_answers
from palabre.times import day_end, day_of

_TAKEN = {"personal_data_email_uq": EmailTaken, "personal_data_phone_uq": PhoneTaken}


@dataclass(frozen=True, slots=True)
class PersonalFields:
    """What identifies a person: kept apart from everything else and erased alone."""

    name: str
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a person lives: country (ISO 3166-1), region (as the floors name it, or none), time zone."""

    country: str
    timezone: str
    region: str = ""


@transaction.atomic
def add_person(
    person: PersonalFields,
    *,
    organisation: uuid.UUID,
    roles: Iterable[Role],
    language: str,
    home: Home | None = None,
    by: Actor,
    at: dt.datetime,
) -> Account:
    """An account with its personal data, its residence when it is known, and a grant for each role.

    Members and reviewers need a residence. No personal data enters the record.

    Raises: NotAllowed, NotFound (an organisation that is not the actor's), ResidenceMissing, RoleNotHere,
    EmailTaken, PhoneTaken, and those of `palabre.people.fields`.
    """
    by.require(Permission.MANAGE_PEOPLE)
    held = frozenset(roles)
    if home is None and held & WORKING:
        raise ResidenceMissing(path="residence")
    account = Account(language=fields.language(language), created_at=at)
    account.set_unusable_password()
    account.save(force_insert=True)
    _keep(account, person, home.country if home else _country(organisation))
    record(
        "people.person.added",
        by=by.account,
        at=at,
        subject=f"account:{account.id}",
        organisation=organisation,
        data={"language": account.language},
    )
    if home is not None:
        _settle(account.id, home, organisation=organisation, by=by, at=at)
    for role in sorted(held):
        add_grant(account.id, organisation, role, by=by, at=at)
    return account


def _country(organisation: uuid.UUID) -> str | None:
    return Organisation.objects.filter(id=organisation).values_list("country", flat=True).first()


@transaction.atomic
def correct_person(account: uuid.UUID, person: PersonalFields, *, by: Actor, at: dt.datetime) -> PersonalData:
    """What identifies her is put right; the record knows that it was, not what it was.

    Links that went to an address which is hers no more open nothing, and she is told there that it is. Who takes part
    elsewhere too is corrected at the terminal only, so that no organisation gets at another's account.

    Raises: NotAllowed, NotFound, AlreadyErased, HeldElsewhere, EmailTaken, PhoneTaken, and those of
    `palabre.people.fields`.
    """
    by.require(Permission.MANAGE_PEOPLE)
    found = locked_account(account, by)
    refuse_elsewhere(account, by)
    before = PersonalData.objects.get(account=found)
    place = Residence.objects.filter(account=found).values_list("country", flat=True).first()
    row = _read(found, person, place or (_country(by.organisation) if by.organisation else None))
    changed = [name for name in ("name", "email", "phone") if getattr(row, name) != getattr(before, name)]
    _stored(row, new=False)
    if {"email", "phone"} & set(changed):
        tell_before(before, changed, at)
        Link.objects.filter(account=found, used_at=None).update(used_at=at)
    record(
        "people.person.corrected",
        by=by.account,
        at=at,
        subject=f"account:{found.id}",
        organisation=by.organisation,
        data={"fields": changed},
    )
    return row


def _keep(account: Account, person: PersonalFields, country: str | None) -> None:
    _stored(_read(account, person, country), new=True)


def _read(account: Account, person: PersonalFields, country: str | None) -> PersonalData:
    return PersonalData(
        account=account,
        name=fields.name(person.name, "name"),
        email=None if person.email is None else fields.email(person.email),
        phone=None if person.phone is None else fields.phone(person.phone, country),
    )


def _stored(row: PersonalData, *, new: bool) -> None:
    """Raises: EmailTaken, PhoneTaken."""
    try:
        with transaction.atomic():
            row.save(force_insert=new, force_update=not new)
    except IntegrityError as error:
        for constraint, taken in _TAKEN.items():
            if constraint in str(error):
                raise taken from None
        raise


@transaction.atomic
def move_residence(account: uuid.UUID, home: Home, *, by: Actor, at: dt.datetime) -> Residence:
    """She lives elsewhere, from the first of her days on that has neither time nor pay yet: today or tomorrow.

    So no day has two floors or two prices, and the days before stay as they were, whenever their time and pay arrive.
    For who manages people, not for the member herself: her floor follows from it. The same place again changes nothing.

    Who takes part elsewhere too is moved at the terminal only: two operators pay by it.

    Raises: NotAllowed, NotOnesOwn, NotFound, AlreadyErased, HeldElsewhere, UnknownCountry, UnknownTimezone.
    """
    by.require(Permission.MANAGE_PEOPLE)
    if by.account == account:
        raise NotOnesOwn
    locked_account(account, by)
    refuse_elsewhere(account, by)
    return _settle(account, home, organisation=by.organisation, by=by, at=at)


def _settle(
    account: uuid.UUID, home: Home, *, organisation: uuid.UUID | None, by: Actor, at: dt.datetime
) -> Residence:
    place = {
        "country": fields.country(home.country),
        "region": fields.name(home.region, "region") if home.region.strip() else "",
        "timezone": fields.timezone(home.timezone),
    }
    # Who writes her time or her pay holds the row too: they see this move, or it sees their day.
    found = Residence.objects.select_for_update().filter(account_id=account).first()
    if found is None:
        found = Residence.objects.create(account_id=account, **place, since=at)
    elif all(getattr(found, name) == value for name, value in place.items()):
        return found
    else:
        _move(found, place, at)
    record(
        "people.residence.moved",
        by=by.account,
        at=at,
        subject=f"account:{account}",
        organisation=organisation,
        data={**place, "from": found.from_day.isoformat()},
    )
    return found


def _move(found: Residence, place: dict[str, str], at: dt.datetime) -> None:
    """What held is kept, unless it was to begin on the same day and never held."""
    lived = residences_of_many([found.account_id])[found.account_id]
    today = max(lived.day_of(at), day_of(at, place["timezone"]), found.from_day)
    from_day = first_free_day(found.account_id, today)
    if from_day > found.from_day:
        EarlierResidence.objects.create(
            account_id=found.account_id,
            country=found.country,
            region=found.region,
            timezone=found.timezone,
            from_day=found.from_day,
            begins=found.begins,
            until=from_day,
        )
    found.country, found.region, found.timezone = place["country"], place["region"], place["timezone"]
    found.from_day, found.since = from_day, at
    found.begins = max(at, day_end(from_day - dt.timedelta(days=1), found.timezone))
    found.save(update_fields=["country", "region", "timezone", "from_day", "begins", "since"])


@transaction.atomic
def erase_person(account: uuid.UUID, *, by: Actor, at: dt.datetime, owing: bool = False) -> None:
    """Personal data, sessions, links and keys are deleted, her words go, roles and tokens end, the account sleeps.

    Nothing else changes: work, time, money and the record refer to the pseudonymous id alone, so every count and
    every seal stays as it was (GDPR, article 17; docs/decisions/017-erasure.md). Who takes part elsewhere too is
    erased at the terminal only, so that no organisation can erase another's member. `owing`: what is owed to her may
    stay owed to the id.

    Raises: NotAllowed, NotFound, AlreadyErased, HeldElsewhere, and what a room holds her by (money that is hers).
    """
    by.require(Permission.ERASE_PEOPLE)
    found = locked_account(account, by)
    refuse_elsewhere(account, by)
    refuse_while_held(account, owing=owing)
    PersonalData.objects.filter(account=found).delete()
    for hers in (found.sessions, found.links, Authenticator.objects.filter(user=found)):
        hers.all().delete()
    erase_words(account)
    forget_answers(to=account, about=[account])
    # A token's name is free text that may name her.
    Token.objects.filter(account=found).update(name="")
    Token.objects.filter(account=found, revoked_at=None).update(revoked_at=at)
    Grant.objects.filter(account=found, revoked_at=None).update(revoked_at=at)
    found.is_active, found.erased_at, found.last_login = False, at, None
    found.set_unusable_password()
    with key_goes(account):
        found.record_key = None
        found.save(update_fields=["is_active", "erased_at", "last_login", "password", "record_key"])
    record(
        "people.person.erased",
        by=by.account,
        at=at,
        subject=f"account:{found.id}",
        organisation=by.organisation,
        data={"owing": owing},
    )
