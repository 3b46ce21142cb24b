"""A member says where her money goes, and takes a change back that wasn't hers."""

import datetime as dt
import uuid
from dataclasses import asdict

from django.db import transaction

from palabre.errors import NotAllowed, NotFound
from palabre.messages.actions import write
from palabre.messages.channels import way_to
from palabre.pay.destinations import Wanted, checked, details_of, masked
from palabre.pay.errors import NothingWaits, ProofNotFresh
from palabre.pay.letters import destination_changed
from palabre.pay.models import Destination
from palabre.people.actor import Actor
from palabre.people.errors import AlreadyErased
from palabre.people.models import Account, PersonalData
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.record.canonical import Json
from palabre.settings import current

# How long after she has shown that it is her.
FRESH = dt.timedelta(minutes=15)


def waiting_time() -> dt.timedelta:
    """The published time that a change waits: whoever took her phone can't empty her account before she reads of it."""
    return dt.timedelta(hours=current().destination_wait)


@transaction.atomic
def name_destination(
    wanted: Wanted, *, proved_at: dt.datetime | None, by: Actor, at: dt.datetime
) -> Destination:
    """Say where her money goes from now on; a change waits, and she is told at the address that we have.

    The first one is used at once: there is nobody yet whom it could take anything from. A change that still waits is
    replaced. The same again changes nothing. `proved_at`: when she last showed that it is her.

    Raises: NotAllowed (a token, too: it proves nothing), ProofNotFresh, AlreadyErased, and those of
    `palabre.pay.destinations.checked`.
    """
    member = _oneself(by)
    if proved_at is None or not at - FRESH <= proved_at <= at + FRESH:
        raise ProofNotFresh
    named = checked(wanted)
    _lock(member)
    before, waits = in_use(member, at), waiting(member, at)
    newest = waits or before
    if newest is not None and details_of(newest) == named:
        return newest
    if waits is not None:
        _withdraw(waits, by, at)
    usable_from = at if before is None else at + waiting_time()
    row = Destination.objects.create(
        member_id=member,
        **asdict(named),
        named_at=at,
        usable_from=usable_from,
    )
    _note("pay.destination.named", row, by, at)
    _tell(row, at)
    return row


@transaction.atomic
def withdraw_destination(*, by: Actor, at: dt.datetime) -> Destination:
    """Take back a change that still waits: money goes where it went before. It needs no proof: it gives nothing away.

    Raises: NotAllowed, AlreadyErased, NothingWaits.
    """
    member = _oneself(by)
    _lock(member)
    row = waiting(member, at)
    if row is None:
        raise NothingWaits
    _withdraw(row, by, at)
    return row


def in_use(member: uuid.UUID, at: dt.datetime) -> Destination | None:
    """Where her money goes at an instant. One statement."""
    known = Destination.objects.filter(member_id=member, usable_from__lte=at, withdrawn_at=None)
    return known.order_by("-usable_from", "-named_at").first()


def waiting(member: uuid.UUID, at: dt.datetime) -> Destination | None:
    """The change whose time has not come. One statement."""
    known = Destination.objects.filter(member_id=member, usable_from__gt=at, withdrawn_at=None)
    return known.order_by("-usable_from", "-named_at").first()


def _oneself(by: Actor) -> uuid.UUID:
    if by.account is None:
        raise NotFound
    if by.scopes is not None:
        raise NotAllowed(permission=str(Permission.ASK_PAYOUT))
    return by.account


def _lock(member: uuid.UUID) -> None:
    """The lock that erasure takes, too."""
    if Account.objects.select_for_update().get(id=member).erased_at is not None:
        raise AlreadyErased


def _withdraw(row: Destination, by: Actor, at: dt.datetime) -> None:
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _note("pay.destination.withdrawn", row, by, at)


def _tell(row: Destination, at: dt.datetime) -> None:
    """A word to the address that she had before. Where nothing reaches her, her pages say it."""
    person = PersonalData.objects.select_related("account").filter(account_id=row.member_id).first()
    if person is None or way_to(person) is None:
        return
    words = destination_changed(
        person.account.language, name=person.name, where=masked(row), usable_from=row.usable_from, at=at
    )
    write(person, words.subject, words.body, language=person.account.language, at=at)


def _note(code: str, row: Destination, by: Actor, at: dt.datetime) -> None:
    data: dict[str, Json] = {
        "member": str(row.member_id),
        "rail": str(row.rail),
        "usable_from": row.usable_from.isoformat(),
    }
    record(
        code, by=by.account, at=at, subject=f"destination:{row.id}", organisation=by.organisation, data=data
    )
