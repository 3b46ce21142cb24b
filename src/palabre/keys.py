"""Secret files of an installation, made on first use under PALABRE_HOME/keys, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from palabre.settings import Settings


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a secret file; `make` gives it the first time.

    Several processes may come here at once on first run: the file is written aside and then linked, which
    fails when another one was quicker, so all of them read the same content and none a half-written one.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_bytes()


def secret_key(settings: Settings) -> str:
    """Key of cookies and signed links: from the environment, or a random one kept in a file."""
    if settings.secret_key is not None:
        return settings.secret_key
    return read_or_make(settings.keys / "secret", lambda: secrets.token_urlsafe(48).encode()).decode()


def exposed(settings: Settings) -> list[Path]:
    """Secret files that others than their owner may read."""
    return [path for path in sorted(settings.keys.glob("*")) if path.stat().st_mode & 0o077]
