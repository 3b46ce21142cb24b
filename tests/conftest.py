"""What every test may ask for."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.utils import CursorWrapper
from django.utils import translation
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from palabre.record.head import head_file
from palabre.record.keys import open_keys
from palabre.settings import current

# A busy machine makes no property false.
hypothesis.settings.register_profile("palabre", deadline=None)
hypothesis.settings.load_profile("palabre")

pytest_plugins = ["tests.cast"]
# Beside a busy machine an example takes longer than 200 ms: that says nothing about what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def _empty_all(self: DatabaseOperations, sql_list: Sequence[str]) -> None:
    """Between tests that commit, the tables are emptied; the record's triggers refuse that to everybody,
    so they are set aside for it, as only a superuser can.

    Few tables have rows, and few rows: to look and delete takes a fraction of what truncating all of them does.
    """
    with transaction.atomic(self.connection.alias), self.connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        # Whatever a thread of the test still writes ends before: each write leaves an event.
        cursor.execute("LOCK TABLE record_event IN EXCLUSIVE MODE")
        for table in _with_rows(self, cursor):
            cursor.execute(f"DELETE FROM {self.quote_name(table)}")  # noqa: S608 a name of ours
    # What this host knows of the record goes with it.
    head_file().unlink(missing_ok=True)


def _with_rows(self: DatabaseOperations, cursor: CursorWrapper) -> list[str]:
    tables = self.connection.introspection.django_table_names(only_existing=True, include_views=False)
    each = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {self.quote_name(name)})" for name in tables)  # noqa: S608
    cursor.execute(" UNION ALL ".join(each))
    return [name for (name,) in cursor.fetchall()]


DatabaseOperations.execute_sql_flush = _empty_all  # type: ignore[method-assign, assignment]

_static_files: dict[str, Any] = {}
_read_static_files = WhiteNoiseMiddleware.add_files_from_finders


def _read_once(self: WhiteNoiseMiddleware) -> None:
    """Every test client makes the middleware anew, and that reads every static file: a process does it once."""
    if not _static_files:
        _read_static_files(self)
        _static_files.update(self.files)
    self.files.update(_static_files)


WhiteNoiseMiddleware.add_files_from_finders = _read_once


@pytest.fixture(scope="session", autouse=True)
def _signing_key() -> None:
    """In force before any date that a test lives in."""
    open_keys(current().keys, at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request or a command before this test may have left another language in force."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """People of the cast have the same ids in every test, and so what a process remembers of one, such as a code
    that was used, would be remembered of the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A language that one test speaks is not heard by the next."""
    with translation.override("en"):
        yield
