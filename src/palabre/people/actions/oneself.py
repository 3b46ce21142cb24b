"""What a person sets about herself."""

import datetime as dt
import uuid

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from palabre.errors import NotFound
from palabre.people import fields
from palabre.people.actions.locking import locked_account
from palabre.people.actor import Actor
from palabre.people.errors import PasswordWeak
from palabre.people.models import Account, Link, Session
from palabre.record.actions import record


@transaction.atomic
def set_password(password: str, *, by: Actor, at: dt.datetime, keep: str | None = None) -> Account:
    """A password of one's own. Every other session of hers ends, and so do her open links.

    The session `keep` stays: the one in which she sets it.

    Raises: NotFound, PasswordWeak.
    """
    account = _oneself(by)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise PasswordWeak(path="password", why=" ".join(error.messages)) from None
    account.set_password(password)
    account.save(update_fields=["password"])
    Link.objects.filter(account=account, used_at=None).update(used_at=at)
    _end_others(account.id, keep)
    _record("people.password.set", by=by, at=at, data={})
    return account


@transaction.atomic
def speak(language: str, *, by: Actor, at: dt.datetime) -> Account:
    """The language in which Palabre writes and speaks to her.

    Raises: NotFound, UnknownLanguage.
    """
    account = _oneself(by)
    account.language = fields.language(language)
    account.save(update_fields=["language"])
    _record("people.language.chosen", by=by, at=at, data={"language": account.language})
    return account


@transaction.atomic
def end_sessions(*, by: Actor, at: dt.datetime, keep: str | None = None) -> int:
    """Sign out everywhere, but for the session `keep`. How many ended.

    Raises: NotFound.
    """
    ended = _end_others(_oneself(by).id, keep)
    _record("people.sessions.ended", by=by, at=at, data={"count": ended})
    return ended


def _oneself(by: Actor) -> Account:
    if by.account is None:
        raise NotFound
    return locked_account(by.account, by)


def _end_others(account: uuid.UUID, keep: str | None) -> int:
    ended, _each = Session.objects.filter(account=account).exclude(session_key=keep).delete()
    return ended


def _record(code: str, *, by: Actor, at: dt.datetime, data: dict[str, object]) -> None:
    record(
        code, by=by.account, at=at, subject=f"account:{by.account}", organisation=by.organisation, data=data
    )
