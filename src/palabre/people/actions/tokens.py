"""Tokens: keys for programs, shown once."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from palabre.errors import NotFound
from palabre.people import fields
from palabre.people.actions.locking import locked_account
from palabre.people.actor import Actor
from palabre.people.errors import ExpiryPast, OnlyOnesOwn, OutlivesIts, ScopeTooWide, UnknownScope
from palabre.people.models import Token
from palabre.people.permissions import Permission
from palabre.people.queries import standing_roles
from palabre.people.tokens import digest, new_secret
from palabre.record.actions import record

_PERMISSIONS = {str(permission) for permission in Permission}


@transaction.atomic
def create_token(
    account: uuid.UUID,
    organisation: uuid.UUID,
    *,
    name: str,
    scopes: Iterable[str],
    expires_at: dt.datetime | None = None,
    by: Actor,
    at: dt.datetime,
) -> tuple[Token, str]:
    """A token of the account in the organisation, and its secret, which nobody can read again.

    For oneself only: who makes one for another person could act as her. At the terminal, for anybody. Scopes
    narrow what the account's roles allow and never widen it. A token hands on only scopes that it carries itself,
    and no longer than it lasts: a leaked one can't make a stronger one.

    Raises: OnlyOnesOwn, NotFound (no standing role there), AlreadyErased, UnknownScope, ScopeTooWide,
    ExpiryPast, OutlivesIts, TextMissing, TextTooLong, TextUnreadable.
    """
    if by.account is not None and organisation != by.organisation:
        raise NotFound
    if by.account is not None and by.account != account:
        raise OnlyOnesOwn
    locked_account(account, by)
    if not standing_roles(account, organisation):
        raise NotFound
    if expires_at is not None and expires_at <= at:
        raise ExpiryPast(path="expires_at")
    if by.until is not None and (expires_at is None or expires_at > by.until):
        raise OutlivesIts(path="expires_at", until=by.until)
    secret = new_secret()
    token = Token.objects.create(
        account_id=account,
        organisation_id=organisation,
        name=fields.name(name, "name", most=80),
        digest=digest(secret),
        scopes=_checked(scopes, by),
        made_with=by.token,
        created_at=at,
        expires_at=expires_at,
    )
    _record("people.token.created", token, by=by, at=at)
    return token, secret


def _checked(scopes: Iterable[str], by: Actor) -> list[str]:
    asked = sorted(set(scopes))
    for scope in asked:
        if scope not in _PERMISSIONS:
            raise UnknownScope(path="scopes", value=scope, choices=", ".join(sorted(_PERMISSIONS)))
        if by.scopes is not None and scope not in by.scopes:
            raise ScopeTooWide(path="scopes", scope=scope)
    return asked


@transaction.atomic
def revoke_token(token: uuid.UUID, *, by: Actor, at: dt.datetime) -> None:
    """The token opens nothing from now on, and those that were made with it neither.

    One's own, or any of the organisation by who manages people.

    Raises: NotFound, for a token that is revoked already or somebody else's as well.
    """
    found = Token.objects.select_for_update().filter(id=token, revoked_at=None).first()
    if found is None:
        raise NotFound
    mine = found.account_id == by.account and found.organisation_id == by.organisation
    managed = by.may(Permission.MANAGE_PEOPLE) and by.organisation in (None, found.organisation_id)
    if not mine and not managed:
        raise NotFound
    ending = [found]
    while ending:
        one = ending.pop()
        one.revoked_at = at
        one.save(update_fields=["revoked_at"])
        _record("people.token.revoked", one, by=by, at=at)
        ending += Token.objects.select_for_update().filter(made_with=one.id, revoked_at=None)


def _record(code: str, token: Token, *, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"account:{token.account_id}",
        organisation=token.organisation_id,
        data={"token": str(token.id), "scopes": list(token.scopes)},
    )
