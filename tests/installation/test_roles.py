"""The program works as a role that owns nothing: it adds to the record and the ledger, and changes no table."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from palabre.embedded import PROGRAM
from palabre.installation.migrations import is_up_to_date
from palabre.installation.roles import as_owner, grant, may_work, role_of
from palabre.record.actions import record
from tests.work.stage import AT

pytestmark = pytest.mark.django_db(transaction=True)


def address(role: str = "palabre") -> str:
    settings = connection.settings_dict
    return psycopg.conninfo.make_conninfo(host=settings["HOST"], dbname=settings["NAME"], user=role)


@pytest.fixture
def program() -> Iterator[psycopg.Connection]:
    """A connection as the program has it."""
    with psycopg.connect(address(), autocommit=True) as owner:
        grant(owner, PROGRAM)
    record("test.happened", by=None, at=AT, subject="test:1", data={})
    with psycopg.connect(address(PROGRAM), autocommit=True) as made:
        yield made


FORBIDDEN = [
    "UPDATE record_event SET seq = seq",
    "UPDATE record_seal SET number = number",
    "UPDATE pay_posting SET amount = amount",
    "UPDATE pay_ledgertransaction SET kind = kind",
    "DELETE FROM record_event",
    "DELETE FROM record_seal",
    "DELETE FROM pay_posting",
    "DELETE FROM pay_ledgertransaction",
    "DELETE FROM django_migrations",
    "TRUNCATE record_event CASCADE",
    "TRUNCATE work_task CASCADE",
    "ALTER TABLE record_event DISABLE TRIGGER record_event_append_only",
    "ALTER TABLE pay_payout DISABLE TRIGGER ALL",
    "DROP TRIGGER record_event_take_rows ON record_event",
    "ALTER TABLE pay_payout ADD COLUMN x int",
    "DROP TABLE pay_payout",
    "CREATE TABLE x (id int)",
    "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION record_take_rows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "SET session_replication_role = replica",
    "CREATE ROLE x SUPERUSER",
    "SET ROLE palabre",
    "SELECT setval('record_event_seq_seq', 1)",
    "COPY record_event TO PROGRAM 'cat'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_only_an_owner_may(program: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        program.execute(statement.encode())


def test_it_works_with_every_table(program: psycopg.Connection) -> None:
    tables = program.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (table,) in tables:
        program.execute(f"SELECT FROM {table} LIMIT 1".encode())
    program.execute("INSERT INTO record_event (at, code, subject, data) VALUES (now(), 'x.y', 'x:1', '{}')")
    program.execute("CREATE TEMP TABLE passing AS SELECT 1")


def test_a_table_that_was_not_granted_is_missed(program: psycopg.Connection) -> None:
    """As after a migration that was killed before its end: the next start grants it."""
    assert is_up_to_date(address(), PROGRAM)
    with psycopg.connect(address(), autocommit=True) as owner:
        owner.execute("REVOKE SELECT ON pay_payout FROM palabre_program")
        assert not may_work(owner, PROGRAM)
        assert not is_up_to_date(address(), PROGRAM)
        assert not may_work(owner, "nobody_at_all")
        grant(owner, PROGRAM)
    assert is_up_to_date(address(), PROGRAM)


def test_django_comes_in_as_the_owner_only_to_migrate() -> None:
    connection.settings_dict["USER"] = PROGRAM
    try:
        with as_owner(address()), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("palabre",)
        assert connection.settings_dict["USER"] == PROGRAM
    finally:
        connection.settings_dict["USER"] = "palabre"
    assert role_of(address()) == "palabre"
