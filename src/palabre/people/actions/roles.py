"""Roles: granted and revoked, never edited."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from palabre.errors import NotFound
from palabre.people.actions.locking import locked_account
from palabre.people.actor import Actor
from palabre.people.errors import LastAdministrator, NotOnesOwn, ResidenceMissing, RoleHeld, RoleNotHere
from palabre.people.models import Grant, Organisation, Residence, Role, Session
from palabre.people.permissions import HELD_IN, WORKING, Permission
from palabre.people.queries import standing_roles
from palabre.record.actions import record


@transaction.atomic
def grant_role(
    account: uuid.UUID, organisation: uuid.UUID, role: Role, *, by: Actor, at: dt.datetime
) -> Grant:
    """The account holds `role` in the organisation from `at` on.

    An administrator gives roles to other people of her own organisation; at the terminal, to anybody.

    Raises: NotAllowed, NotOnesOwn, NotFound, AlreadyErased, RoleHeld, RoleNotHere, ResidenceMissing.
    """
    by.require(Permission.MANAGE_PEOPLE)
    if by.account == account and by.organisation == organisation:
        raise NotOnesOwn
    locked_account(account, by)
    if role in WORKING and not Residence.objects.filter(account=account).exists():
        raise ResidenceMissing(path="residence")
    return add_grant(account, organisation, role, by=by, at=at)


def add_grant(
    account: uuid.UUID, organisation: uuid.UUID, role: Role, *, by: Actor, at: dt.datetime
) -> Grant:
    """Inside the transaction of an action that has checked the account and its residence.

    Raises: NotFound (an organisation that is not the actor's), RoleHeld, RoleNotHere.
    """
    found = Organisation.objects.filter(id=organisation).first()
    if found is None or (by.account is not None and organisation != by.organisation):
        raise NotFound
    if role not in HELD_IN[Organisation.Kind(found.kind)]:
        raise RoleNotHere(path="role", role=role)
    try:
        with transaction.atomic():
            grant = Grant.objects.create(
                account_id=account, organisation_id=organisation, role=role, granted_at=at
            )
    except IntegrityError as error:
        if "grant_one_standing_uq" in str(error):
            raise RoleHeld(role=role) from None
        raise
    _record("people.role.granted", grant, by=by, at=at)
    return grant


@transaction.atomic
def revoke_role(
    account: uuid.UUID, organisation: uuid.UUID, role: Role, *, by: Actor, at: dt.datetime
) -> None:
    """The account doesn't hold `role` any more; what she did under it stays.

    An organisation keeps at least one administrator, or nobody could let people in.

    Raises: NotAllowed, NotFound (a role that she doesn't hold, too), AlreadyErased, LastAdministrator.
    """
    by.require(Permission.MANAGE_PEOPLE)
    if by.account is not None and organisation != by.organisation:
        raise NotFound
    locked_account(account, by)
    standing = Grant.objects.filter(organisation=organisation, role=role, revoked_at=None)
    # All administrators' grants are locked in one order: two of them revoking each other at once
    # would otherwise leave none.
    grants = list(standing.select_for_update().order_by("id"))
    grant = next((grant for grant in grants if grant.account_id == account), None)
    if grant is None:
        raise NotFound
    if role == Role.ADMINISTRATOR and len(grants) == 1 and by.account is not None:
        raise LastAdministrator
    grant.revoked_at = at
    grant.save(update_fields=["revoked_at"])
    _record("people.role.revoked", grant, by=by, at=at)


@transaction.atomic
def set_roles(account: uuid.UUID, roles: Iterable[Role], *, by: Actor, at: dt.datetime) -> None:
    """She holds exactly these roles in the actor's organisation: what is missing is granted, the rest ends.

    Raises: NotFound, and those of grant_role and revoke_role.
    """
    if by.organisation is None:
        raise NotFound
    locked_account(account, by)
    wanted, held = frozenset(roles), standing_roles(account, by.organisation)
    for role in sorted(wanted - held):
        grant_role(account, by.organisation, role, by=by, at=at)
    for role in sorted(held - wanted):
        revoke_role(account, by.organisation, role, by=by, at=at)


@transaction.atomic
def end_access(account: uuid.UUID, *, by: Actor, at: dt.datetime) -> None:
    """Every role of hers in the actor's organisation ends, and where she has no other, her sessions too.

    What she did, what she earned and what she may contest stays.

    Raises: those of set_roles.
    """
    by.require(Permission.MANAGE_PEOPLE)
    set_roles(account, (), by=by, at=at)
    if not Grant.objects.filter(account=account, revoked_at=None).exists():
        Session.objects.filter(account=account).delete()


def _record(code: str, grant: Grant, *, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"account:{grant.account_id}",
        organisation=grant.organisation_id,
        data={"role": str(grant.role)},
    )
