"""`palabre backup FILE` and `palabre restore FILE`."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from palabre.installation.backup.make import make_backup
from palabre.installation.backup.restore import restore_backup
from palabre.installation.serve import database
from palabre.settings import current
from palabre.times import system_clock
from palabre.words import gettext as _

_MB = 1024**2


class _Told:
    """Shows the part that is being written or read, and how much there was so far."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.files, self.size = progress, 0, 0
        self.task = progress.add_task("", total=None)

    def __call__(self, part: str, size: int) -> None:
        self.files, self.size = self.files + 1, self.size + size
        said = _("%(files)s files, %(size)s MB: %(part)s") % {
            "files": self.files,
            "size": round(self.size / _MB, 1),
            "part": part,
        }
        self.progress.update(self.task, description=said)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True)
    )


def backup(
    file: Annotated[Path, typer.Argument(help=_("The file to make. It holds keys: keep it like one."))],
) -> None:
    settings = current()
    with database(settings) as cluster, _progress() as progress:
        address = settings.migration_url or settings.database_url or (cluster.address() if cluster else "")
        told = _Told(progress)
        made = make_backup(settings, address, file, told, at=system_clock.now())
    typer.echo(
        _("%(file)s holds %(parts)s parts, %(size)s MB, and was read back.")
        % {"file": file, "parts": len(made.parts), "size": round(file.stat().st_size / _MB, 1)}
    )
    if settings.s3 is not None:
        typer.echo(
            _("Files in the bucket %(bucket)s are not in it: copy them with its own tools.")
            % {"bucket": settings.s3.bucket}
        )


def restore(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_("A backup."))]) -> None:
    settings = current()
    with _progress() as progress:
        manifest = restore_backup(settings, file, _Told(progress))
    typer.echo(_("The backup of %(at)s is here. Now it is verified.") % {"at": manifest.made_at})
    for words in (["migrate"], ["record", "verify"]):
        # In processes of their own: this one has read settings and keys of the empty machine.
        done = subprocess.run([sys.executable, "-m", "palabre", *words], check=False)
        if done.returncode != 0:
            raise typer.Exit(done.returncode)
