"""Who reads letters: her address, her language, her clock, and for whom she acts."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from palabre.people.actor import Actor
from palabre.people.models import Role

# Letters come at seven in the morning of where she is, and none before that or after nine in the evening.
SEVEN, NINE = dt.time(7), dt.time(21)

# Who was invited and has never come in is told nothing: she has not said yes to anything.
_READERS = """
SELECT a.id, p.name, a.language, coalesce(r.timezone, min(o.timezone)),
    array_agg(g.organisation_id), array_agg(CASE WHEN g.revoked_at IS NULL THEN g.role END)
FROM people_account a
JOIN people_personaldata p ON p.account_id = a.id AND p.email IS NOT NULL
JOIN people_grant g ON g.account_id = a.id
JOIN people_organisation o ON o.id = g.organisation_id
LEFT JOIN people_residence r ON r.account_id = a.id
WHERE a.is_active AND a.last_login IS NOT NULL AND (a.id = ANY(%(accounts)s)
    OR (g.revoked_at IS NULL AND g.role = ANY(%(roles)s)
        AND (%(everywhere)s OR g.organisation_id = ANY(%(organisations)s))))
GROUP BY a.id, p.name, r.timezone
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """`places`: her roles in each organisation that she acts for."""

    account: uuid.UUID
    name: str
    language: str
    timezone: str
    places: dict[uuid.UUID, frozenset[Role]]

    @property
    def actors(self) -> list[Actor]:
        return [
            Actor(self.account, place, roles)
            for place, roles in sorted(self.places.items(), key=lambda one: one[0])
        ]

    def is_awake(self, at: dt.datetime) -> bool:
        """Whether a letter disturbs nobody."""
        return SEVEN <= self._clock(at).time() < NINE

    def next_morning(self, at: dt.datetime) -> dt.datetime:
        """The first seven o'clock after `at`, where she is."""
        here = self._clock(at)
        day = here.date() if here.time() < SEVEN else here.date() + dt.timedelta(days=1)
        return dt.datetime.combine(day, SEVEN, ZoneInfo(self.timezone)).astimezone(dt.UTC)

    def _clock(self, at: dt.datetime) -> dt.datetime:
        return at.astimezone(ZoneInfo(self.timezone))


def readers(
    accounts: Collection[uuid.UUID],
    *,
    roles: Collection[Role] = (),
    organisations: Collection[uuid.UUID] = (),
    everywhere: bool = False,
) -> list[Reader]:
    """These accounts, and those who hold one of the roles in the organisations, or anywhere. One statement.

    Of these accounts all roles are known, and they are here when all have ended: what is decided about somebody is
    told to her in any case. Of others only the roles that were asked for are known.
    """
    asked: dict[str, Any] = {
        "accounts": list(accounts),
        "roles": [str(role) for role in roles],
        "organisations": list(organisations),
        "everywhere": everywhere,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READERS, asked)
        return [_reader(*row) for row in cursor.fetchall()]


def _reader(
    account: uuid.UUID,
    name: str,
    language: str,
    timezone: str,
    places: list[uuid.UUID],
    roles: list[str | None],
) -> Reader:
    held: dict[uuid.UUID, frozenset[Role]] = {}
    for place, role in zip(places, roles, strict=True):
        held[place] = held.get(place, frozenset()) | ({Role(role)} if role else set())
    return Reader(account, name, language, timezone, held)
