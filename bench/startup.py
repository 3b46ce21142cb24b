"""How soon the program answers, and what it holds in memory at rest."""

import os
import signal
import subprocess
import sys
import time

import psutil

from bench.house import _answers, installation
from bench.table import Figure


def run() -> list[Figure]:
    with installation():
        first = _start()
        second = _start()
        shown = time.monotonic()
        subprocess.run([sys.executable, "-m", "palabre", "--help"], check=True, stdout=subprocess.DEVNULL)
        shown = time.monotonic() - shown
    return [
        Figure("a second start of the server", second[0], "s", 6, second[0] < 6),
        Figure("memory of the whole installation at rest", first[1], "MB", 350, first[1] < 350),
        Figure("palabre --help", shown, "s"),
    ]


def _start() -> tuple[float, float]:
    """Seconds until /readyz answers; MB of server, jobs and database together (shared pages once)."""
    began = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "palabre", "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while not _answers():
        if time.monotonic() - began > 60:
            raise TimeoutError("the server does not answer")
        time.sleep(0.05)
    seconds = time.monotonic() - began
    # Each worker has answered by then, so that none of them is counted before it is warm.
    for _ in range(20):
        _answers()
    time.sleep(5)
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    family += [one for one in psutil.process_iter() if one.name() == "postgres" and _ours(one)]
    memory = sum(one.memory_full_info().pss for one in set(family)) / 1024**2
    os.kill(server.pid, signal.SIGTERM)
    server.wait(30)
    return seconds, memory


def _ours(process: psutil.Process) -> bool:
    ancestors = [process, *process.parents()]
    return any(os.environ["PALABRE_HOME"] in " ".join(one.cmdline()) for one in ancestors)
