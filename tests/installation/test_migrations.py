"""The quick look at files and the database says the same as Django."""

from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from palabre.installation.errors import DatabaseUnreachable
from palabre.installation.migrations import is_up_to_date, migrations_of_this_version


def test_it_finds_the_files_that_django_finds() -> None:
    assert migrations_of_this_version() == set(MigrationLoader(None).disk_migrations)


@pytest.mark.django_db
def test_a_migrated_database_is_up_to_date() -> None:
    assert is_up_to_date(address(str(connection.settings_dict["NAME"])), "palabre")


def test_an_empty_database_is_not() -> None:
    assert not is_up_to_date(address("postgres"), "palabre")


def test_no_database_is_told() -> None:
    with pytest.raises(DatabaseUnreachable):
        is_up_to_date(psycopg.conninfo.make_conninfo(host=str(Path("/no/such")), dbname="x", user="x"), "x")


def address(database: str) -> str:
    parts = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(host=str(parts["HOST"]), user=str(parts["USER"]), dbname=database)
