"""Triggers on held tables: what a statement writes is gathered, row by row, for the event of its transaction.

A line for each row: table, key, digest after, digest before. An inserted row has no digest before, a deleted one
none after ("-"). A row that was taken up as it stood, because its table was not held before in this shape, says
so ("*"). So the lines of one row make a chain, and who changes a row behind the program's back breaks it, even
if an action changes the same row later.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from palabre.record.actions import record
from palabre.record.held import Held, held_tables

NONE, TAKEN_UP = "-", "*"
# So many rows of a table that is new here are taken up by one event.
STEP = 20_000
# Whatever a session has set, a row has one text.
_SETTINGS = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}

_TRIGGERS = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql {settings} AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM record_gather((
            SELECT string_agg('{table} ' || r.{key} || ' ' || {digest_r} || ' -', E'\\n') FROM new_rows r));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM record_gather((
            SELECT string_agg('{table} ' || r.{key} || ' - ' || {digest_r}, E'\\n') FROM old_rows r));
    ELSE
        PERFORM record_gather((
            SELECT string_agg('{table} ' || id || ' ' || now || ' ' || before, E'\\n') FROM (
                SELECT n.{key} AS id, {digest_n} AS now, {digest_o} AS before
                FROM new_rows n JOIN old_rows o ON o.{key} = n.{key}
                WHERE record_image_ne(ROW({columns_n}), ROW({columns_o}))
            ) r WHERE now <> before));
    END IF;
    RETURN NULL;
END $body$;
CREATE OR REPLACE TRIGGER record_hold_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER record_hold_update AFTER UPDATE ON {table}
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE OR REPLACE TRIGGER record_hold_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_STANDING = """
SELECT obj_description(to_regproc(%s), 'pg_proc'), count(*) FROM pg_trigger
WHERE tgrelid = to_regclass(%s) AND tgname LIKE 'record\\_hold\\_%%' AND tgenabled = 'O'
"""


def digest_sql(held: Held, columns: Sequence[str], row: str) -> str:
    """The digest of `row`, as SQL: 24 letters that stand for all columns but those in `without`, by their names."""
    kept = ", ".join(
        _value_sql(held, column, row) for column in sorted(columns) if column not in held.without
    )
    return f"encode(substr(sha256(convert_to(ROW({kept})::text, 'UTF8')), 1, 18), 'base64')"


def _value_sql(held: Held, column: str, row: str) -> str:
    value = f'{row}."{column}"'
    return (
        f"people_words_digest({held.owner(column, row)}, to_jsonb({value}))" if column in held.hers else value
    )


def hold_all(*, at: dt.datetime) -> None:
    """Put the triggers of every held table right; the rows of a table that is new here are taken up."""
    for held in held_tables():
        with exact() as cursor:
            columns = columns_of(cursor, held)
            if columns and not _stands(cursor, held, columns):
                cursor.execute(_triggers(held, columns))
                cursor.execute(f"COMMENT ON FUNCTION {_function(held)}() IS '{_fingerprint(held, columns)}'")
                _take_up(cursor, held, columns, at)


def tables_not_watched() -> list[str]:
    """Held tables whose triggers are not there, are set aside, or don't fit the table as it is."""
    with exact() as cursor:
        return [one.table for one in held_tables() if not _stands(cursor, one, columns_of(cursor, one))]


@contextmanager
def key_goes(account: uuid.UUID) -> Iterator[None]:
    """Inside, the key of a person is taken away: her rows that are digested under it get digests without it."""
    tables = [held for held in held_tables() if held.hers]
    with exact() as cursor:
        before = {held.table: _of_person(cursor, held, account) for held in tables}
        yield
        for held in tables:
            old, now = before[held.table], _of_person(cursor, held, account)
            lines = [f"{held.table} {key} {now[key]} {old[key]}" for key in now if now[key] != old[key]]
            cursor.execute("SELECT record_gather(%s)", ["\n".join(lines) or None])


@contextmanager
def exact() -> Iterator[CursorWrapper]:
    """A cursor in whose transaction digests come out as in the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, value in _SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield cursor


def _of_person(cursor: CursorWrapper, held: Held, account: uuid.UUID) -> dict[str, str]:
    digest = digest_sql(held, columns_of(cursor, held), "r")
    owners = {held.owner(column, "r") for column in held.hers}
    of_hers = " OR ".join(f"{owner} = %s" for owner in owners)
    cursor.execute(
        f"SELECT r.{held.key}::text, {digest} FROM {held.table} r WHERE {of_hers}",  # noqa: S608
        [account] * len(owners),
    )
    return dict(cursor.fetchall())


def columns_of(cursor: CursorWrapper, held: Held) -> list[str]:
    """The columns of a table as it is."""
    cursor.execute(_COLUMNS, [held.table])
    return [row[0] for row in cursor.fetchall()]


def _function(held: Held) -> str:
    return f"record_hold_{held.table}"


def _triggers(held: Held, columns: Sequence[str]) -> str:
    kept = [column for column in columns if column not in held.without]
    return _TRIGGERS.format(
        function=_function(held),
        settings=" ".join(f"SET {name} = '{value}'" for name, value in _SETTINGS.items()),
        table=held.table,
        key=held.key,
        columns_n=", ".join(f'n."{column}"' for column in kept),
        columns_o=", ".join(f'o."{column}"' for column in kept),
        **{f"digest_{row}": digest_sql(held, columns, row) for row in "rno"},
    )


def _fingerprint(held: Held, columns: Sequence[str]) -> str:
    return hashlib.sha256(_triggers(held, columns).encode()).hexdigest()


def _stands(cursor: CursorWrapper, held: Held, columns: Sequence[str]) -> bool:
    cursor.execute(_STANDING, [_function(held), held.table])
    comment, triggers = cursor.fetchone()
    return bool(comment == _fingerprint(held, columns) and triggers == 3)


def _take_up(cursor: CursorWrapper, held: Held, columns: Sequence[str], at: dt.datetime) -> None:
    """The rows that are there already, as they stand: from here on the record knows them."""
    name, digest = f"taken_{held.table}", digest_sql(held, columns, "r")
    cursor.execute(
        f"DECLARE {name} CURSOR FOR SELECT '{held.table} ' || r.{held.key} || ' ' || {digest}"  # noqa: S608
        f" || ' {TAKEN_UP}' FROM {held.table} r ORDER BY r.{held.key}"
    )
    while True:
        cursor.execute(f"FETCH {STEP} FROM {name}")
        lines = [row[0] for row in cursor.fetchall()]
        if not lines:
            return
        cursor.execute("SELECT record_gather(%s)", ["\n".join(lines)])
        record("record.taken_up", by=None, at=at, subject=f"table:{held.table}", data={"rows": len(lines)})
