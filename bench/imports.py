"""A client's file of texts to tasks, and what memory it takes at two sizes."""

import resource
import tempfile
import time
import uuid
from typing import IO

from bench.house import installation, members, project
from bench.table import Figure

SMALL, LARGE = 100_000, 1_000_000
SPEED, MEMORY = 60_000, 30


def run() -> list[Figure]:
    with installation():
        operator, _ = members(1)
        _imported(project(operator, 1), SMALL, "csv")
        before = _peak()
        csv = _imported(project(operator, 1), LARGE, "csv")
        more = _peak() - before
        lines = _imported(project(operator, 1), SMALL, "jsonl")
        again = _again(project(operator, 1), SMALL)
    return [
        Figure("import of 1 M texts, CSV", csv, "tasks/s", SPEED, csv >= SPEED),
        Figure("… memory above that of 100 k texts", more, "MB", MEMORY, more <= MEMORY),
        Figure("import of 100 k texts, JSONL", lines, "tasks/s"),
        Figure("100 k texts that are all there already, told row by row", again, "rows/s"),
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _imported(where: uuid.UUID, rows: int, form: str) -> float:
    """Tasks per second, from the first look at the file to the open batch."""
    from palabre.exchange.actions import ask_import, run_import
    from palabre.people.actor import SYSTEM
    from palabre.times import system_clock

    with tempfile.TemporaryFile() as file:
        _write(file, rows, form)
        asked = ask_import(where, file, f"texts.{form}", by=SYSTEM, at=system_clock.now())
    began = time.perf_counter()
    done = run_import(asked.id, system_clock)
    seconds = time.perf_counter() - began
    if done.good + done.bad != rows:
        raise RuntimeError(f"{done.good} good and {done.bad} bad of {rows}")
    return rows / seconds


def _again(where: uuid.UUID, rows: int) -> float:
    _imported(where, rows, "csv")
    return _imported(where, rows, "csv")


def _write(file: IO[bytes], rows: int, form: str) -> None:
    for number in range(rows + 1):
        text = f"Le séjour était agréable, la chambre {number} un peu bruyante"
        if form == "jsonl":
            file.write(f'{{"id": "n{number}", "text": "{text}"}}\n'.encode() if number else b"")
        else:
            file.write(f'n{number},"{text}"\n'.encode() if number else b"id,text\n")
    file.seek(0)
