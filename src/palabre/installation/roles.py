"""Two roles of the database: one owns the tables and brings them to a version, the program works as another.

So the program can neither set a trigger aside nor change a table, and in the record and the ledger it only adds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

# Where the program only adds rows.
ONLY_ADDED = ("record_event", "record_seal", "pay_ledgertransaction", "pay_posting")
# What only the owner writes.
ONLY_READ = ("django_migrations",)
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    *(f"REVOKE UPDATE, DELETE ON {table} FROM {{role}}" for table in ONLY_ADDED),
    *(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {{role}}" for table in ONLY_READ),
)
_GRANTED = """
SELECT bool_and(has_table_privilege(%s, oid, 'SELECT')) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def role_of(address: str) -> str:
    """Whom an address comes in as; empty where it doesn't say."""
    return str(conninfo_to_dict(address).get("user") or "")


def grant(owner: psycopg.Connection, role: str) -> None:
    """Let `role` work with the tables as they are now, and no more than that."""
    with owner.transaction():
        for statement in _GRANTS:
            owner.execute(sql.SQL(statement).format(role=sql.Identifier(role)))


def may_work(connection: psycopg.Connection, role: str) -> bool:
    """Whether `role` was granted every table that there is."""
    there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    said = there and connection.execute(_GRANTED, [role]).fetchone()
    return bool(said and said[0])


@contextmanager
def as_owner(address: str) -> Iterator[None]:
    """Inside, Django's connection comes in as who owns the tables."""
    from django.db import connection

    before = dict(connection.settings_dict)
    said = conninfo_to_dict(address)
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    _let_go()
    connection.settings_dict.update({ours: str(said.get(theirs) or "") for theirs, ours in names.items()})
    try:
        yield
    finally:
        _let_go()
        connection.settings_dict.update(before)


def _let_go() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
