"""Web, background jobs and the embedded database together, watched over."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from palabre.embedded import Cluster, EmbeddedDatabaseError
from palabre.settings import Settings

# A part that dies again and again is started again more and more slowly, up to this.
LONGEST_PAUSE = 30.0
PATIENCE = 20.0


@contextmanager
def database(settings: Settings) -> Iterator[Cluster | None]:
    """The embedded server runs inside this block, unless DATABASE_URL names another one."""
    if settings.database_url is not None:
        yield None
        return
    cluster = Cluster(settings.home)
    with cluster.attached():
        yield cluster


@dataclass(slots=True)
class Part:
    """One child process, started again when it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    next_start: float = field(default=0.0)

    def watch(self, say: Callable[[str], None]) -> None:
        """Start it when it is not running and its pause is over."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self.deaths += 1
            pause = min(0.2 * 2 ** (self.deaths - 1), LONGEST_PAUSE)
            say(f"{self.name} ended ({self.process.returncode}); it starts again in {pause:.1f} s")
            self.process, self.next_start = None, time.monotonic() + pause
        if time.monotonic() >= self.next_start:
            self.process = subprocess.Popen(self.command, start_new_session=True)

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


def web_command(settings: Settings) -> list[str]:
    """granian, with its workers and threads; one line of the access log is our own (palabre.request)."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        settings.host,
        "--port",
        str(settings.port),
        "--workers",
        str(settings.web_workers),
        "--blocking-threads",
        str(settings.web_threads),
        "--backlog",
        "1024",
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level",
        "warning",
        "palabre.wsgi:application",
    ]


def _keep_running(cluster: Cluster, say: Callable[[str], None]) -> None:
    """Start the database again when it died; what can't be started now is tried again."""
    try:
        if cluster.ensure_running():
            say("the embedded database had ended; it is running again")
    except EmbeddedDatabaseError as error:
        say(str(error))
        time.sleep(1)


def serve(
    settings: Settings, cluster: Cluster | None, stop: threading.Event, say: Callable[[str], None]
) -> None:
    """Keep every part running until `stop`."""
    parts = [
        Part("web", web_command(settings)),
        Part("jobs", [sys.executable, "-m", "palabre", "jobs"]),
    ]
    try:
        while not stop.is_set():
            if cluster is not None:
                _keep_running(cluster, say)
            for part in parts:
                part.watch(say)
            stop.wait(0.2)
    finally:
        for part in parts:
            part.end()
