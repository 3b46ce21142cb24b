"""Import files that were damaged in every way that a seeded generator can think of.

Whatever a file holds, reading it gives rows, bad rows with words for them, or a refusal: never another exception,
never a text that cannot be stored, never much memory or time; and reading on from any row gives the same rest.
"""

import contextlib
import io
import json
import random
import re
import resource
import time
import uuid
from collections.abc import Callable

from palabre.exchange.actions.imports import ask_import, run_import
from palabre.exchange.errors import Refused, row_wrong
from palabre.exchange.formats import BadRow, Limits, Position, Row, prepare_image, read_rows
from palabre.exchange.models import Import
from palabre.people.actor import SYSTEM
from palabre.times import ManualClock
from palabre.work.models import Task
from tests.cast import gather
from tests.soak.mutations import corpus, mutated
from tests.work.stage import AT, set_stage

SECONDS = 5.0
LIMITS = Limits(picture_pixels=1_000_000, member_bytes=4 * 1024**2, unpacked_bytes=64 * 1024**2)
_ESCAPED_CONTROL = re.compile(r"\\(?:u0|[bf])")
_PLACE_LEFT = re.compile(r"%\([a-z_]+\)s")


def main(tries: int, seed: int) -> int:
    """Read them all, then import them all into a database; return the failures."""
    return read_mutated(tries, seed) + import_mutated(tries, seed)


def read_mutated(tries: int, seed: int) -> int:
    """Every file is read by the formats alone."""
    drawn, files = random.Random(seed), corpus()

    def read() -> None:
        name, content = mutated(files, drawn)
        check(name, content, drawn)

    return _tried("read", tries, seed, read)


def import_mutated(tries: int, seed: int) -> int:
    """Every file goes the client's way into a project: all of its good rows are there, or nothing of it."""
    drawn, files = random.Random(seed), corpus()
    stage = set_stage(gather())
    project = stage.draft()

    def take() -> None:
        nonlocal project
        if drawn.random() < 0.03:
            project = stage.draft()
        name, content = mutated(files, drawn)
        _import(project.id, name, content, drawn.choice(list(Import.Keep)))

    return _tried("imported", tries, seed, take)


def _tried(what: str, tries: int, seed: int, attempt: Callable[[], None]) -> int:
    failures, slowest = 0, 0.0
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(tries):
        begun = time.perf_counter()
        try:
            attempt()
        # Anything at all that is raised here is what is looked for.
        except Exception as error:  # noqa: BLE001
            failures += 1
            print(f"try {number}: {type(error).__name__}: {error}")
        taken = time.perf_counter() - begun
        slowest = max(slowest, taken)
        if taken > SECONDS:
            failures += 1
            print(f"try {number}: took {taken:.1f} s")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    print(
        f"{tries} mutated files {what}, {failures} failures, seed {seed}, slowest {slowest:.2f} s, {grown} MB more"
    )
    return failures


def _import(project: uuid.UUID, name: str, content: bytes, keep: Import.Keep) -> None:
    asked = ask_import(project, io.BytesIO(content), name, keep=keep, by=SYSTEM, at=AT)
    one = run_import(asked.id, ManualClock(AT))
    tasks = Task.objects.filter(batch=one.batch_id)
    if one.state == Import.State.DONE:
        assert one.good == tasks.count() == one.batch.size > 0
        assert one.bad == 0 or keep == Import.Keep.GOOD_ROWS
    else:
        assert one.state == Import.State.REFUSED
        assert one.error
        assert not tasks.exists()
    assert one.bad == one.problems.count()
    for problem in one.problems.all():
        _check_words(row_wrong(problem.code, problem.fields))


def check(name: str, content: bytes, drawn: random.Random) -> None:
    """Read a file to its end, and once more from a row in its middle."""
    try:
        whole = _read(name, content)
    except Refused as error:
        _check_words(str(error))
        return
    places = [row.position for row in whole]
    assert places == sorted(places)
    for row in whole:
        _check_row(row)
    if whole:
        at = drawn.randrange(len(whole))
        rest = _read(name, content, tuple(json.loads(json.dumps(places[at]))))
        assert [_seen(row) for row in rest] == [_seen(row) for row in whole[at + 1 :]]


def _check_words(sentence: str) -> None:
    assert not _PLACE_LEFT.search(sentence)


def _read(name: str, content: bytes, start: Position | None = None) -> list[Row | BadRow]:
    return list(read_rows(io.BytesIO(content), name=name, limits=LIMITS, from_position=start))


def _seen(row: Row | BadRow) -> tuple[object, ...]:
    if isinstance(row, BadRow):
        return (row.line, row.code, row.column)
    return (row.line, row.external_id, json.dumps(row.payload))


def _check_row(row: Row | BadRow) -> None:
    if isinstance(row, BadRow):
        _check_words(row.describe())
        assert len(row.value) <= 2_000
        row.describe().encode()
        return
    stored = json.dumps([row.payload, row.foreign, row.external_id], ensure_ascii=False, allow_nan=False)
    stored.encode()
    # A control character is written as an escape; the backslash of a text is written twice.
    assert not _ESCAPED_CONTROL.search(stored.replace("\\\\", ""))
    if row.media is not None:
        _check_picture(row)


def _check_picture(row: Row) -> None:
    assert row.media is not None
    with contextlib.suppress(Refused), row.media.open() as picture:
        assert prepare_image(picture, limits=LIMITS).content.startswith(b"RIFF")
