"""`palabre tasks` and `palabre export`: files in and out, for whoever runs the installation, at its terminal.

Whoever can start these commands can read the database as well, so they act as the program itself.
"""

import hashlib
import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from palabre.exchange import queries
from palabre.exchange.actions import How, ask_import, cancel_import, note_export, run_import
from palabre.exchange.delivery import stream_export
from palabre.exchange.errors.imports import FileUnreadable, ImportFinished, ImportRunning, NothingToImport
from palabre.exchange.models import Import
from palabre.people.actor import SYSTEM
from palabre.people.permissions import Permission
from palabre.times import system_clock
from palabre.words import gettext as _
from palabre.work.access import project_for

tasks = typer.Typer(no_args_is_help=True, help=_("Tasks from a client's file."))
ImportId = Annotated[uuid.UUID, typer.Argument(help=_("Id of the import."))]
# Another process works on the import: how often it is looked at, in seconds.
LOOK_AGAIN = 0.5


class What(StrEnum):
    JUDGEMENTS = "judgements"
    CONSENSUS = "consensus"


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"
    LABEL_STUDIO = "label_studio"


@tasks.command("import", help=_("Make tasks of a file. Interrupted, it goes on with --resume."))
def import_tasks(
    file: Annotated[
        Path | None, typer.Argument(help=_("CSV, TSV, JSON, JSONL, Label Studio tasks, or ZIP."))
    ] = None,
    *,
    project: Annotated[uuid.UUID | None, typer.Option(help=_("Id of the project."))] = None,
    all_or_nothing: Annotated[
        bool, typer.Option(help=_("Take no row when one is bad; without, the good ones."))
    ] = False,
    id_column: Annotated[str, typer.Option(help=_("The column that holds each row's id."))] = "",
    again: Annotated[bool, typer.Option(help=_("Take the rows although the same file is here."))] = False,
    resume: Annotated[uuid.UUID | None, typer.Option(help=_("Id of an import that was interrupted."))] = None,
) -> None:
    one = _asked(file, project, all_or_nothing, id_column, again) if resume is None else _found(resume)
    typer.echo(_("Import %(id)s") % {"id": one.id}, err=True)
    try:
        one = _worked_off(one)
    except KeyboardInterrupt:
        command = f"palabre tasks import --resume {one.id}"
        typer.echo(_("It goes on in the background, or with: %(command)s") % {"command": command}, err=True)
        raise
    _tell(one)


@tasks.command("problems", help=_("The rows that could not be taken, as CSV."))
def problems(import_id: ImportId) -> None:
    for piece in queries.problems_csv(_found(import_id)):
        sys.stdout.buffer.write(piece)


@tasks.command("cancel", help=_("End an import that is not finished, leaving none of its tasks."))
def cancel(import_id: ImportId) -> None:
    cancel_import(import_id, by=SYSTEM, at=system_clock.now())
    _tell(_worked_off(_found(import_id)))


def export(
    project: Annotated[uuid.UUID, typer.Argument(help=_("Id of the project."))],
    *,
    out: Annotated[Path, typer.Option(help=_("The file to write."))],
    what: Annotated[What, typer.Option(help=_("Judgements, or consensus with confidence."))] = What.CONSENSUS,
    form: Annotated[Format, typer.Option("--format", help=_("Form of the file."))] = Format.JSONL,
    provenance: Annotated[
        bool, typer.Option(help=_("Add pseudonym, time, versions and pay per hour to each judgement."))
    ] = False,
) -> None:
    """Write a project's judgements or consensus to a file."""
    found = project_for(SYSTEM, project, Permission.READ_RESULTS)
    partial, rows, digest = out.with_name(f"{out.name}.part"), 0, hashlib.sha256()
    try:
        with partial.open("wb") as file, _drawn(_("rows"), total=None) as step:
            for piece, count in stream_export(found, what, form, provenance=provenance):
                file.write(piece)
                digest.update(piece)
                rows += count
                step(rows)
        # The file is there whole, or not at all.
        partial.replace(out)
    except OSError as error:
        raise FileUnreadable(path=str(out), why=error.strerror or "") from error
    note_export(
        found,
        what,
        form,
        provenance=provenance,
        rows=rows,
        sha256=digest.hexdigest(),
        by=SYSTEM,
        at=system_clock.now(),
    )
    typer.echo(_("%(rows)s rows in %(path)s") % {"rows": rows, "path": out}, err=True)


def _asked(
    file: Path | None, project: uuid.UUID | None, all_or_nothing: bool, id_column: str, again: bool
) -> Import:
    if file is None or project is None:
        raise NothingToImport
    keep = Import.Keep.ALL_OR_NOTHING if all_or_nothing else Import.Keep.GOOD_ROWS
    at = system_clock.now()
    try:
        with file.open("rb") as binary:
            how = How(again=again)
            return ask_import(
                project, binary, file.name, keep=keep, id_column=id_column, how=how, by=SYSTEM, at=at
            )
    except OSError as error:
        raise FileUnreadable(path=str(file), why=error.strerror or "") from error


def _found(import_id: uuid.UUID) -> Import:
    return queries.import_for(SYSTEM, import_id)


def _worked_off(one: Import) -> Import:
    """Here, or watched while another process does it."""
    with _drawn(one.name, total=1.0) as step:
        while True:
            try:
                return run_import(one.id, system_clock, lambda now: step(queries.share_done(now)))
            except ImportFinished:
                return _found(one.id)
            except ImportRunning:
                step(queries.share_done(_found(one.id)))
                time.sleep(LOOK_AGAIN)


@contextmanager
def _drawn(title: str, *, total: float | None) -> Iterator[Callable[[float], None]]:
    """A bar on the error stream; inside the block, a function that moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    quiet = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        line = bar.add_task(title, total=total)
        yield lambda done: bar.update(line, completed=done)


def _tell(one: Import) -> None:
    """The outcome on the standard output, as JSON; status 1 for a refused file."""
    outcome = {"import": str(one.id), "state": one.state, "good": one.good, "bad": one.bad}
    if one.error:
        outcome |= {"code": one.error["code"], "why": queries.why(one)}
    typer.echo(json.dumps(outcome, ensure_ascii=False))
    if one.bad:
        command = f"palabre tasks problems {one.id}"
        typer.echo(_("What is wrong with each row: %(command)s") % {"command": command}, err=True)
    raise typer.Exit(1 if one.error else 0)
