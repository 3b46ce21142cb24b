"""Somebody takes money away in the very moment between a member's reading of the mark and her taking of tasks."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from palabre.work.actions import leases
from palabre.work.dispatch.claim import claim
from palabre.work.models import Project
from tests.work.stage import AT, Stage

LONGEST = 20


def meet(
    stage: Stage, project: Project, takes_away: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> int:
    """How many tasks the member got. `takes_away` has to wait for her: asserted."""
    has_read, goes_on = threading.Event(), threading.Event()

    def held_up(*args: Any) -> object:
        has_read.set()
        assert goes_on.wait(LONGEST)
        return claim(*args)

    monkeypatch.setattr(leases, "claim", held_up)

    def take() -> None:
        given.extend(leases.lease_tasks(project.id, count=50, by=stage.cast.member.actor, at=AT).tasks)

    given: list[object] = []
    with ThreadPoolExecutor(2) as threads:
        taking = threads.submit(_alone, take)
        assert has_read.wait(LONGEST)
        other = threads.submit(_alone, takes_away)
        waited = _somebody_waits()
        goes_on.set()
        taking.result(LONGEST)
        other.result(LONGEST)
    assert waited
    return len(given)


def _alone(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def _somebody_waits() -> bool:
    """Looked for as often as it takes, by the database's own clock."""
    with connection.cursor() as cursor:
        for _ in range(100 * LONGEST):
            cursor.execute(
                "SELECT count(*) FILTER (WHERE locktype = 'advisory' AND NOT granted), pg_sleep(0.01) FROM pg_locks"
            )
            if cursor.fetchone()[0]:
                return True
    return False
