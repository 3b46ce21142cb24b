"""The one lock of this room: the account that is about to change, and whose it is."""

import uuid

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.errors import AlreadyErased, HeldElsewhere
from palabre.people.models import Account, Grant
from palabre.people.walls import keeps


def locked_account(account: uuid.UUID, by: Actor) -> Account:
    """The account, locked until the end of the transaction, when the actor's organisation keeps it.

    Where she went on to another one, the organisation before doesn't reach her any more; herself she always does.
    Erasure takes the same lock, so nothing is granted to somebody who is being erased.

    Raises: NotFound, AlreadyErased.
    """
    found = Account.objects.select_for_update().filter(id=account).first()
    if found is None:
        raise NotFound
    if by.account not in {None, account} and not keeps(account, by.organisation):
        raise NotFound
    if found.erased_at is not None:
        raise AlreadyErased
    return found


def refuse_elsewhere(account: uuid.UUID, by: Actor) -> None:
    """Who takes part elsewhere too is nobody's alone: no organisation gets at another's account.

    Raises: HeldElsewhere.
    """
    standing = Grant.objects.filter(account=account, revoked_at=None)
    if by.account is not None and standing.exclude(organisation=by.organisation).exists():
        raise HeldElsewhere
