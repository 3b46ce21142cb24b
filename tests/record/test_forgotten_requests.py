"""Answers to requests are kept for thirty days and forgotten in bounded steps."""

import datetime as dt
import uuid

import pytest

from palabre.record import jobs
from palabre.record.jobs import KEPT, run_forgotten_requests
from palabre.record.models import Request
from palabre.times import ManualClock

NOW = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def asked(ago: dt.timedelta) -> int:
    made = Request.objects.create(
        organisation=uuid.uuid4(), key="k", body_hash=b"", status=201, answer={}, at=NOW - ago
    )
    return made.pk


def test_what_is_old_is_forgotten_and_what_is_not_stays() -> None:
    asked(KEPT + dt.timedelta(seconds=1))
    young = asked(KEPT - dt.timedelta(seconds=1))
    assert run_forgotten_requests(ManualClock(NOW)) == 1
    assert list(Request.objects.values_list("pk", flat=True)) == [young]
    assert run_forgotten_requests(ManualClock(NOW)) == 0


def test_it_goes_in_steps_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "STEP", 2)
    for _ in range(5):
        asked(KEPT * 2)
    young = asked(dt.timedelta(0))
    assert [run_forgotten_requests(ManualClock(NOW)) for _ in range(4)] == [2, 2, 1, 0]
    assert Request.objects.get().pk == young
