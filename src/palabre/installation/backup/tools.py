"""pg_dump and pg_restore of the embedded server's package: they know every server that is older than they are."""

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO

from palabre.embedded.cluster import ENVIRONMENT
from palabre.embedded.place import programs_of_wheel
from palabre.installation.backup.errors import ToolFailed

# A setting that servers before 17 don't know, and that a fresh connection has at this value anyway.
_NEW_SETTING = b"SET transaction_timeout = 0;\n"


def dump(address: str, into: IO[bytes]) -> None:
    """All tables as they are at one instant, beside whoever writes. Sessions are left out: their keys open doors.

    Raises: ToolFailed.
    """
    left_out = "--exclude-table-data=people_session"
    _run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        left_out,
        f"--dbname={address}",
        stdout=into,
    )


def check_dump(dumped: Path) -> None:
    """Reads it to its end. Raises: ToolFailed."""
    with Path("/dev/null").open("wb") as nothing:
        _run("pg_restore", "--file=-", str(dumped), stdout=nothing)


def put_back(dumped: Path, address: str) -> None:
    """All or nothing, into an empty database. Raises: ToolFailed."""
    reader = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={address}"]
    with (
        _started("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dumped)) as writing,
        _started(*reader) as reading,
    ):
        if writing.stdout is None or reading.stdin is None:
            raise TypeError("started without pipes")
        with suppress(BrokenPipeError), reading.stdin as script:
            script.write(b"BEGIN;\n")
            _pass_on(writing.stdout, script)
            # Only a script that came whole is made to hold.
            script.write(b"COMMIT;\n" if writing.wait() == 0 else b"ROLLBACK;\n")
        writing.stdout.close()
        for tool, process in (("psql", reading), ("pg_restore", writing)):
            words = process.stderr.read() if process.stderr else b""
            if process.wait() != 0:
                raise ToolFailed(tool=tool, why=_last(words))


def _pass_on(script: IO[bytes], to: IO[bytes]) -> None:
    for line in script:
        if line == _NEW_SETTING:
            break
        to.write(line)
    shutil.copyfileobj(script, to, 1024 * 1024)


def _started(tool: str, *arguments: str) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    command = [str(programs_of_wheel() / tool), *arguments]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=ENVIRONMENT)


def _run(tool: str, *arguments: str, stdout: IO[bytes]) -> None:
    done = subprocess.run(
        [programs_of_wheel() / tool, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    if done.returncode != 0:
        raise ToolFailed(tool=tool, why=_last(done.stderr))


def _last(words: bytes) -> str:
    return words.decode(errors="replace").strip()[-600:]
