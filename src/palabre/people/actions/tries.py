"""Tries of what can be guessed, counted where all processes share them, and codes that were used.

A bucket fills by one with each try and empties steadily. Its key is a digest: neither a name nor an address stands in
the table, which isn't logged (a crash of the database empties it) and goes by itself after a day.
"""

import datetime as dt
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# A code of an app holds for three steps of 30 seconds; in between it opens nothing a second time.
CODE_HOLDS = dt.timedelta(minutes=3)
KEPT = dt.timedelta(days=1)

_TAKE = """
INSERT INTO people_try AS t (key, spent, refused, at) VALUES (%(key)s, 1, false, %(at)s)
ON CONFLICT (key) DO UPDATE SET at = greatest(t.at, EXCLUDED.at),
    spent = least(%(most)s, greatest(0, t.spent - extract(epoch FROM greatest(t.at, EXCLUDED.at) - t.at) / %(seconds)s) + 1),
    refused = greatest(0, t.spent - extract(epoch FROM greatest(t.at, EXCLUDED.at) - t.at) / %(seconds)s) + 1 > %(most)s
RETURNING spent, refused
"""
_GIVE_BACK = "UPDATE people_try SET spent = greatest(0, spent - 1) WHERE key = ANY(%s)"
_SPEND = """
INSERT INTO people_try AS t (key, spent, refused, at) VALUES (%s, 1, false, %s)
ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at WHERE t.at <= %s RETURNING key
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`most` tries at once, and one more each `seconds`, by whoever `who` names."""

    name: str
    who: str
    most: int
    seconds: int

    @property
    def key(self) -> bytes:
        return hashlib.sha256(f"{self.name}:{self.who}".encode()).digest()


def take_try(buckets: Sequence[Bucket], *, at: dt.datetime) -> int:
    """Count one try in each bucket: 0, or the seconds after which the next one is taken. A refused one counts nowhere."""
    taken: list[Bucket] = []
    for bucket in buckets:
        asked: dict[str, bytes | int | dt.datetime] = {
            "key": bucket.key,
            "most": bucket.most,
            "seconds": bucket.seconds,
            "at": at,
        }
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, asked)
            _spent, refused = cursor.fetchone()
        if refused:
            give_tries_back(taken)
            return max(1, math.ceil(bucket.seconds))
        taken.append(bucket)
    return 0


def give_tries_back(buckets: Sequence[Bucket]) -> None:
    """It was no wrong try."""
    if buckets:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, [[bucket.key for bucket in buckets]])


def spend_code(account: object, code: str, *, at: dt.datetime) -> bool:
    """Whether this is the first use of a code by its person, in whichever process. One statement."""
    key = hashlib.sha256(f"code:{account}:{code}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [key, at, at - CODE_HOLDS])
        return cursor.fetchone() is not None


def forget_tries(*, at: dt.datetime, most: int = 10_000) -> int:
    """Delete what has been empty for long, `most` at a time. How many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM people_try WHERE key IN (SELECT key FROM people_try WHERE at < %s LIMIT %s)",
            [at - KEPT, most],
        )
        return int(cursor.rowcount)
