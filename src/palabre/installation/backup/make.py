"""Making a backup of a running installation."""

import datetime as dt
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from palabre import __version__
from palabre.installation.backup import tools
from palabre.installation.backup.errors import FileThere
from palabre.installation.backup.manifest import DUMP, FOLDERS, NAME, Manifest
from palabre.settings import Settings

# Says how far it is: a sentence for each part.
Told = Callable[[str, int], None]
_CHUNK = 1024 * 1024


def make_backup(settings: Settings, address: str, file: Path, told: Told, *, at: dt.datetime) -> Manifest:
    """Write everything that a return needs into `file`, which appears only when it is whole.

    The database is as it was at one instant. Files are copied before it, and those that came meanwhile after it, so
    that whatever a row of it names is there; a file that was deleted after that instant may be missing, which
    its import then says. Nothing is stopped, and nobody waits. Raises: FileThere, ToolFailed, OSError.
    """
    if file.exists():
        raise FileThere(file=file)
    with _aside(file) as (folder, writing), tarfile.open(fileobj=writing, mode="w") as archive:
        parts: dict[str, str] = {}
        _add_files(archive, settings.home, parts, told)
        dumped = folder / DUMP
        head, server = _state(address)
        with dumped.open("wb") as into:
            tools.dump(address, into)
        tools.check_dump(dumped)
        with dumped.open("rb") as content:
            parts[DUMP] = _add(archive, DUMP, content, dumped.stat().st_size)
        told(DUMP, dumped.stat().st_size)
        _add_files(archive, settings.home, parts, told)
        made = Manifest(__version__, at.isoformat(), server, head, parts)
        _add(archive, NAME, io.BytesIO(made.written()), len(made.written()))
    return made


@contextmanager
def _aside(file: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A folder beside the file for what is being made; the file takes its name at the end, on the disk."""
    with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as name:
        folder = Path(name)
        whole = folder / "whole"
        with os.fdopen(os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as writing:
            yield folder, writing
            writing.flush()
            os.fsync(writing.fileno())
        try:
            file.hardlink_to(whole)
        except FileExistsError:
            raise FileThere(file=file) from None


def _state(address: str) -> tuple[dict[str, str | int], str]:
    """The newest seal, before the dump: whoever puts it back can hold the chain against it."""
    with psycopg.connect(address) as connection:
        version = connection.execute("SELECT current_setting('server_version')").fetchone()
        seal = connection.execute(
            "SELECT number, root FROM record_seal ORDER BY number DESC LIMIT 1"
        ).fetchone()
    head: dict[str, str | int] = {} if seal is None else {"number": seal[0], "root": seal[1]}
    return head, str(version[0]) if version else ""


def _add_files(archive: tarfile.TarFile, home: Path, parts: dict[str, str], told: Told) -> None:
    """Those that are not in it yet. One that goes while it is looked at was not needed."""
    for path in _files(home):
        name = path.relative_to(home).as_posix()
        if name in parts:
            continue
        try:
            with path.open("rb") as content:
                parts[name] = _add(archive, name, content, os.fstat(content.fileno()).st_size)
        except FileNotFoundError:
            continue
        told(name, path.stat().st_size if path.exists() else 0)


def _files(home: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        # Names with a point in front are being made by somebody at this instant.
        yield from (path for path in sorted((home / folder).rglob("[!.]*")) if path.is_file())


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> str:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    reading = _Digesting(content)
    archive.addfile(entry, reading)
    return reading.digest.hexdigest()


class _Digesting(io.RawIOBase):
    """Reads through, and keeps the digest of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__()
        self.content, self.digest = content, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        read = self.content.read(size)
        self.digest.update(read)
        return read
