"""Backups of an installation at work, each put back on an empty machine and verified there.

The sample campaign is lived (people, tasks, answers, money, decisions) while the background work runs beside it; the
backup is made at an instant that nobody chose. Every event that was there before it is there after the return.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from palabre.embedded import Cluster
from tests.installation.home import empty_home, environment

# Seconds after the first events: the campaign takes longer.
LATEST = 6.0
PATIENCE = 120.0


def main(tries: int = 20, seed: int = 1) -> int:
    """Prints each try; returns the number of failures."""
    chance = random.Random(seed)
    failures = sum(_there_and_back(chance, number) for number in range(1, tries + 1))
    print(f"backups: {tries} made beside work and put back, {failures} failures")
    return failures


def _there_and_back(chance: random.Random, number: int) -> int:
    with empty_home() as home, empty_home() as other:
        file = home / "whole.palabre"
        with _campaign(home):
            _wait_for_events(home)
            time.sleep(chance.uniform(0, LATEST))
            owed = _events(home)
            made = _run(home, "backup", str(file))
        back = _run(other, "restore", str(file))
        found = _events(other) if back.returncode == 0 else -1
    good = made.returncode == 0 and back.returncode == 0 and found >= owed
    print(f"  {number}: {owed} events owed, {found} there, {'verified' if good else 'FAILED'}", flush=True)
    if not good:
        print(made.stderr, back.stdout, back.stderr, sep="\n")
    return 0 if good else 1


@contextmanager
def _campaign(home: Path) -> Iterator[None]:
    """The sample campaign and the background work, until the end of the block."""
    with Cluster(home).attached():
        if (done := _run(home, "migrate")).returncode != 0:
            raise RuntimeError(done.stderr)
        parts = [_start(home, "demo", "--check"), _start(home, "jobs")]
        try:
            yield
        finally:
            for part in parts:
                part.kill()
                part.wait()


def _settings(home: Path) -> dict[str, str]:
    return environment(PALABRE_HOME=str(home), PALABRE_DEMO="1", PYTHONPATH=os.pathsep.join(["src", "."]))


def _start(home: Path, *words: str) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "palabre", *words]
    return subprocess.Popen(command, env=_settings(home), stdout=quiet, stderr=quiet)


def _run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "palabre", *words]
    return subprocess.run(command, env=_settings(home), capture_output=True, text=True, check=False)


def _wait_for_events(home: Path) -> None:
    until = time.monotonic() + PATIENCE
    while _events(home) < 20:
        if time.monotonic() > until:
            raise TimeoutError("the campaign does not begin")
        time.sleep(0.1)


def _events(home: Path) -> int:
    cluster = Cluster(home)
    with cluster.attached(), psycopg.connect(cluster.address()) as connection:
        row = connection.execute("SELECT count(*) FROM record_event").fetchone()
        return int(row[0]) if row else 0
