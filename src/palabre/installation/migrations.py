"""Whether the database has the tables of this version, told without loading Django: each start asks."""

from importlib.util import find_spec
from pathlib import Path

import psycopg

from palabre.installation.errors import DatabaseUnreachable

# Any number, as long as nothing else of ours uses it: two programs that migrate at once take turns.
LOCK = 7_461_322_014


def migrations_of_this_version() -> set[tuple[str, str]]:
    """(app, name) of each migration file of the rooms and of the parts of Django that have tables."""
    package = Path(__file__).parent.parent
    django = find_spec("django")
    contrib = Path(django.origin).parent / "contrib" if django and django.origin else package
    folders = [
        *package.glob("*/migrations"),
        contrib / "auth/migrations",
        contrib / "contenttypes/migrations",
    ]
    return {(folder.parent.name, file.stem) for folder in folders for file in folder.glob("[0-9]*.py")}


def is_up_to_date(address: str) -> bool:
    """Raises DatabaseUnreachable."""
    return migrations_of_this_version() <= _applied(address)


def _applied(address: str) -> set[tuple[str, str]]:
    try:
        with psycopg.connect(address) as connection:
            there = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
            if there is None or there[0] is None:
                return set()
            return set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(why=str(error).strip()) from error


def migrate(address: str) -> None:
    """Brings the tables to this version; Django is set up. Raises DatabaseUnreachable."""
    from django.core.management import call_command

    try:
        with psycopg.connect(address, autocommit=True) as turn:
            turn.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            call_command("migrate", interactive=False, verbosity=0)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(why=str(error).strip()) from error
