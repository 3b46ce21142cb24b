"""The running server as the operating system shows it: found by its command line, never by guess."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

SOCKET_NAME = ".s.PGSQL.5432"


def find(data: Path) -> psutil.Process | None:
    """The live postmaster of this data folder. A zombie, or another program with its old number, is none."""
    pid = _pid_in_file(data)
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or str(data) not in process.cmdline():
            return None
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return None
    return process


def is_ready(data: Path) -> bool:
    """Whether the postmaster says that it takes connections: it has done its crash recovery, if any."""
    return _line_of_file(data, 8) == "ready"


def clear_stale_files(data: Path, sockets: Path, cluster_name: str) -> None:
    """Removes lock files that would wrongly stop the next start. Call it only when `find` found no server.

    PostgreSQL itself copes with a dead number. It refuses to start when that number is a zombie that nobody
    reaps, or has gone to another program of the same account. The file also guards the shared memory, so it
    goes only after the last process of the dead server has gone; and with one of them left, the next
    server would find the shared memory in use and not start.
    """
    pid = _pid_in_file(data)
    if pid is None:
        return
    end_orphans(cluster_name)
    if psutil.pid_exists(pid):
        (data / "postmaster.pid").unlink(missing_ok=True)
        # The socket's own lock file has the same dead number.
        (sockets / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)


def end_orphans(cluster_name: str, patience: float = 5.0) -> None:
    """Waits for what a killed postmaster left behind (it ends by itself), and kills what is still there."""
    until = time.monotonic() + patience
    while orphans := list(_orphans(cluster_name)):
        if time.monotonic() > until:
            for process in orphans:
                process.send_signal(signal.SIGKILL)
        time.sleep(0.02)


def _orphans(cluster_name: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied):
            continue
        if alive and line and line[0].startswith(f"postgres: {cluster_name}:"):
            yield process


def _pid_in_file(data: Path) -> int | None:
    first = _line_of_file(data, 1)
    return int(first) if first is not None and first.isdigit() else None


def _line_of_file(data: Path, number: int) -> str | None:
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    return lines[number - 1].strip() if len(lines) >= number else None
