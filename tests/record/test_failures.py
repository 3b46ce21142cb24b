"""One row that can't be done is kept with its why and passed; it holds up nobody else."""

import datetime as dt
import logging
import uuid

import pytest
from django.db import connection

from palabre.errors import NotFound
from palabre.record.failures import Rows, every_row, failure_count, failures
from palabre.record.models import Failure
from palabre.times import ManualClock

pytestmark = pytest.mark.django_db
BEGAN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
OPERATOR = uuid.uuid4()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(BEGAN)


def refuse() -> int:
    raise NotFound


def broken_sql() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return 1


def test_the_next_row_has_its_turn(clock: ManualClock) -> None:
    with every_row("shares", clock) as rows:
        assert rows.do("project:1", refuse, OPERATOR) is None
        assert rows.do("project:2", lambda: 7) == 7
    (one,) = failures(OPERATOR)
    assert (one.job, one.subject, one.why, one.tries) == ("shares", "project:1", "not_found", 1)
    assert one.since == one.tried_at == BEGAN


def test_again_it_counts_and_is_logged_once(clock: ManualClock, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with every_row("shares", clock) as rows:
                rows.do("project:1", refuse)
            clock.advance(dt.timedelta(days=1))
    one = Failure.objects.get()
    assert (one.tries, one.since, one.tried_at) == (3, BEGAN, BEGAN + dt.timedelta(days=2))
    assert len(caplog.records) == 1


def test_it_goes_once_it_is_done_or_is_not_due(clock: ManualClock) -> None:
    with every_row("shares", clock) as rows:
        rows.do("project:1", refuse)
        rows.do("project:2", refuse)
    with every_row("shares", clock) as rows:
        assert rows.do("project:1", lambda: 1) == 1
    assert failure_count() == 0


def test_one_that_failed_lets_others_go_first(clock: ManualClock) -> None:
    Rows("imports", clock).do("imports:1", refuse)
    assert Rows("imports", clock).resting() == {"imports:1"}
    clock.advance(dt.timedelta(minutes=1))
    assert Rows("imports", clock).resting() == set()
    Rows("imports", clock).do("imports:1", refuse)
    clock.advance(dt.timedelta(minutes=1))
    assert Rows("imports", clock).resting() == {"imports:1"}


@pytest.mark.django_db(transaction=True)
def test_an_error_of_the_database_is_the_row_s_own(clock: ManualClock) -> None:
    rows = Rows("tallies", clock)
    assert rows.do("time", broken_sql) is None
    assert rows.do("answers", lambda: 3) == 3
    assert Failure.objects.get().why == "DataError"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_no_row_s_fault(clock: ManualClock) -> None:
    rows = Rows("tallies", clock)

    def cut() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 1

    with pytest.raises(Exception, match="terminat"):
        rows.do("time", cut)
    connection.close()
    assert failure_count() == 0
