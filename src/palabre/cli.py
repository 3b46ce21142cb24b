"""The `palabre` command. Each room adds its own words; all of them call the room's actions."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from palabre.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Palabre: data labelling that is good to the people who do it.",
)


class Word(NamedTuple):
    """A word of the command line that a room brings."""

    module: str
    attribute: str
    # False: it runs anywhere, offline, without Django.
    database: bool = True
    # Modules that add to what the word does.
    with_modules: tuple[str, ...] = ()


WORDS: dict[str, Word] = {
    "consensus": Word("palabre.quality.cli", "consensus", database=False),
    "verify": Word(
        "palabre.record.cli_verify",
        "verify",
        database=False,
        with_modules=("palabre.impact.scorecard.checks",),
    ),
    "people": Word("palabre.people.cli", "people"),
    "organisation": Word("palabre.people.cli", "organisation"),
    "project": Word("palabre.work.cli", "app"),
    "tasks": Word("palabre.exchange.cli", "tasks"),
    "export": Word("palabre.exchange.cli", "export"),
    "floors": Word("palabre.pay.cli", "floors"),
    "rates": Word("palabre.pay.cli", "rates"),
    "ledger": Word("palabre.pay.cli", "ledger"),
    "record": Word("palabre.installation.record_cli", "app"),
    "scorecard": Word("palabre.impact.cli", "app"),
    "replay": Word("palabre.replay.cli", "replay"),
    "demo": Word("palabre.demo.cli", "demo"),
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


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port of the web server.")] = None,
) -> None:
    """Run web, background jobs and the embedded database, until Ctrl-C."""
    from palabre.installation.jobs import stop_on_signals
    from palabre.installation.serve import database
    from palabre.installation.serve import serve as keep_serving

    if port is not None:
        os.environ["PALABRE_PORT"] = str(port)
    settings = _settings()
    stop = stop_on_signals()
    with database(settings) as cluster:
        _django()
        _migrate()
        where = "embedded PostgreSQL" if cluster else "the PostgreSQL of DATABASE_URL"
        _say(f"Palabre is at {settings.url}; data in {settings.home}; database: {where}. Ctrl-C stops it.")
        keep_serving(settings, cluster, stop, _say)
    _say("Palabre has stopped.")


@app.command()
def web() -> None:
    """Run the web server alone (several hosts; give DATABASE_URL)."""
    from palabre.installation.serve import web_command

    command = web_command(_settings())
    os.execv(command[0], command)  # noqa: S606 (a list, no shell)


@app.command()
def jobs(*, once: Annotated[bool, typer.Option(help="Do what is due now, then stop.")] = False) -> None:
    """Run the background jobs alone."""
    from palabre import logs
    from palabre.installation.jobs import run_for_ever, run_once, stop_on_signals
    from palabre.times import system_clock

    _django()
    logs.configure(_settings().log_level)
    if once:
        _say(f"{run_once(system_clock)} done")
    else:
        run_for_ever(system_clock, stop_on_signals())


@app.command()
def migrate() -> None:
    """Bring the database to this version."""
    with _with_database():
        _migrate()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


@app.command()
def doctor() -> None:
    """Say what is running, what is not right and what to do about it."""
    from palabre.installation.doctor import examine

    settings = _settings()
    _django()
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


def _run(wanted: str | None) -> None:
    """Load what the wanted word needs and nothing else: the command starts quickly."""
    own = {command.callback.__name__ for command in app.registered_commands if command.callback}
    with ExitStack() as stack:
        if wanted in WORDS and not WORDS[wanted].database:
            _add(wanted)
        elif wanted in WORDS:
            stack.enter_context(_with_database())
            _migrate()
            _add(wanted)
        elif wanted not in own:
            _django()
            for name in WORDS:
                _add(name)
        app()


def main() -> None:
    """Run a command; an error is a sentence and an exit status, never a traceback."""
    from palabre.errors import PalabreError

    try:
        _run(next((word for word in sys.argv[1:] if not word.startswith("-")), None))
    except PalabreError as error:
        _say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        _say("Interrupted.")
        sys.exit(130)
