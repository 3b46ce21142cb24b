"""Run the claim statement over a member's batches, in order, with bounded effort."""

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db import connection

_TEXT = files("palabre.work.dispatch").joinpath("claim.sql").read_text(encoding="utf-8")
# How many candidates a statement looks at: a few sizes, each with its own text and plan.
LOOKS = (16, 32, 64, 128, 256, 512)
CLAIMS = {look: _TEXT.replace(":look", str(look)) for look in LOOKS}
# One request looks at no more than this many candidates; a device that got less asks again.
MOST_LOOKED_AT = 2_000
FIRST_LOOK = 12
LONGEST_GAPS = 400


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task in a member's hands."""

    lease: int
    task: int
    position: int
    external_id: str | None
    payload: dict[str, object]
    media: uuid.UUID | None


def claimed(row: Sequence[Any]) -> Claimed:
    """From the columns lease, task, position, external id, payload (JSON text), media."""
    lease, task, position, external_id, payload, media = row[:6]
    return Claimed(lease, task, position, external_id, json.loads(payload), media)


@dataclass(slots=True)
class Place:
    """How far a member has come in one open batch (a row of the context query)."""

    batch: uuid.UUID
    upto: int
    position: int
    returned: int
    gaps: Sequence[int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: for whom, until when, and how much at most."""

    member: uuid.UUID
    project: uuid.UUID
    count: int
    max_bytes: int
    at: dt.datetime
    expires: dt.datetime


def claim(places: Sequence[Place], wanted: Wanted) -> tuple[list[Claimed], bool]:
    """Claim tasks batch after batch. The flag says that more may be had by asking again."""
    found: list[Claimed] = []
    budget, size = MOST_LOOKED_AT, 0
    for place in places:
        look = _at_least(wanted.count + FIRST_LOOK)
        while len(found) < wanted.count:
            if budget <= 0:
                return found, True
            rows, looked = _step(place, wanted, wanted.count - len(found), look, wanted.max_bytes - size)
            found += rows
            size += sum(_size(row) for row in rows)
            budget -= look
            if size >= wanted.max_bytes:
                return found, True
            if looked < look:
                break
            look = _at_least(look * 2)
    return found, len(found) == wanted.count


def _step(place: Place, wanted: Wanted, count: int, look: int, max_bytes: int) -> tuple[list[Claimed], int]:
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIMS[look],
            {
                "member": wanted.member,
                "project": wanted.project,
                "batch": place.batch,
                "position": place.position,
                "returned": place.returned,
                "gaps": list(place.gaps),
                "upto": place.upto,
                "wanted": count,
                "take_returned": len(place.gaps) <= LONGEST_GAPS,
                "max_bytes": max_bytes,
                "at": wanted.at,
                "expires": wanted.expires,
            },
        )
        rows = cursor.fetchall()
    place.position, place.returned, place.gaps = rows[0][6], rows[0][7], rows[0][8]
    return [claimed(row) for row in rows if row[0] is not None], rows[0][9]


def _at_least(count: int) -> int:
    """The smallest of the sizes that looks at so many, or the largest there is."""
    return next((look for look in LOOKS if look >= count), LOOKS[-1])


def _size(row: Claimed) -> int:
    return len(str(row.payload))
