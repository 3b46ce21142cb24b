"""Whether the database has the tables of this version, told without loading Django: each start asks."""

from importlib.util import find_spec
from pathlib import Path

import psycopg

from palabre.installation.errors import DatabaseUnreachable
from palabre.installation.roles import as_owner, grant, may_work, role_of

# Any number, as long as nothing else of ours uses it: two programs that migrate at once take turns.
LOCK = 7_461_322_014
# Django has a room of its own by this name.
_LABELS = {"messages": "palabre_messages"}


def migrations_of_this_version() -> set[tuple[str, str]]:
    """(app, name) of each migration file of the rooms and of the parts of Django and allauth that have tables."""
    folders = [
        *Path(__file__).parent.parent.glob("*/migrations"),
        _place("django") / "contrib/auth/migrations",
        _place("django") / "contrib/contenttypes/migrations",
        _place("allauth") / "account/migrations",
        _place("allauth") / "mfa/migrations",
    ]
    return {
        (_LABELS.get(folder.parent.name, folder.parent.name), file.stem)
        for folder in folders
        for file in folder.glob("[0-9]*.py")
    }


def _place(package: str) -> Path:
    """Where a package lies, found without loading it."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(package)
    return Path(found.origin).parent


def is_up_to_date(address: str, program: str) -> bool:
    """Whether the tables are of this version, and the role of the program may work with them.

    Raises DatabaseUnreachable.
    """
    return migrations_of_this_version() <= _applied(address) and _may_work(address, program)


def _may_work(address: str, program: str) -> bool:
    if program == role_of(address):
        return True
    try:
        with psycopg.connect(address) as connection:
            return may_work(connection, program)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(why=str(error).strip()) from error


def _applied(address: str) -> set[tuple[str, str]]:
    try:
        with psycopg.connect(address) as connection:
            there = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
            if there is None or there[0] is None:
                return set()
            return set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(why=str(error).strip()) from error


def migrate(address: str, program: str) -> None:
    """Brings the tables to this version, as who owns them; Django is set up.

    `program`: the role that the program works as. Raises DatabaseUnreachable.
    """
    from django.core.management import call_command

    try:
        with psycopg.connect(address, autocommit=True) as turn:
            turn.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            with as_owner(address):
                call_command("migrate", interactive=False, verbosity=0)
            if program != role_of(address):
                grant(turn, program)
    except psycopg.OperationalError as error:
        raise DatabaseUnreachable(why=str(error).strip()) from error
