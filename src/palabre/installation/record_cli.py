"""`palabre record`: verify it, seal it, show its keys."""

import json
import time

import typer
from django.utils.translation import gettext as _

from palabre.installation.verification import checks
from palabre.record.keys import key_list, rotate_keys
from palabre.record.models import Event, Seal
from palabre.record.seals import keys, seal_all
from palabre.settings import current
from palabre.times import system_clock

app = typer.Typer(no_args_is_help=True, help="The record: verify, seal, keys.")


@app.command()
def verify() -> None:
    """Recompute every seal, the ledger and each counter; name what is off. Exit status 0 or 1."""
    at, wrong = system_clock.now(), 0
    for name, problems in checks(at=at):
        began = time.monotonic()
        found = list(problems)
        seconds = time.monotonic() - began
        typer.echo(f"{'✗' if found else '✓'} {name} ({seconds:.1f} s)")
        for problem in found:
            typer.echo(f"    → {problem}")
        wrong += len(found)
    typer.echo(
        _("%(events)s events, %(seals)s seals")
        % {"events": Event.objects.count(), "seals": Seal.objects.count()}
    )
    raise typer.Exit(1 if wrong else 0)


@app.command()
def seal() -> None:
    """Seal what is new now, instead of waiting for the background."""
    newest = seal_all(at=system_clock.now())
    typer.echo(f"{newest.number} {newest.root}")


@app.command(name="keys")
def list_keys() -> None:
    """The public keys, as they are published."""
    typer.echo(json.dumps(key_list(keys(system_clock.now()).public), indent=2))


@app.command()
def rotate() -> None:
    """Sign with a new key from now on; what older keys signed stays valid."""
    made = rotate_keys(current().keys, at=system_clock.now())
    typer.echo(made.signing.did)
