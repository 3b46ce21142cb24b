"""Seals follow one another whatever numbers are missing, late or unused; damage is found and named."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from palabre.record import seals
from palabre.record.actions import record
from palabre.record.models import Seal

AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def later(seconds: int) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def put(seq: int) -> None:
    """An event under a chosen number, as a transaction that took its number early would write it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_event (seq, code, at, subject, data) OVERRIDING SYSTEM VALUE"
            " VALUES (%s, 'test.happened', %s, 'test:1', '{}')",
            [seq, AT],
        )
        cursor.execute("SELECT last_value FROM record_event_seq_seq")
        (given,) = cursor.fetchone()
        # Rolled back with the test, as setval would not be.
        cursor.execute(f"ALTER SEQUENCE record_event_seq_seq RESTART WITH {max(given, seq) + 1}")


def test_it_seals_what_is_new_and_then_nothing() -> None:
    # Other tests have used up numbers, which the first seals say are missing: as many as one seal may name.
    record("test.happened", by=None, at=AT, subject="test:1", data={"n": 1})
    seals.seal_all(at=AT)
    record("test.happened", by=None, at=AT, subject="test:1", data={"n": 2})
    assert seals.seal_next(at=later(1)) > 0
    assert seals.seal_next(at=later(2)) == 0
    assert seals.first_problem(at=later(3)) is None


def test_an_empty_seal_is_followed_by_the_first_event() -> None:
    seals.seal_all(at=AT)
    put(1)
    seals.seal_all(at=later(1))
    assert seals.first_problem(at=later(2)) is None


def test_an_event_that_commits_late_is_taken_in_by_a_later_seal() -> None:
    put(1)
    put(3)
    assert seals.seal_all(at=AT).missing == [2]
    put(2)
    assert seals.seal_all(at=later(1)).late == [2]
    put(4)
    seals.seal_all(at=later(2))
    assert seals.first_problem(at=later(3)) is None


def test_a_long_run_of_unused_numbers_does_not_stop_it() -> None:
    put(1)
    seals.seal_all(at=AT)
    put(1 + seals.MOST_EVENTS + 10)
    assert seals.seal_all(at=later(1)).last == 1 + seals.MOST_EVENTS + 10
    assert seals.first_problem(at=later(2)) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record_event SET code = 'x'",
        "DELETE FROM record_event",
        "TRUNCATE record_event CASCADE",
        "UPDATE record_seal SET root = ''",
        "DELETE FROM record_seal",
        "TRUNCATE record_seal",
    ],
)
def test_the_database_refuses_every_change(change: str) -> None:
    put(1)
    seals.seal_all(at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="is refused"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert Seal.objects.count() == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE record_event SET data = '{\"n\": 2}' WHERE seq = 1",
        "UPDATE record_event SET at = at + interval '1 microsecond' WHERE seq = 2",
        "DELETE FROM record_event WHERE seq = 2",
        "UPDATE record_seal SET root = reverse(root)",
        "DELETE FROM record_seal WHERE number = 1",
    ],
)
def test_damage_by_a_superuser_is_found(damage: str) -> None:
    for seq in (1, 2, 3):
        put(seq)
    seals.seal_all(at=AT)
    put(4)
    seals.seal_all(at=later(1))
    assert seals.first_problem(at=later(2)) is None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(damage)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert seals.first_problem(at=later(3)) is not None
