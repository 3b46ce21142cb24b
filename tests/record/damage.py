"""Damage as only a superuser can do it: one column, one row, past every trigger and constraint."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from palabre.record.held import Held

# Of each type of column, another value than the one that is there.
_OTHER = {
    "uuid": "gen_random_uuid()",
    "text": "{c} || 'x'",
    "varchar": "CASE {c} WHEN 'ZZ' THEN 'YY' ELSE 'ZZ' END",
    "bool": "NOT {c}",
    "int2": "{c} + 1",
    "int4": "{c} + 1000003",
    "int8": "{c} + 1000003",
    "numeric": "{c} + 1",
    "float8": "{c} / 2 + 0.001",
    "date": "{c} + 1",
    "timestamptz": "{c} + interval '1 second'",
    "jsonb": "jsonb_build_array({c})",
    "_int8": "{c} || 1::bigint",
    "bytea": "{c} || '\\x00'",
}
# Where there is nothing: something.
_SOMETHING = {
    "uuid": "gen_random_uuid()",
    "text": "'x'",
    "varchar": "'ZZ'",
    "bool": "true",
    "int2": "1",
    "int4": "1",
    "int8": "1",
    "numeric": "1",
    "float8": "0.5",
    "date": "current_date",
    "timestamptz": "now()",
    "jsonb": "'[]'",
    "_int8": "'{1}'",
    "bytea": "'\\x00'",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be written."""

    name: str
    kind: str

    @property
    def damaged(self) -> str:
        """Another value, as SQL. A kind that has none here must get one: KeyError."""
        there = _OTHER[self.kind].format(c=f'"{self.name}"')
        return f'CASE WHEN "{self.name}" IS NULL THEN {_SOMETHING[self.kind]} ELSE {there} END'


def columns_of(table: str) -> list[Column]:
    """Every column that is stored as it is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, udt_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [Column(*row) for row in cursor.fetchall()]


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is damage: no trigger, no foreign key, no constraint holds it, and it is taken back."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        with connection.cursor() as cursor:
            # What verifies must not rest on it that triggers are set aside.
            cursor.execute("SET LOCAL session_replication_role = origin")
        transaction.set_rollback(True)


def without_constraints(table: str) -> None:
    """Drop all that would refuse a value, but the key itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype IN ('c', 'f', 'u')",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = to_regclass(%s) AND i.indisunique AND NOT i.indisprimary",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')


def first_row(held: Held) -> str:
    """The key of one row, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {held.key}::text FROM {held.table} ORDER BY 1 LIMIT 1")  # noqa: S608
        row = cursor.fetchone()
    assert row is not None, f"{held.table} is empty: the sample must fill it"
    return str(row[0])


def damage_column(held: Held, row: str, column: Column) -> None:
    """One other value."""
    sql = f'UPDATE {held.table} SET "{column.name}" = {column.damaged} WHERE {held.key}::text = %s'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [row])
        assert cursor.rowcount == 1


def delete_row(held: Held, row: str) -> str:
    """One row less; its key."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {held.table} WHERE {held.key}::text = %s", [row])  # noqa: S608
        assert cursor.rowcount == 1
    return row


def invent_row(held: Held, row: str) -> str:
    """One row more, like another; its key."""
    columns = columns_of(held.table)
    (key,) = (column for column in columns if column.name == held.key)
    names = ", ".join(f'"{column.name}"' for column in columns)
    values = ", ".join(key.damaged if column is key else f'"{column.name}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {held.table} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {held.table}"  # noqa: S608
            f" WHERE {held.key}::text = %s RETURNING {held.key}::text",
            [row],
        )
        return str(cursor.fetchone()[0])
