"""`palabre record`: verify it, seal it, show its keys."""

import datetime as dt
import json
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext

from palabre.installation.verification import Check, checks
from palabre.record.head import root_problem
from palabre.record.keys import key_list, rotate_keys
from palabre.record.models import Event, Seal
from palabre.record.seals import keys, seal_all, withdraw
from palabre.settings import current
from palabre.times import system_clock
from palabre.words import gettext_lazy as _

app = typer.Typer(no_args_is_help=True, help="The record: verify, seal, keys.")


@app.command()
def verify(
    root: Annotated[Path | None, typer.Option(help=_("A root that you kept, to compare with."))] = None,
) -> None:
    """Recompute every seal, each row, the ledger and each counter; name what is off. Exit status 0 or 1."""
    at, wrong = system_clock.now(), 0
    for name, problems in chain(_kept(root, at), checks(at=at)):
        began = time.monotonic()
        found = list(problems)
        seconds = time.monotonic() - began
        typer.echo(f"{'✗' if found else '✓'} {name} ({seconds:.1f} s)")
        for problem in found:
            typer.echo(f"    → {problem}")
        wrong += len(found)
    typer.echo(
        gettext("%(events)s events, %(seals)s seals")
        % {"events": Event.objects.count(), "seals": Seal.objects.count()}
    )
    raise typer.Exit(1 if wrong else 0)


def _kept(root: Path | None, at: dt.datetime) -> Iterator[Check]:
    if root is not None:
        problem = root_problem(root, keys(at).public, at=at)
        yield gettext("the root that was kept"), iter([] if problem is None else [str(problem)])


@app.command(name="root")
def keep_root(
    file: Annotated[Path | None, typer.Argument(help=_("Where to; the screen if not said."))] = None,
) -> None:
    """Give out the newest seal, signed: whoever keeps it can tell later whether the record goes on from it."""
    newest = json.dumps(seal_all(at=system_clock.now()).credential, ensure_ascii=False, indent=2)
    if file is None:
        typer.echo(newest)
    else:
        file.write_text(newest + "\n", encoding="utf-8")


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


@app.command(name="withdraw")
def withdraw_a_key(
    key: Annotated[str, typer.Argument(help=_("The key, as `palabre record keys` lists it."))],
    why: Annotated[str, typer.Option(help=_("The reason, for everybody who checks what it signed."))],
    since: Annotated[dt.datetime | None, typer.Option(help=_("From when on (UTC); now if not said."))] = None,
) -> None:
    """Nothing that a key signed from then on is to be believed; a new key signs if it was the last."""
    now = system_clock.now()
    made = withdraw(key, now if since is None else since.replace(tzinfo=dt.UTC), why, at=now)
    typer.echo(made.signing.did)
