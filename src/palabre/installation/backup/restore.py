"""Putting a backup back on an empty machine."""

import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from palabre import __version__
from palabre.embedded import Cluster, EmbeddedDatabaseError
from palabre.installation.backup import tools
from palabre.installation.backup.errors import Damaged, InUse, NoBackup, NotEmpty, OlderProgram
from palabre.installation.backup.make import Told
from palabre.installation.backup.manifest import DUMP, FOLDERS, NAME, Manifest, read
from palabre.settings import Settings

# Stands in PALABRE_HOME from the first change to the last: a return that was cut off is seen, and begun anew.
ASIDE = "returning"
_CHUNK = 1024 * 1024


def restore_backup(settings: Settings, file: Path, told: Told) -> Manifest:
    """Put back what `file` holds, or nothing: first it is read whole and held against its digests.

    Only where nobody has an account, and with nothing else running: jobs beside it would write into half a ledger.
    Cut off, it begins anew when it is called again. The tables are those of the backup's version: migrate afterwards.
    Raises: NoBackup, Damaged, OlderProgram, NotEmpty, InUse, ToolFailed.
    """
    with _nobody_else(settings) as address:
        _check_empty(settings, address)
        aside = settings.home / ASIDE
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700, parents=True)
        try:
            manifest = _unpacked(file, aside, told)
            _empty(address)
            tools.put_back(aside / DUMP, address)
            _check_head(address, manifest)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        _move(aside, settings.home)
        shutil.rmtree(aside)
    return manifest


def cut_off(settings: Settings) -> bool:
    """Whether a return stopped half-way here."""
    return (settings.home / ASIDE).exists()


@contextmanager
def _nobody_else(settings: Settings) -> Iterator[str]:
    """The address of the database, which only this process uses meanwhile. Raises: InUse."""
    if settings.database_url is None:
        cluster = Cluster(settings.home)
        try:
            with cluster.held_alone():
                yield cluster.address()
        except EmbeddedDatabaseError as error:
            raise InUse(who=str(error)) from error
        return
    address = settings.migration_url or settings.database_url
    with psycopg.connect(address) as connection:
        others = connection.execute(
            "SELECT string_agg(DISTINCT coalesce(nullif(application_name, ''), usename), ', ')"
            " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    if others and others[0]:
        raise InUse(who=others[0])
    yield address


def _check_empty(settings: Settings, address: str) -> None:
    """Raises: NotEmpty."""
    if cut_off(settings):
        return
    with psycopg.connect(address) as connection:
        there = connection.execute("SELECT to_regclass('people_account')").fetchone()
        if there and there[0] and connection.execute("SELECT 1 FROM people_account LIMIT 1").fetchone():
            raise NotEmpty


def _unpacked(file: Path, aside: Path, told: Told) -> Manifest:
    """Raises: NoBackup, Damaged, OlderProgram."""
    digests: dict[str, str] = {}
    try:
        with tarfile.open(file, mode="r:") as archive:
            for entry in archive:
                if not entry.isfile() or not _inside(entry.name):
                    raise NoBackup
                digests[entry.name] = _extract(archive, entry, aside)
                told(entry.name, entry.size)
    except (tarfile.TarError, EOFError) as error:
        raise (Damaged(part=list(digests)[-1]) if digests else NoBackup()) from error
    if NAME not in digests:
        raise Damaged(part=NAME) if digests else NoBackup
    manifest = read((aside / NAME).read_bytes())
    wrong = [name for name, digest in manifest.parts.items() if digests.get(name) != digest]
    if wrong or set(digests) != {*manifest.parts, NAME}:
        raise Damaged(part=(wrong or sorted(set(digests) - set(manifest.parts)))[0])
    if _number(manifest.version) > _number(__version__):
        raise OlderProgram(theirs=manifest.version, ours=__version__)
    return manifest


def _inside(name: str) -> bool:
    """A name that leads nowhere else, whoever made the file."""
    parts = name.split("/")
    return name in {NAME, DUMP} or (parts[0] in FOLDERS and ".." not in parts and "" not in parts)


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, aside: Path) -> str:
    content = archive.extractfile(entry)
    if content is None:
        raise NoBackup
    path = aside / entry.name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as to:
        while read := content.read(_CHUNK):
            digest.update(read)
            to.write(read)
    return digest.hexdigest()


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _empty(address: str) -> None:
    """Away with the tables of an installation that nobody has used, or of a return that was cut off."""
    with psycopg.connect(address) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _check_head(address: str, manifest: Manifest) -> None:
    """The newest seal at the time of the backup is in the chain that came back. Raises: Damaged."""
    if not manifest.head:
        return
    with psycopg.connect(address) as connection:
        query = "SELECT 1 FROM record_seal WHERE number = %s AND root = %s"
        if connection.execute(query, [manifest.head["number"], manifest.head["root"]]).fetchone() is None:
            raise Damaged(part="record_seal")


def _move(aside: Path, home: Path) -> None:
    """Each folder in one step. What an unused installation had made for itself goes: its keys signed nothing."""
    for name in FOLDERS:
        if (aside / name).exists():
            shutil.rmtree(home / name, ignore_errors=True)
            (aside / name).rename(home / name)
