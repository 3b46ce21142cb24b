"""What every test may ask for."""

import datetime as dt
from collections.abc import Iterator, Sequence

import pytest
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation

from palabre.record.head import head_file
from palabre.record.keys import open_keys
from palabre.settings import current

pytest_plugins = ["tests.cast"]


def _empty_all(self: DatabaseOperations, sql_list: Sequence[str]) -> None:
    """Between tests that commit, the tables are emptied; the record's triggers refuse that to everybody,
    so they are set aside for it, as only a superuser can."""
    with transaction.atomic(self.connection.alias), self.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for sql in sql_list:
            cursor.execute(sql)
    # What this host knows of the record goes with it.
    head_file().unlink(missing_ok=True)


DatabaseOperations.execute_sql_flush = _empty_all  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="session", autouse=True)
def _signing_key() -> None:
    """In force before any date that a test lives in."""
    open_keys(current().keys, at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request or a command before this test may have left another language in force."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A language that one test speaks is not heard by the next."""
    with translation.override("en"):
        yield
