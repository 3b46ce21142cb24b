"""The `palabre` command. Each room adds its own words; all of them call the room's actions."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from palabre.words import gettext as _

if TYPE_CHECKING:
    from palabre.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=_("Palabre: data labelling that is good to the people who do it."),
)


class Word(NamedTuple):
    """A word of the command line that a room brings. `about` stands in the list of all words, so that the
    list is shown without loading any room."""

    module: str
    attribute: str
    about: str
    # False: it runs anywhere, offline, without Django.
    database: bool = True
    # Modules that add to what the word does.
    with_modules: tuple[str, ...] = ()


WORDS: dict[str, Word] = {
    "consensus": Word(
        "palabre.quality.cli",
        "consensus",
        _("Consensus labels from a file of judgements, without a database."),
        database=False,
    ),
    "verify": Word(
        "palabre.record.cli_verify",
        "verify",
        _("Check a signed file without an account, a database or a network."),
        database=False,
        with_modules=("palabre.impact.scorecard.checks",),
    ),
    "init": Word(
        "palabre.installation.init_cli",
        "init",
        _("The operator and its administrator of a new installation."),
    ),
    "people": Word(
        "palabre.people.cli",
        "people",
        _("Accounts, their roles and tokens, and their erasure."),
        with_modules=("palabre.messages.cli",),
    ),
    "organisation": Word(
        "palabre.people.cli", "organisation", _("Clients, and operators that run a community.")
    ),
    "backup": Word(
        "palabre.installation.backup.cli",
        "backup",
        _("Everything in one file, made while it runs."),
        database=False,
    ),
    "restore": Word(
        "palabre.installation.backup.cli",
        "restore",
        _("Put a backup back on an empty machine, and verify it."),
        database=False,
    ),
    "project": Word("palabre.work.cli", "app", _("Client projects, from draft to close.")),
    "tasks": Word("palabre.exchange.cli", "tasks", _("Tasks from a client's file.")),
    "export": Word("palabre.exchange.cli", "export", _("A project's judgements or consensus as a file.")),
    "floors": Word("palabre.pay.cli", "floors", _("The least that an hour brings in each place.")),
    "rates": Word("palabre.pay.cli", "rates", _("Exchange rates, with who says so and when.")),
    "ledger": Word("palabre.pay.cli", "ledger", _("The double-entry ledger.")),
    "record": Word("palabre.installation.record_cli", "app", _("The record: verify, seal, keys.")),
    "scorecard": Word("palabre.impact.cli", "app", _("ScoreCards: issue, recompute, render.")),
    "replay": Word(
        "palabre.replay.cli",
        "replay",
        _("Take a campaign that happened elsewhere through project, pay, seals, export and ScoreCard."),
    ),
    "demo": Word(
        "palabre.demo.cli", "demo", _("The sample campaign, verified, then served. Only in demo mode.")
    ),
}


def _settings() -> "Settings":
    from palabre.settings import current

    return current()


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palabre.django_settings")
    django.setup()
    from django.utils import translation

    translation.activate(_language())


def _language() -> str:
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return said[:2] if said[:2] in _settings().languages else _settings().languages[0]


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


@app.command(help=_("Run web, background jobs and the embedded database, until Ctrl-C."))
def serve(
    port: Annotated[int | None, typer.Option(help=_("Port of the web server."))] = None,
) -> None:
    from palabre.installation.first_visit import check_demo
    from palabre.installation.jobs import stop_on_signals
    from palabre.installation.migrations import is_up_to_date
    from palabre.installation.serve import check_port, database
    from palabre.installation.serve import serve as keep_serving
    from palabre.installation.signing import check_keys

    if port is not None:
        os.environ["PALABRE_PORT"] = str(port)
    settings = _settings()
    check_port(settings)
    stop = stop_on_signals()
    with database(settings) as cluster:
        if not is_up_to_date(_address(), _program()):
            # In a process of its own: this one lives long and stays small without Django.
            subprocess.run([sys.executable, "-m", "palabre", "migrate"], check=True)
        check_demo(settings, _address())
        check_keys(_address(), settings.keys)
        _tell_first_visit(settings)
        keep_serving(settings, cluster, stop, _say)
    _say(_("Palabre has stopped."))


def _tell_first_visit(settings: "Settings") -> None:
    """Whoever starts a new installation reads here how to come in."""
    from palabre.installation.first_visit import is_new, link
    from palabre.times import system_clock

    if not settings.demo and is_new(_address()):
        _say(
            _("Nobody is here yet. Open this to begin: %(link)s")
            % {"link": link(settings, at=system_clock.now())}
        )


@app.command(help=_("Run the web server alone (several hosts; give DATABASE_URL)."))
def web() -> None:
    from palabre.installation.first_visit import check_demo
    from palabre.installation.serve import web_command
    from palabre.installation.signing import check_keys

    check_demo(_settings(), _address())
    check_keys(_address(), _settings().keys)
    command = web_command(_settings())
    os.execv(command[0], command)  # noqa: S606 (a list, no shell)


@app.command(help=_("Run the background jobs alone."))
def jobs(*, once: Annotated[bool, typer.Option(help=_("Do what is due now, then stop."))] = False) -> None:
    from palabre import logs
    from palabre.installation.jobs import run_for_ever, run_once, stop_on_signals
    from palabre.installation.signing import check_keys
    from palabre.times import system_clock

    check_keys(_address(), _settings().keys)
    _django()
    logs.configure(_settings().log_level)
    if once:
        _say(_("%(n)s done") % {"n": run_once(system_clock)})
    else:
        run_for_ever(system_clock, stop_on_signals())


@app.command(help=_("Bring the database to this version."))
def migrate() -> None:
    with _with_database():
        _migrate()


def _migrate() -> None:
    from palabre.installation.migrations import migrate as bring

    bring(_settings().migration_url or _address(), _program())


def _program() -> str:
    """The role that the program works as."""
    from palabre.embedded import PROGRAM
    from palabre.installation.roles import role_of

    given = _settings().database_url
    return PROGRAM if given is None else role_of(given)


def _address() -> str:
    """The database as this command asks it: the embedded one as its owner."""
    from palabre.embedded import Cluster

    return _settings().database_url or Cluster(_settings().home).address()


def _current_tables() -> None:
    """The embedded database is brought to this version by whoever comes first; another one by its keeper.
    Raises NotMigrated, DatabaseUnreachable."""
    from palabre.installation.errors import NotMigrated
    from palabre.installation.migrations import is_up_to_date

    if is_up_to_date(_address(), _program()):
        return
    if _settings().database_url is not None:
        raise NotMigrated
    _migrate()


@app.command(help=_("Say what is running, what is not right and what to do about it."))
def doctor() -> None:
    settings = _settings()
    _django()
    from palabre.installation.doctor import examine

    wrong = 0
    for finding in examine(settings):
        typer.echo(("✗ " if finding.todo else "✓ ") + finding.what)
        if finding.todo:
            typer.echo("    → " + finding.todo)
            wrong += 1
    raise typer.Exit(1 if wrong else 0)


@contextmanager
def _with_database() -> Iterator[None]:
    """The database runs and Django is ready inside this block."""
    from palabre.installation.serve import database

    with database(_settings()):
        _django()
        yield


def _add(name: str) -> None:
    """A room's word: a group of commands, or one command."""
    word = WORDS[name]
    for module in word.with_modules:
        import_module(module)
    found = getattr(import_module(word.module), word.attribute)
    if isinstance(found, typer.Typer):
        app.add_typer(found, name=name)
    else:
        app.command(name)(found)


def _list(name: str) -> None:
    """A word in the list of all of them, not loaded."""
    app.command(name, help=WORDS[name].about)(lambda: None)


def _run(wanted: str | None) -> None:
    """Load what the wanted word needs and nothing else: the command starts quickly."""
    with ExitStack() as stack:
        for name in WORDS:
            if name != wanted:
                _list(name)
        if wanted in WORDS:
            if WORDS[wanted].database:
                stack.enter_context(_with_database())
                _current_tables()
            _add(wanted)
        app(prog_name="palabre")


def main() -> None:
    """Run a command; an error is a sentence and an exit status, never a traceback."""
    try:
        _run(next((word for word in sys.argv[1:] if not word.startswith("-")), None))
    except KeyboardInterrupt:
        _say(_("Interrupted."))
        sys.exit(130)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        _say(sentence)
        sys.exit(1)


def _sentence(error: Exception) -> str | None:
    """What a person reads; None for an error that nobody foresaw, which shows its traceback."""
    from palabre.errors import PalabreError

    if isinstance(error, PalabreError):
        return str(error)
    # Loaded only where a database was used.
    psycopg = sys.modules.get("psycopg")
    lost = psycopg is not None and isinstance(error.__cause__ or error, psycopg.OperationalError)
    if lost:
        from palabre.installation.errors import DatabaseUnreachable

        return str(DatabaseUnreachable(why=str(error).strip()))
    return None
