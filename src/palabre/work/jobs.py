"""Background work of the room: leases that are over, and money that moved."""

from palabre.times import Clock
from palabre.work.actions.leases import return_expired_leases


def run_expired_leases(clock: Clock) -> int:
    """Give the places of expired leases back, a thousand at a time."""
    return return_expired_leases(at=clock.now())
