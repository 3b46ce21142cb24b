"""Parts that die are started again; a stop is clean; nothing is left behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from palabre.embedded import Cluster, postmaster
from palabre.installation.serve import FIRST_PAUSE, LIVED, Part, check_port
from palabre.settings import load
from tests.installation.home import empty_home, environment, palabre
from tests.waiting import until

LIVES = [sys.executable, "-c", "import signal; signal.pause()"]
# A child with a child of its own, as a web server with workers; both deaf to SIGTERM.
DEAF = "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork(); signal.pause()"


class Watched:
    """A part and what it said."""

    def __init__(self, command: list[str]) -> None:
        self.part = Part("part", command)
        self.said: list[str] = []

    def alive(self) -> bool:
        self.part.watch(self.said.append)
        return self.part.process is not None and self.part.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.part.process is not None
        return self.part.process.pid


def test_a_killed_part_is_started_again() -> None:
    watched = Watched(LIVES)
    assert watched.alive()
    os.kill(first := watched.pid, signal.SIGKILL)
    until(lambda: watched.alive() and watched.pid != first)
    assert watched.said == ["part ended (-9); it starts again in 0.4 s"]
    watched.part.end()


def test_one_that_dies_at_once_is_started_more_and_more_slowly() -> None:
    watched = Watched([sys.executable, "-c", "raise SystemExit(3)"])
    until(lambda: watched.alive() is None or len(watched.said) >= 3)
    assert watched.part.pause == FIRST_PAUSE * 8


def test_one_that_had_lived_is_started_at_once() -> None:
    watched = Watched(LIVES)
    watched.alive()
    watched.part.pause, watched.part.started = 30.0, watched.part.started - LIVED - 1
    os.kill(first := watched.pid, signal.SIGKILL)
    until(lambda: watched.alive() and watched.pid != first, seconds=10)
    watched.part.end()


def test_what_a_killed_part_leaves_goes_with_it() -> None:
    watched = Watched([sys.executable, "-c", DEAF])
    watched.alive()
    child = until_child(watched.pid)
    os.kill(watched.pid, signal.SIGKILL)
    until(lambda: bool(watched.alive() and watched.said))
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    os.killpg(watched.pid, signal.SIGKILL)


def until_child(pid: int) -> psutil.Process:
    until(lambda: bool(psutil.Process(pid).children()))
    return psutil.Process(pid).children()[0]


class Server:
    """`palabre serve` in a folder of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.home = home
        self.settings = {
            "PALABRE_HOME": str(home),
            "PALABRE_PORT": str(self.port),
            "PALABRE_WEB_WORKERS": "1",
            **settings,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "palabre", "serve"],
            env=environment(**self.settings),
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def part(self, word: str) -> psutil.Process | None:
        """Its child with this word in the command line; a killed one is none."""
        for child in psutil.Process(self.process.pid).children():
            try:
                if word in " ".join(child.cmdline()):
                    return child
            except psutil.NoSuchProcess:
                continue
        return None


@contextmanager
def served(**settings: str) -> Iterator[Server]:
    with empty_home() as home:
        server = Server(home, **settings)
        try:
            # Beside a busy machine all migrations take a minute and more.
            until(server.ready, seconds=240)
            yield server
        finally:
            server.process.kill()
            server.process.wait()
            Cluster(home).stop()


def _kill_and_wait(server: Server, word: str) -> None:
    until(lambda: server.part(word) is not None)
    first = server.part(word)
    assert first is not None
    first.kill()
    until(lambda: server.part(word) not in {None, first})


def test_serving_survives_the_death_of_each_part_and_stops_cleanly() -> None:
    with served() as server:
        for word in ("granian", "palabre jobs"):
            _kill_and_wait(server, word)
        database = postmaster.find(Cluster(server.home).place.data)
        assert database is not None
        database.kill()
        until(lambda: database != postmaster.find(Cluster(server.home).place.data) and server.ready())
        assert palabre("record", "verify", **server.settings).returncode == 0
        assert palabre("doctor", **server.settings).returncode == 0
        server.process.terminate()
        _, said = server.process.communicate(timeout=60)
        assert server.process.returncode == 0
        assert f"Open this to begin: http://localhost:{server.port}/first-visit/" in said
        assert f"Palabre is at http://localhost:{server.port}" in said
        assert "Palabre has stopped." in said
        assert "Traceback" not in said, said
        assert not Cluster(server.home).is_running()


def test_a_killed_server_leaves_no_part_behind() -> None:
    with served() as server:
        parts = psutil.Process(server.process.pid).children(recursive=True)
        mine = [part for part in parts if part.name() != "postgres"]
        server.process.kill()
        until(lambda: all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in mine))
        # The database is nobody's part: the next program of the installation takes it over.
        assert palabre("organisation", "list", **server.settings).returncode == 0
        assert not Cluster(server.home).is_running()


def test_a_taken_port_is_told() -> None:
    with socket.socket() as taken, empty_home() as home:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = palabre("serve", PALABRE_HOME=str(home), PALABRE_PORT=port)
        assert refused.returncode == 1
        assert f"Port {port} of 127.0.0.1 is in use" in refused.stderr
        assert not Cluster(home).is_running()


def test_an_open_port_is_not_taken() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    check_port(load({"PALABRE_HOME": "/x", "PALABRE_PORT": str(port)}))
