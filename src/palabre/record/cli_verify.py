"""`palabre verify`: anybody checks a signed file, offline."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from palabre.record.verify_file import run


def verify(
    file: Annotated[Path, typer.Argument(help="A signed file (ScoreCard, statement, seal), or evidence.")],
    keys: Annotated[Path | None, typer.Option(help="A list of keys that you trust.")] = None,
) -> None:
    """Check a signed file without an account, a database or a network. Exit status 0 or 1."""
    raise typer.Exit(run(file, keys, at=dt.datetime.now(dt.UTC)))
