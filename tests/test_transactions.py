"""Two transactions that wait for each other: both come through, each once."""

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections, transaction

from palabre.errors import Busy
from palabre.ids import new_id
from palabre.pay.actions import open_account
from palabre.pay.models import LedgerAccount
from palabre.transactions import TRIES, retried

pytestmark = pytest.mark.django_db(transaction=True)


def lock(account: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pay_ledgeraccount WHERE id = %s FOR UPDATE", [account])


def test_a_deadlock_is_gone_through_a_second_time() -> None:
    first = open_account(LedgerAccount.Kind.SHARE, new_id(), "EUR").id
    second = open_account(LedgerAccount.Kind.SHARE, new_id(), "EUR").id
    meet, calls, done = threading.Barrier(2, timeout=30), list[str](), list[str]()

    def crossing(name: str, one: int, other: int) -> Callable[[], None]:
        @retried
        @transaction.atomic
        def run() -> None:
            calls.append(name)
            lock(one)
            if calls.count(name) == 1:
                meet.wait(10)
            lock(other)
            done.append(name)

        def alone() -> None:
            try:
                run()
            finally:
                connections.close_all()

        return alone

    threads = [
        threading.Thread(target=crossing("a", first, second)),
        threading.Thread(target=crossing("b", second, first)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["a", "b"]
    assert len(calls) == 3


def given_up(calls: list[int]) -> None:
    calls.append(1)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN RAISE EXCEPTION 'no order' USING ERRCODE = 'serialization_failure'; END $$"
        )


def test_it_ends_as_busy_and_is_left_to_whoever_began() -> None:
    calls: list[int] = []
    with pytest.raises(Busy):
        retried(given_up)(calls)
    assert len(calls) == TRIES
    with pytest.raises(OperationalError), transaction.atomic():
        retried(given_up)(calls)
    assert len(calls) == TRIES + 1
