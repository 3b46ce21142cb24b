"""The state of background work: noted by whoever runs it, read by the administrator."""

import datetime as dt
from dataclasses import dataclass, field

from palabre.web.models import JobRun

# A job that runs every second isn't written down every second.
PACE = dt.timedelta(seconds=30)
# So many of its own paces after its last run, a job is called late.
LATE = 10


@dataclass(slots=True)
class Notebook:
    """What one process remembers of one job until it writes it down."""

    name: str
    every: dt.timedelta
    written: dt.datetime | None = None
    done: int = 0
    failures: int = 0
    told: int = field(default=0)

    def note(self, at: dt.datetime, *, done: int = 0, error: Exception | None = None) -> None:
        """Write it down: at once when it begins to fail or works again, else at its pace."""
        self.done += done
        self.failures = self.failures + 1 if error is not None else 0
        turned = bool(self.failures) != bool(self.told)
        if self.written is not None and at - self.written < PACE and not turned:
            return
        JobRun.objects.update_or_create(name=self.name, defaults=self._values(at, error))
        self.written, self.done, self.told = at, 0, self.failures

    def _values(self, at: dt.datetime, error: Exception | None) -> dict[str, object]:
        values: dict[str, object] = {
            "every": self.every,
            "ran_at": at,
            "done": self.done,
            "failures": self.failures,
        }
        return values if error is None else values | {"failed_at": at, "why": type(error).__name__}


@dataclass(frozen=True, slots=True)
class JobState:
    """One job as its page shows it."""

    name: str
    every: dt.timedelta
    ran_at: dt.datetime
    done: int
    failed_at: dt.datetime | None
    failing: bool
    late: bool
    why: str


def job_states(at: dt.datetime) -> list[JobState]:
    """Every job that ever ran here, by name. One statement."""
    return [
        JobState(
            run.name,
            run.every,
            run.ran_at,
            run.done,
            run.failed_at,
            run.failures > 0,
            at - run.ran_at > max(run.every, PACE) * LATE,
            run.why,
        )
        for run in JobRun.objects.order_by("name")
    ]
