"""One row that background work can't do is logged, kept with its why, and passed: it holds up nobody else."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import DatabaseError, connection
from django.db.models import F

from palabre.errors import PalabreError
from palabre.record.models import Failure
from palabre.times import Clock

T = TypeVar("T")

# Where rows wait in a line, one that failed lets the others pass: a minute, then twice as long each time.
REST = dt.timedelta(minutes=1)
LONGEST_REST = dt.timedelta(hours=1)
log = logging.getLogger("palabre.jobs")


class Rows:
    """The rows of one run of a job, each with a boundary of its own."""

    def __init__(self, job: str, clock: Clock) -> None:
        self.job, self.clock = job, clock
        self.failing = {one.subject: one for one in Failure.objects.filter(job=job)}
        self.tried: set[str] = set()

    def do(self, subject: str, work: Callable[[], T], organisation: uuid.UUID | None = None) -> T | None:
        """What `work` gives, which is one row's and a transaction by itself; None when it failed.

        Raises: what the database says when it is gone, for then no row can be blamed.
        """
        self.tried.add(subject)
        try:
            done = work()
        except Exception as error:
            if isinstance(error, DatabaseError) and not connection.is_usable():
                raise
            self._note(subject, organisation, error)
            return None
        if subject in self.failing:
            Failure.objects.filter(job=self.job, subject=subject).delete()
        return done

    def resting(self) -> set[str]:
        """Those that failed a short time ago: others go first."""
        now = self.clock.now()
        return {
            subject
            for subject, one in self.failing.items()
            if now - one.tried_at < min(REST * 2 ** min(one.tries - 1, 10), LONGEST_REST)
        }

    def forget(self) -> None:
        """Let go of what failed once and is not due any more. Only after a run over all that is due."""
        gone = self.failing.keys() - self.tried
        if gone:
            Failure.objects.filter(job=self.job, subject__in=gone).delete()

    def _note(self, subject: str, organisation: uuid.UUID | None, error: Exception) -> None:
        why = error.code if isinstance(error, PalabreError) else type(error).__name__
        now, before = self.clock.now(), self.failing.get(subject)
        if before is None or before.why != why:
            # Told once, not at every try.
            log.error("a row was passed", exc_info=error, extra={"job": self.job, "subject": subject})
        values = {"organisation": organisation, "why": why, "tried_at": now, "tries": F("tries") + 1}
        first = {**values, "since": now, "tries": 1}
        Failure.objects.update_or_create(values, first, job=self.job, subject=subject)


@contextmanager
def every_row(job: str, clock: Clock) -> Iterator[Rows]:
    """A run over all rows that are due: what failed before and is not due any more is forgotten at its end."""
    rows = Rows(job, clock)
    yield rows
    rows.forget()


def failures(
    organisation: uuid.UUID | None = None, *, jobs: tuple[str, ...] = (), limit: int = 50
) -> list[Failure]:
    """What was passed and waits, the oldest first: of one organisation, or (None) of the whole installation."""
    found = (
        Failure.objects.all() if organisation is None else Failure.objects.filter(organisation=organisation)
    )
    if jobs:
        found = found.filter(job__in=jobs)
    return list(found.order_by("since", "id")[:limit])


def failure_count(organisation: uuid.UUID | None = None) -> int:
    """How many of them there are."""
    found = Failure.objects.all()
    return (found if organisation is None else found.filter(organisation=organisation)).count()
