"""What is told to people by e-mail: what waits for them each morning, and at once what can't wait.

A room says in the `ready` of its `apps.py` what it tells to whom; nothing here knows what work or money is. What a
morning's letter says is computed by what the reader's home is computed by, so that both say the same. Sentences
hold numbers and the names of projects, never those of members: a letter lies in other people's hands.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from palabre.people.actor import Actor
from palabre.people.models import Role


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of a letter, in the language that is active, and where it leads. `late`: what was promised is over."""

    what: str
    address: str
    late: bool = False


# What waits for an actor, and what is new for her between two instants.
Morning = Callable[[Actor, dt.datetime, dt.datetime], Iterable[Notice]]


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that can't wait. Nobody is told of the same `key` twice.

    It is for one account, or for an organisation's people of the roles that are told; with neither, for all of them.
    """

    key: str
    account: uuid.UUID | None = None
    organisation: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class AtOnce:
    """A kind of matter. `find` gives those of the whole installation that are open at an instant, in few statements.

    `roles` is empty where a matter names its account. `say` counts them in the language that is active.
    """

    name: str
    find: Callable[[dt.datetime], Iterable[Matter]]
    say: Callable[[int], str]
    page: str
    roles: frozenset[Role] = frozenset()


_MORNINGS: dict[Role, Morning] = {}
_AT_ONCE: list[AtOnce] = []
# A matter that ends by itself (somebody decided, a payout failed) is looked for so long.
RECENT = dt.timedelta(days=2)


def register_morning(role: Role, morning: Morning) -> None:
    """Make known what a morning's letter says to those of a role."""
    _MORNINGS[role] = morning


def register_at_once(kind: AtOnce) -> None:
    """Make known what can't wait until the morning."""
    if kind not in _AT_ONCE:
        _AT_ONCE.append(kind)


def kinds_at_once() -> tuple[AtOnce, ...]:
    return tuple(_AT_ONCE)


def morning_of(by: Actor, since: dt.datetime, at: dt.datetime) -> list[Notice]:
    """All that the actor's roles are told, each line once."""
    found = (
        one
        for role in Role
        if role in by.roles and role in _MORNINGS
        for one in _MORNINGS[role](by, since, at)
    )
    return list(dict.fromkeys(found))
