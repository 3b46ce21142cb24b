"""Background work of the room: leases that are over, and money that moved."""

import datetime as dt

from palabre.times import Clock
from palabre.work.access import OFFERED, WORKED_ON
from palabre.work.actions.fund import refresh_funding, settle_shares
from palabre.work.actions.leases import return_expired_leases
from palabre.work.actions.reviews import return_expired_reviews
from palabre.work.models import Project

# Tasks that were out when a project closed still come back and are paid.
AFTER_CLOSE = dt.timedelta(days=30)


def run_expired_leases(clock: Clock) -> int:
    """Give the places of expired leases back, a thousand at a time, and tasks whose review is over."""
    return return_expired_leases(at=clock.now()) + return_expired_reviews(at=clock.now())


def run_funding(clock: Clock) -> int:  # noqa: ARG001 (every job is given the clock)
    """Work done by cheaper places saves money and top-ups spend it: look again how far it goes."""
    return sum(refresh_funding(project) for project in Project.objects.filter(state__in=OFFERED))


def run_shares(clock: Clock) -> int:
    """Once a day: the platform's share and the social cover of the work that came in."""
    projects = Project.objects.filter(state__in=WORKED_ON)
    just_closed = Project.objects.filter(closed_at__gte=clock.now() - AFTER_CLOSE)
    return sum(settle_shares(project, at=clock.now()) is not None for project in projects | just_closed)
