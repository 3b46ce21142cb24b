"""Background work of the room: leases that are over, money that moved, and HTML of an older cleaner."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from palabre.pay.actions import collect_fractions
from palabre.pay.models import LedgerAccount
from palabre.record.failures import every_row
from palabre.times import Clock
from palabre.work.access import OFFERED, WORKED_ON
from palabre.work.actions.fund import refresh_funding, settle_shares
from palabre.work.actions.leases import return_expired_leases
from palabre.work.actions.reviews import return_expired_reviews
from palabre.work.actions.versions import clean_again
from palabre.work.markdown import CLEANER
from palabre.work.models import Guideline, Project

# Tasks that were out when a project closed still come back and are paid.
AFTER_CLOSE = dt.timedelta(days=30)


def run_expired_leases(clock: Clock) -> int:
    """Give the places of expired leases back, a thousand at a time, and tasks whose review is over."""
    with every_row("expired leases", clock) as rows:
        leases = rows.do("leases", lambda: return_expired_leases(at=clock.now()))
        reviews = rows.do("reviews", lambda: return_expired_reviews(at=clock.now()))
    return (leases or 0) + (reviews or 0)


def run_funding(clock: Clock) -> int:
    """Work done by cheaper places saves money and top-ups spend it: look again how far it goes."""
    return sum(_each("funding", Project.objects.filter(state__in=OFFERED), clock, refresh_funding))


def run_guidelines(clock: Clock) -> int:
    """After an upgrade: clean what another cleaner left, one version after the other."""
    old = Guideline.objects.exclude(cleaner=CLEANER).values_list("id", "project__operator_id")
    with every_row("guidelines", clock) as rows:
        return sum(
            bool(rows.do(f"guideline:{one}", partial(clean_again, one, at=clock.now()), operator))
            for one, operator in old.order_by("id")
        )


def run_shares(clock: Clock) -> int:
    """Once a day: the platform's share and the social cover of the work that came in."""
    projects = Project.objects.filter(state__in=WORKED_ON)
    just_closed = Project.objects.filter(closed_at__gte=clock.now() - AFTER_CLOSE)

    def settle(project: Project) -> int:
        return settle_shares(project, at=clock.now()) is not None

    return sum(_each("shares", projects | just_closed, clock, settle)) + _own_fractions(clock)


def _own_fractions(clock: Clock) -> int:
    """What operators pay themselves (late work) is charged in full as well."""
    with every_row("fractions", clock) as rows:
        return sum(
            bool(rows.do(f"account:{one.id}", partial(collect_fractions, one, at=clock.now()), one.owner))
            for one in LedgerAccount.objects.filter(kind=LedgerAccount.Kind.PLATFORM)
        )


def _each(
    job: str, projects: Iterable[Project], clock: Clock, work: Callable[[Project], int]
) -> Iterator[int]:
    """One project after the other, each by itself."""
    with every_row(job, clock) as rows:
        for project in projects:
            yield rows.do(f"project:{project.id}", partial(work, project), project.operator_id) or 0
