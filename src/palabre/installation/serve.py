"""Web, background jobs and the embedded database together, watched over."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from palabre.embedded import Cluster, EmbeddedDatabaseError
from palabre.installation.backup.errors import CutOff
from palabre.installation.backup.restore import cut_off
from palabre.installation.errors import PortTaken
from palabre.settings import Settings
from palabre.words import gettext as _

# A part that dies as soon as it has started is started again more and more slowly, up to this.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
# Having lived so long (seconds), it was not its start that killed it.
LIVED = 5.0
PATIENCE = 20.0
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
_c = ctypes.CDLL(None)


@contextmanager
def database(settings: Settings) -> Iterator[Cluster | None]:
    """The embedded server runs inside this block, unless DATABASE_URL names another one.

    Raises CutOff where a backup was put back by halves.
    """
    if cut_off(settings):
        raise CutOff
    if settings.database_url is not None:
        yield None
        return
    cluster = Cluster(settings.home)
    with cluster.attached():
        yield cluster


@dataclass(slots=True)
class Part:
    """One child process with the processes of its own, started again when it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    started: float = 0.0
    next_start: float = field(default=0.0)

    def watch(self, say: Callable[[str], None]) -> None:
        """Start it when it is not running and its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self._bury(self.process, now, say)
        if self.process is None and now >= self.next_start:
            self.started = now
            self.process = subprocess.Popen(
                self.command,
                start_new_session=True,
                # Only sets a flag of the new process; no lock of this one is touched.
                preexec_fn=_end_with_parent,  # noqa: PLW1509
            )

    def _bury(self, process: subprocess.Popen[bytes], now: float, say: Callable[[str], None]) -> None:
        # What a killed part leaves behind would go on beside its successor.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        quick = now - self.started < LIVED
        self.pause = min(self.pause * 2, LONGEST_PAUSE) if quick else FIRST_PAUSE
        self.process, self.next_start = None, now + self.pause
        say(
            _("%(part)s ended (%(status)s); it starts again in %(seconds)s s")
            % {"part": self.name, "status": process.returncode, "seconds": round(self.pause, 1)}
        )

    def end(self) -> None:
        """Ask it to finish what it does; insist after a while."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _end_with_parent() -> None:
    """After kill -9 of this program its parts end too: they would hold the port and nobody would watch them."""
    _c.prctl(SET_DEATH_SIGNAL, signal.SIGTERM)


def check_port(settings: Settings) -> None:
    """Raises PortTaken, which would else show only as a part that dies again and again."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(host=settings.host, port=settings.port) from error


def web_answers(settings: Settings) -> bool:
    """Whether the web server of this host answers."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (told apart, not bound)
    host = everywhere.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def web_command(settings: Settings) -> list[str]:
    """granian and its workers; their threads are those of `palabre.serving`. Requests are logged by
    `palabre.request`, not by granian."""
    return [
        sys.executable,
        "-m",
        "palabre.installation.web_server",
        "--interface",
        "asginl",
        "--host",
        settings.host,
        "--port",
        str(settings.port),
        "--workers",
        str(settings.web_workers),
        "--backlog",
        "1024",
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.2",
        "--no-ws",
        "--log-level",
        "warning",
        "--log-config",
        str(Path(__file__).with_name("granian-log.json")),
        "palabre.asgi:application",
    ]


def _keep_running(cluster: Cluster, say: Callable[[str], None]) -> None:
    """Start the database again when it died; what can't be started now is tried again."""
    try:
        if cluster.ensure_running():
            say(_("The embedded database had ended; it is running again."))
    except EmbeddedDatabaseError as error:
        say(str(error))
        time.sleep(1)


def serve(
    settings: Settings, cluster: Cluster | None, stop: threading.Event, say: Callable[[str], None]
) -> None:
    """Keep every part running until `stop`."""
    parts = [
        Part("web", web_command(settings)),
        # The web server starts sooner with the cores to itself; what the jobs do can wait so long.
        Part("jobs", [sys.executable, "-m", "palabre", "jobs"], next_start=time.monotonic() + 3),
    ]
    told = False
    try:
        while not stop.is_set():
            if cluster is not None:
                _keep_running(cluster, say)
            for part in parts:
                part.watch(say)
            if not told and web_answers(settings):
                say(_where(settings, cluster))
                told = True
            stop.wait(0.2)
    finally:
        for part in parts:
            part.end()


def _where(settings: Settings, cluster: Cluster | None) -> str:
    if cluster is None:
        return _("Palabre is at %(url)s; data in the PostgreSQL of DATABASE_URL. Ctrl-C stops it.") % {
            "url": settings.url
        }
    return _(
        "Palabre is at %(url)s; files in %(home)s, embedded PostgreSQL in %(database)s. Ctrl-C stops it."
    ) % {"url": settings.url, "home": settings.home, "database": cluster.place.data}
