"""The whole demo, started as `./run demo` does it, with a database of its own."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import free_port, until

CHROMIUM = os.environ.get("PALABRE_CHROMIUM", "/usr/bin/chromium")


@contextmanager
def running_demo(home: Path) -> Iterator[str]:
    """Its address. What it says goes to `home`/log."""
    port, log = free_port(), home / "log"
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "palabre", "demo", "--port", str(port)]
    with log.open("wb") as told:
        server = subprocess.Popen(command, env=_environment(home), stdout=told, stderr=told)
        try:
            until(lambda: _answers(address, server, log), seconds=180)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of the test's own settings."""
    ours = re.compile(r"PALABRE_|DATABASE_URL|DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return kept | {"PALABRE_HOME": str(home), "PALABRE_DEMO": "1"}


def _answers(address: str, server: subprocess.Popen[bytes], log: Path) -> bool:
    assert server.poll() is None, log.read_text()[-3_000:]
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except OSError:
        return False
