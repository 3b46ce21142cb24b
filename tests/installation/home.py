"""An installation of its own for a test: what a person would type, in a folder that the server's account can reach."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def empty_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="palabre-home-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def environment(**settings: str) -> dict[str, str]:
    """That of the suite without its settings, and with these."""
    mine = {
        name: value for name, value in os.environ.items() if not name.startswith(("PALABRE_", "DATABASE_"))
    }
    return mine | {"LC_ALL": "C.UTF-8"} | settings


def palabre(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    return subprocess.run(
        [sys.executable, "-m", "palabre", *words],
        env=environment(**settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
