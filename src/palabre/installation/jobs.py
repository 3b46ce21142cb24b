"""Background work, found where it stands: each job asks its room's tables what is due.

There is no queue: what is due is a state of the domain, claimed with row locks that skip or with
an advisory lock, both freed by the death of the process. So kill -9 loses nothing and repeats
nothing, and any number of job processes can run (docs/decisions/002).
"""

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections, connection

from palabre.times import Clock
from palabre.transactions import away

if TYPE_CHECKING:
    from palabre.web.jobs import Notebook

logger = logging.getLogger("palabre.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """`run` does what is due and says how much it did; it is called again at once while it did some."""

    name: str
    every: dt.timedelta
    run: Callable[[Clock], int]


# (name, seconds between two runs, module, function)
PERIODIC: tuple[tuple[str, float, str, str], ...] = (
    ("imports", 1, "palabre.exchange.jobs", "run_imports"),
    ("exports", 1, "palabre.exchange.jobs", "run_exports"),
    ("uploads", 3_600, "palabre.exchange.jobs", "run_uploads"),
    ("messages", 1, "palabre.messages.jobs", "run_messages"),
    ("notices", 60, "palabre.messages.jobs", "run_notices"),
    ("old sessions", 3_600, "palabre.people.jobs", "run_old_sessions"),
    ("old tries", 3_600, "palabre.people.jobs", "run_old_tries"),
    ("seals", 5, "palabre.record.jobs", "run_seals"),
    ("verifications", 1, "palabre.installation.verification", "run_verifications"),
    ("forgotten requests", 3_600, "palabre.record.jobs", "run_forgotten_requests"),
    ("expired leases", 30, "palabre.work.jobs", "run_expired_leases"),
    ("guidelines", 3_600, "palabre.work.jobs", "run_guidelines"),
    ("funding", 600, "palabre.work.jobs", "run_funding"),
    ("shares", 86_400, "palabre.work.jobs", "run_shares"),
    ("consensus", 10, "palabre.quality.jobs", "run_consensus"),
    ("tallies", 60, "palabre.impact.jobs", "run_tallies"),
    ("settlements", 60, "palabre.pay.jobs", "run_settlements"),
)


def periodic() -> list[Job]:
    """The table with its functions loaded."""
    return [
        Job(name, dt.timedelta(seconds=seconds), getattr(import_module(module), function))
        for name, seconds, module, function in PERIODIC
    ]


def run_once(clock: Clock, jobs: list[Job] | None = None) -> int:
    """Run every job until nothing is due. For the terminal, the demo and tests."""
    done = 0
    for job in jobs or periodic():
        while count := job.run(clock):
            done += count
    return done


def run_for_ever(clock: Clock, stop: threading.Event) -> None:
    """Run each job at its pace until `stop`. A job that fails is logged and tried again later."""
    # `palabre serve` loads this module and stays small without Django.
    from palabre.web.jobs import Notebook

    jobs = periodic()
    due = {job.name: clock.now() for job in jobs}
    notebooks = {job.name: Notebook(job.name, job.every) for job in jobs}
    while not stop.is_set():
        for job in jobs:
            if stop.is_set() or clock.now() < due[job.name]:
                continue
            busy = _run(job, clock, notebooks[job.name])
            due[job.name] = clock.now() if busy else clock.now() + job.every
        stop.wait(0.2)


def _run(job: Job, clock: Clock, notebook: "Notebook") -> bool:
    """One step of one job. The loop must outlive any error of a job, the database's death included."""
    try:
        close_old_connections()
        done = job.run(clock)
        notebook.note(clock.now(), done=done)
    except Exception as error:
        if away(error):
            # Nothing of ours is wrong: one line a job says it.
            why = {"job": job.name, "why": str(error).strip()}
            logger.warning("the database is away, and the job is tried again later", extra=why)
        else:
            logger.exception("the job failed and is tried again later", extra={"job": job.name})
        connection.close()
        _note_failure(notebook, clock, error)
        return False
    return done > 0


def _note_failure(notebook: "Notebook", clock: Clock, error: Exception) -> None:
    """Where the database itself is gone, the logs alone tell."""
    try:
        notebook.note(clock.now(), error=error)
    except DatabaseError:
        connection.close()


def stop_on_signals() -> threading.Event:
    """Set by SIGTERM or SIGINT: the current step is finished, then the loop ends."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
