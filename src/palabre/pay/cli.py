"""`palabre floors`, `palabre rates` and `palabre ledger`, for the administrator of the installation."""

import time
from pathlib import Path
from typing import Annotated

import typer

from palabre.pay.actions import Imported, import_floors, import_rates, load_fixture
from palabre.pay.verify import problems
from palabre.people.actor import SYSTEM
from palabre.times import system_clock
from palabre.words import gettext as _

floors = typer.Typer(no_args_is_help=True, help=_("The least that an hour brings in each place."))
rates = typer.Typer(no_args_is_help=True, help=_("Exchange rates, with who says so and when."))
ledger = typer.Typer(no_args_is_help=True, help=_("The double-entry ledger."))

Table = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, help=_("A CSV table in UTF-8."))
]


@floors.command("import", help=_("Take a table of floors, all of it or nothing."))
def import_a_floor_table(file: Table) -> None:
    _say(import_floors(file.read_bytes(), by=SYSTEM, at=system_clock.now()))


@floors.command("load", help=_("Take the floors and fixed parities that come with Palabre."))
def load() -> None:
    _say(load_fixture(by=SYSTEM, at=system_clock.now()))


@rates.command("import", help=_("Take a table of exchange rates, all of it or nothing."))
def import_a_rate_table(file: Table) -> None:
    _say(import_rates(file.read_bytes(), by=SYSTEM, at=system_clock.now()))


# Without it, a group of one command would be that command.
@rates.callback()
def _rates() -> None:
    pass


@ledger.command(help=_("Recount everything from the postings; name what is off. Exit status 0 or 1."))
def verify() -> None:
    began = time.monotonic()
    found = list(problems())
    for problem in found:
        typer.echo(f"✗ {problem}")
    seconds = f"{time.monotonic() - began:.1f}"
    if found:
        raise typer.Exit(1)
    typer.echo(
        _("✓ Every balance, sum, settlement and payout is what its postings say (%(seconds)s s).")
        % {"seconds": seconds}
    )


@ledger.callback()
def _ledger() -> None:
    pass


def _say(imported: Imported) -> None:
    sentence = _("New rows: %(added)s. There already: %(known)s.")
    typer.echo(sentence % imported._asdict())
