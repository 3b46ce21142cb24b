"""Background work of the room: sealing, and forgetting the answers to requests of long ago."""

import datetime as dt

from django.db import connection

from palabre.record.seals import seal_next
from palabre.times import Clock

# A sender repeats within minutes, a device that was offline within days.
KEPT = dt.timedelta(days=30)
STEP = 5_000
# By their numbers, which were given in the order of time: so a step reads STEP rows, whatever there is.
_PRUNE = """
DELETE FROM record_request WHERE id IN (
    SELECT id FROM (SELECT id, at FROM record_request ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) oldest
    WHERE at < %s)
"""


def run_seals(clock: Clock) -> int:
    """Seal one stretch of what is new. The number of events sealed."""
    return seal_next(at=clock.now())


def run_forgotten_requests(clock: Clock) -> int:
    """Delete one stretch of answers that nobody asks for again. How many."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, [STEP, clock.now() - KEPT])
        deleted: int = cursor.rowcount
    return deleted
