"""One-time links: they open a session for one account, once, until they end."""

import datetime as dt
import hashlib
import secrets
import uuid

from django.db import transaction

from palabre.people.actions.locking import locked_account
from palabre.people.actor import Actor
from palabre.people.errors import LinkOver
from palabre.people.models import Link
from palabre.record.actions import record

LASTS = {
    Link.Purpose.SIGN_IN: dt.timedelta(hours=1),
    Link.Purpose.NEW_PASSWORD: dt.timedelta(hours=1),
    Link.Purpose.INVITATION: dt.timedelta(days=14),
    Link.Purpose.WAY_IN: dt.timedelta(days=3),
}


@transaction.atomic
def make_link(account: uuid.UUID, purpose: Link.Purpose, *, by: Actor, at: dt.datetime) -> str:
    """The secret of a new link, which nobody can read again. An open one of the same purpose ends.

    Whoever calls has checked that it may be made: it goes to the person's own address.

    Raises: NotFound, AlreadyErased.
    """
    locked_account(account, by)
    return add_link(account, purpose, by=by, at=at)


def add_link(
    account: uuid.UUID, purpose: Link.Purpose, *, by: Actor, at: dt.datetime, **why: str | bool | None
) -> str:
    """The same inside the transaction of an action that has locked the account. `why`: what she reads of it."""
    Link.objects.filter(account=account, purpose=purpose, used_at=None).update(used_at=at)
    secret = secrets.token_urlsafe(32)
    Link.objects.create(
        account_id=account,
        purpose=purpose,
        digest=_digest(secret),
        organisation_id=by.organisation,
        created_at=at,
        expires_at=at + LASTS[purpose],
        made_by=by.account,
        **why,
    )
    _record("people.link.made", account, purpose, by=by, at=at)
    return secret


def look_at_link(secret: str, *, at: dt.datetime) -> Link:
    """The link, still whole: programs that read e-mail open addresses, and people want to know where one leads.

    Raises: LinkOver, for an unknown one as well.
    """
    link = Link.objects.select_related("account", "organisation").filter(digest=_digest(secret)).first()
    return _open(link, at)


@transaction.atomic
def use_link(secret: str, *, at: dt.datetime) -> Link:
    """The link, which opens nothing any more from now on. Of two who use it at once, one is too late.

    Raises: LinkOver.
    """
    found = Link.objects.select_for_update(of=("self",)).select_related("account")
    link = _open(found.filter(digest=_digest(secret)).first(), at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    by = Actor(link.account_id, link.organisation_id, frozenset())
    _record("people.link.used", link.account_id, link.purpose, by=by, at=at)
    return link


def _open(link: Link | None, at: dt.datetime) -> Link:
    if link is None or link.used_at is not None or link.expires_at <= at or not link.account.is_active:
        raise LinkOver
    return link


def _digest(secret: str) -> bytes:
    """The secret has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).digest()


def _record(code: str, account: uuid.UUID, purpose: str, *, by: Actor, at: dt.datetime) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"account:{account}",
        organisation=by.organisation,
        data={"purpose": str(purpose)},
    )
