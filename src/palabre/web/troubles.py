"""What of the installation can't wait until the morning: a job that fails again and again, a record that is off."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import ngettext

from palabre.messages.notices import RECENT, Matter
from palabre.record.models import Verification
from palabre.web.models import JobRun

# Once or twice happens whenever the database is started anew.
AGAIN_AND_AGAIN = 3


def failing_jobs(_at: dt.datetime) -> Iterator[Matter]:
    """Each once for each day on which it fails. One statement."""
    for run in JobRun.objects.filter(failures__gte=AGAIN_AND_AGAIN, failed_at__isnull=False):
        if run.failed_at is not None:
            yield Matter(f"job:{run.name}:{run.failed_at.date()}")


def say_jobs(number: int) -> str:
    return ngettext("One job fails again and again.", "%(number)s jobs fail again and again.", number) % {
        "number": number
    }


def broken_verifications(at: dt.datetime) -> Iterator[Matter]:
    """Those that found something, or could not be finished. One statement."""
    off = Q(gave_up=True) | ~Q(problems=[])
    for row in Verification.objects.filter(off, finished_at__gte=at - RECENT):
        yield Matter(f"verification:{row.id}", organisation=row.organisation)


def say_verifications(number: int) -> str:
    return ngettext(
        "A verification of the record found something that is off, or could not be finished.",
        "%(number)s verifications of the record found something that is off, or could not be finished.",
        number,
    ) % {"number": number}
