"""A job that fails stops no other one; a stop finishes the step."""

import datetime as dt
import logging
import threading

import psycopg
import pytest
from django.db import OperationalError, connection

from palabre.installation import jobs
from palabre.installation.jobs import Job, periodic, run_for_ever, run_once
from palabre.times import Clock, system_clock


def test_every_job_of_the_table_can_be_loaded() -> None:
    assert [job.name for job in periodic()] == [name for name, *_ in jobs.PERIODIC]


def test_it_is_run_until_nothing_is_due() -> None:
    left = [2, 1, 0]
    job = Job("job", dt.timedelta(hours=1), lambda _clock: left.pop(0))
    assert run_once(system_clock, [job]) == 3


@pytest.mark.django_db
def test_a_failure_is_logged_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, done = threading.Event(), list[str]()

    def fails(clock: Clock) -> int:
        raise RuntimeError("broken")

    def works(clock: Clock) -> int:
        done.append("works")
        stop.set()
        return 0

    second = dt.timedelta(seconds=1)
    monkeypatch.setattr(jobs, "periodic", lambda: [Job("a", second, fails), Job("b", second, works)])
    # The failed job's connection is closed, which would end the test's transaction.
    monkeypatch.setattr(connection, "close", lambda: None)
    with caplog.at_level(logging.ERROR):
        run_for_ever(system_clock, stop)
    assert done == ["works"]
    assert "broken" in caplog.text


@pytest.mark.django_db
def test_a_database_that_is_away_is_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()

    def finds_none(clock: Clock) -> int:
        stop.set()
        raise OperationalError("no connection") from psycopg.OperationalError("connection refused")

    monkeypatch.setattr(jobs, "periodic", lambda: [Job("a", dt.timedelta(seconds=1), finds_none)])
    monkeypatch.setattr(connection, "close", lambda: None)
    run_for_ever(system_clock, stop)
    (line,) = caplog.records
    assert (line.levelname, line.exc_info) == ("WARNING", None)
    assert "the database is away" in line.getMessage()
