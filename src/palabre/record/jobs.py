"""Background work of the room: sealing."""

from palabre.record.seals import seal_next
from palabre.times import Clock


def run_seals(clock: Clock) -> int:
    """Seal one stretch of what is new. The number of events sealed."""
    return seal_next(at=clock.now())
