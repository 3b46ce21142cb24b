"""Who is acting, for which organisation, with what rights. Every action takes one as `by`."""

import datetime as dt
import uuid
from dataclasses import dataclass

from palabre.errors import NotAllowed
from palabre.people.models import Role
from palabre.people.permissions import ALLOWED, Permission


@dataclass(frozen=True, slots=True)
class Actor:
    """`account` acts for `organisation`. `scopes` narrows the rights of a token (None: all).

    `token`: the one that she acts by, and `until`, its end; None for a browser, and for one without an end.
    `account` is None for the program itself (background jobs), which holds every right.
    """

    account: uuid.UUID | None
    organisation: uuid.UUID | None
    roles: frozenset[Role]
    scopes: frozenset[Permission] | None = None
    token: uuid.UUID | None = None
    until: dt.datetime | None = None

    def may(self, permission: Permission) -> bool:
        if self.account is None:
            return True
        if self.scopes is not None and permission not in self.scopes:
            return False
        return any(permission in ALLOWED[role] for role in self.roles)

    def may_with_her_own(self, permission: Permission) -> bool:
        """A right over what is her own: it outlasts her roles. A token still needs its scope."""
        return self.account is not None and (self.scopes is None or permission in self.scopes)

    def require(self, permission: Permission) -> None:
        """Raises: NotAllowed."""
        if not self.may(permission):
            raise NotAllowed(permission=str(permission))


SYSTEM = Actor(account=None, organisation=None, roles=frozenset())
