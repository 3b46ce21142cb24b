"""Making, starting, sharing and stopping the embedded server."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from palabre.embedded import postmaster
from palabre.embedded.configuration import configuration
from palabre.embedded.errors import EmbeddedDatabaseError, ForeignFilesError, NotStartedError
from palabre.embedded.place import Place, give
from palabre.words import gettext as _

# Owns the tables and brings them to a version; the program itself runs as one that owns nothing.
ROLE = "palabre"
PROGRAM = "palabre_program"
DATABASE = "palabre"
# Crash recovery replays at most a few hundred MB of journal; this is far beyond it even on a slow card.
START_LIMIT = 600.0
STOP_LIMIT = 60.0
# Nothing of the caller's environment (language, PG* variables) may change how the server behaves.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class Cluster:
    """One embedded server. Any number of processes may hold it; the last one to leave stops it."""

    def __init__(self, home: Path, overrides: Mapping[str, str] | None = None) -> None:
        """`overrides` are further lines of configuration, which win (tests do without fsync)."""
        self.place = Place.under(home)
        self.overrides = overrides or {}
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """Stands in the command line of each of its processes, which are known by it."""
        return f"palabre-{hashlib.sha256(os.fsencode(self.place.data)).hexdigest()[:12]}"

    def address(self, database: str = DATABASE, role: str = ROLE) -> str:
        """Connection string, for programs of this account only: the socket's folder is closed to others."""
        return make_conninfo(host=str(self.place.sockets), user=role, dbname=database)

    def is_running(self) -> bool:
        if self._child is not None and self._child.poll() is not None:
            self._child = None
        return postmaster.find(self.place.data) is not None

    @contextmanager
    def attached(self) -> Iterator[bool]:
        """The server runs inside this block; gives whether it was started here.

        Each process inside holds a shared lock on a file, which the system frees however the process ends.
        Who leaves and can have that lock alone is the last one, and stops the server.
        """
        self.place = self.place.make()
        with self._open("users") as users:
            with self._alone():
                fcntl.flock(users, fcntl.LOCK_SH)
                started = self._start_if_needed()
            try:
                yield started
            finally:
                with self._alone():
                    if _lock_without_waiting(users):
                        self.stop()

    @contextmanager
    def held_alone(self) -> Iterator[None]:
        """The server runs inside this block, and no other process has it: who wants it waits until the end.

        Raises EmbeddedDatabaseError when somebody has it already.
        """
        self.place = self.place.make()
        with self._open("users") as users, self._alone():
            if not _lock_without_waiting(users):
                raise EmbeddedDatabaseError(why=_("another program is using it"))
            self._start_if_needed()
            try:
                yield
            finally:
                self.stop()

    def ensure_running(self) -> bool:
        """Starts the server if it has died; for those inside `attached`. True when it was started."""
        if self.is_running():
            return False
        with self._alone():
            return self._start_if_needed()

    def stop(self) -> None:
        """Ends sessions, writes everything down, stops. Raises EmbeddedDatabaseError if it won't."""
        for how in (signal.SIGINT, signal.SIGQUIT):
            process = postmaster.find(self.place.data)
            if process is None:
                return
            process.send_signal(how)
            until = time.monotonic() + STOP_LIMIT
            while self.is_running() and time.monotonic() < until:
                time.sleep(0.02)
        if self.is_running():
            raise EmbeddedDatabaseError(why="its processes do not end")

    def _start_if_needed(self) -> bool:
        if started := not self.is_running():
            postmaster.clear_stale_files(self.place.data, self.place.sockets, self.name)
            if not self.place.data.exists():
                self._make_files()
            self._start()
        self._wait_until_ready()
        if started:
            self._make_program_role()
        return started

    def _make_files(self) -> None:
        """initdb into a folder aside, so that a run cut half-way leaves nothing that looks finished."""
        aside = self.place.data.with_suffix(".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        give(aside, self.place.account)
        done = self._run(
            "initdb",
            f"--pgdata={aside}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
            *(["--no-sync"] if self.overrides.get("fsync") == "off" else []),
        )
        if done.returncode != 0:
            raise EmbeddedDatabaseError(why=done.stderr.decode(errors="replace").strip())
        with (aside / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include_if_exists = 'palabre.conf'\n")
        aside.rename(self.place.data)

    def _start(self) -> None:
        written = self.place.data / "palabre.conf"
        written.write_text(configuration(self.name, self.place.sockets, self.overrides), encoding="utf-8")
        give(written, self.place.account)
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [self.place.programs() / "postgres", "-D", self.place.data],
                user=self.place.account.uid,
                group=self.place.account.gid,
                extra_groups=None if self.place.account.uid is None else [],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C at the terminal is for the program, which then stops the server in good order.
                start_new_session=True,
            )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_LIMIT
        while not postmaster.is_ready(self.place.data) or not self._answers():
            # Between its start and its first lines in postmaster.pid, only our own child can be asked.
            dead = self._child.poll() is not None if self._child is not None else not self.is_running()
            if dead or time.monotonic() > until:
                words = self._log.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
                raise NotStartedError(log=str(self._log), words=words)
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.address(), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            if 'database "palabre" does not exist' in str(error):
                self._make_database()
                return True
            return False
        return True

    def _make_database(self) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _make_program_role(self) -> None:
        with psycopg.connect(self.address(), autocommit=True) as connection:
            there = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [PROGRAM]).fetchone()
            if there is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(PROGRAM)))

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [self.place.programs() / program, *arguments],
            check=False,
            capture_output=True,
            user=self.place.account.uid,
            group=self.place.account.gid,
            extra_groups=None if self.place.account.uid is None else [],
            env=ENVIRONMENT,
            cwd="/",
        )

    @property
    def _log(self) -> Path:
        return self.place.base / "start.log"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time decides about starting and stopping."""
        with self._open("mutex") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _open(self, name: str) -> Iterator[int]:
        path = self.place.base / f"{name}.lock"
        try:
            file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        except PermissionError as error:
            raise ForeignFilesError(path=str(path)) from error
        try:
            yield file
        finally:
            os.close(file)


def _lock_without_waiting(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
