"""Background work of the room: leases that are over, and money that moved."""

from palabre.times import Clock
from palabre.work.actions.fund import refresh_funding, settle_shares
from palabre.work.actions.leases import return_expired_leases
from palabre.work.models import Project


def run_expired_leases(clock: Clock) -> int:
    """Give the places of expired leases back, a thousand at a time."""
    return return_expired_leases(at=clock.now())


def run_funding(clock: Clock) -> int:
    """Late answers and top-ups spend a deposit too: look again how far the money of live projects goes."""
    for project in Project.objects.filter(state=Project.State.LIVE):
        settle_shares(project, at=clock.now())
        refresh_funding(project)
    return 0
