"""A way back in for somebody whom nothing lets in any more: no password, no phone, or no link."""

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction

from palabre.people import fields
from palabre.people.actions.links import add_link
from palabre.people.actions.locking import locked_account, refuse_elsewhere
from palabre.people.actor import Actor
from palabre.people.errors import AdministratorNeeded, EnoughLinks, OneselfIsIn
from palabre.people.models import Account, Link, Session
from palabre.people.permissions import Permission
from palabre.people.queries import person_to_let_in
from palabre.record.actions import record

# Of one person, within a day: enough for a link that is lost twice, too few to play with somebody's account.
MOST, WITHIN = 5, dt.timedelta(days=1)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Why:
    """Why somebody needs a new link. `words` are for her to read; `no_second_step`: what it needs is lost too."""

    reason: Link.Reason
    words: str = ""
    no_second_step: bool = False


@transaction.atomic
def open_way_in(account: uuid.UUID, why: Why, *, by: Actor, at: dt.datetime) -> tuple[str, Link.Purpose]:
    """The secret of a new link for her, and what kind it is: nothing else opens her account from now on.

    A lost phone is the usual reason, so her sessions end at once, her password and every open link of hers open
    nothing any more. A passkey or an app with codes stays and is asked for, unless an administrator says that it
    is lost as well. Who did it and why stands in the record, without the words, which she reads herself.

    Raises: NotAllowed, AdministratorNeeded, OneselfIsIn, NotFound, AlreadyErased, HeldElsewhere, EnoughLinks,
    TextMissing, TextTooLong, TextUnreadable.
    """
    by.require(Permission.LET_IN)
    if by.account == account:
        raise OneselfIsIn
    found = locked_account(account, by)
    if by.account is not None:
        person_to_let_in(account, by)
    check_again(account, by=by, at=at)
    ended, _each = Session.objects.filter(account=found).delete()
    Link.objects.filter(account=found, used_at=None).update(used_at=at)
    removed = why.no_second_step and _without_second_step(found, by)
    found.set_unusable_password()
    found.save(update_fields=["password"])
    purpose = Link.Purpose.WAY_IN if found.last_login else Link.Purpose.INVITATION
    said: dict[str, str | bool | None] = {"reason": str(why.reason), "second_step_removed": removed}
    secret = add_link(account, purpose, by=by, at=at, words=_words(why), **said)
    record(
        "people.way_in.opened",
        by=by.account,
        at=at,
        subject=f"account:{account}",
        organisation=by.organisation,
        data={"sessions": ended, **said},
    )
    return secret, purpose


def check_again(account: uuid.UUID, *, by: Actor, at: dt.datetime) -> None:
    """One more link may be made for her by the actor's organisation. At the terminal, always.

    Raises: HeldElsewhere, EnoughLinks.
    """
    refuse_elsewhere(account, by)
    made = Link.objects.filter(account=account, organisation__isnull=False, created_at__gt=at - WITHIN)
    if by.account is not None and made.count() >= MOST:
        raise EnoughLinks(most=MOST)


def _words(why: Why) -> str:
    """“Something else” is no reason by itself."""
    if why.words.strip() or why.reason == Link.Reason.OTHER:
        return fields.text(why.words, "words", most=_LONGEST)
    return ""


def _without_second_step(account: Account, by: Actor) -> bool:
    """Whether there was anything to remove. One person's word alone doesn't take it from a member."""
    if not by.may(Permission.MANAGE_PEOPLE):
        raise AdministratorNeeded
    removed, _each = Authenticator.objects.filter(user=account).delete()
    return removed > 0
