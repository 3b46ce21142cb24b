"""What a builder writes, made once a process and laid into the tables again for each test that asks for it.

The cast alone is some five hundred statements; laid again it is one COPY a table. Only builders that write rows
and nothing else are kept: no file, nothing for after the commit, and nothing that differs from call to call.
"""

import functools
import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from psycopg import sql

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

# A test that wrote something before it asks has tables of its own, which no other test will have: such ones are
# built afresh once there are this many.
MOST = 4


@dataclass(frozen=True, slots=True)
class Recording:
    """What a builder was given and answered; the tables that it wrote in, as they were before and were after."""

    given: object
    answer: bytes
    before: Mapping[str, str]
    after: Mapping[str, bytes]


def kept(build: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """`build`, which runs for the first test only; each test has objects of its own.

    Where its tables are not as the first test had them, or it is given something else, it runs again.
    """
    recordings: list[Recording] = []

    @functools.wraps(build)
    def again(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        for one in recordings:
            if one.given == (args, kwargs) and _digests(one.before) == one.before:
                return _play(one)
        if len(recordings) == MOST:
            return build(*args, **kwargs)
        recordings.append(_record(functools.partial(build, *args, **kwargs), (args, kwargs)))
        return _play(recordings[-1])

    def _play(one: Recording) -> Answer:
        _lay(one.after)
        answer: Answer = pickle.loads(one.answer)  # noqa: S301 made in this process
        return answer

    return again


def _record(build: Callable[[], object], given: object) -> Recording:
    """Runs it, reads what it wrote, and takes that back: the first test has what all others have."""
    given = pickle.loads(pickle.dumps(given))  # noqa: S301 whatever the test does to its own objects
    with transaction.atomic():
        touched = _touched()
        answer = pickle.dumps(build())
        # What is otherwise checked at the end of a transaction: rows that are laid are not checked again.
        connection.check_constraints()
        names = [name for name, writes in _touched().items() if writes != touched.get(name, 0)]
        after = {name: _rows(name) for name in names}
        transaction.set_rollback(True)
    return Recording(given, answer, _digests(after), after)


def _touched() -> dict[str, int]:
    """How many rows this transaction wrote in each table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def _digests(tables: Iterable[str]) -> dict[str, str]:
    """What is in each of these tables, by one digest a table."""
    read = sql.SQL(
        "SELECT {name}, md5(coalesce(string_agg(t::text, '\n' ORDER BY t::text), '')) FROM {table} AS t"
    )
    each = [read.format(name=sql.Literal(name), table=sql.Identifier(name)) for name in tables]
    if not each:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(each))
        return dict(cursor.fetchall())


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(_copy("COPY {} TO STDOUT", table)) as out:
        return b"".join(bytes(part) for part in out)


def _lay(tables: Mapping[str, bytes]) -> None:
    """Puts the tables to what was read. Triggers are set aside: these rows have been through them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, rows in tables.items():
            cursor.execute(_copy("DELETE FROM {}", name))
            with cursor.copy(_copy("COPY {} FROM STDIN", name)) as into:
                into.write(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _copy(statement: Any, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))
