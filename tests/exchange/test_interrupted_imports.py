"""An import that is cut off anywhere goes on after the last chunk that was committed."""

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from random import Random

import pytest
from django.db import connection

from palabre.exchange.actions import ask_import, run_import
from palabre.exchange.errors.imports import ImportRunning
from palabre.exchange.models import Import
from palabre.people.actor import SYSTEM
from palabre.work.models import Batch, Task
from tests.cast import gather
from tests.exchange.conftest import CLOCK, Ask, without_tasks
from tests.work.stage import AT, set_stage

ROWS = 60
FILES = {
    "a.csv": "id,text\n" + "".join(f'{n},"Bien\n{n}"\n' if n % 7 else f"{n},\n" for n in range(ROWS)),
    "a.jsonl": "".join(f'{{"id": {n}, "text": "{"Bien" if n % 7 else ""}"}}\n' for n in range(ROWS)),
    "a.json": "["
    + ",".join(f'{{"id": {n}, "text": "{"Bien" if n % 7 else ""}"}}' for n in range(ROWS))
    + "]",
}
BAD = len(range(0, ROWS, 7))


class Cut(BaseException):
    """The process is gone."""


def _whole(one: Import) -> None:
    found = Task.objects.filter(batch=one.batch_id).order_by("position")
    assert [task.position for task in found] == list(range(1, ROWS - BAD + 1))
    assert [task.external_id for task in found] == [str(n) for n in range(ROWS) if n % 7]
    assert (one.good, one.bad, one.problems.count()) == (ROWS - BAD, BAD, BAD)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FILES)
def test_cut_after_every_chunk(ask: Ask, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.exchange.intake.CHUNK", 7)
    one, cuts = ask(FILES[name], name), 0

    def cut(_: Import) -> None:
        raise Cut

    while True:
        try:
            done = run_import(one.id, CLOCK, cut)
        except Cut:
            cuts += 1
        else:
            break
    assert cuts == -(-ROWS // 7)
    assert done.state == Import.State.DONE
    _whole(done)


@pytest.mark.django_db
def test_a_bounded_step_goes_on_next_time(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.exchange.intake.CHUNK", 25)
    one = ask(FILES["a.csv"])
    assert run_import(one.id, CLOCK, chunks=1).state == Import.State.RUNNING
    assert run_import(one.id, CLOCK, chunks=1).state == Import.State.RUNNING
    while (done := run_import(one.id, CLOCK, chunks=1)).state == Import.State.RUNNING:
        pass
    _whole(done)


@pytest.mark.django_db
def test_cut_while_taking_back(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.exchange.actions.imports.DELETED_AT_ONCE", 10)
    one = ask(FILES["a.csv"], keep=Import.Keep.ALL_OR_NOTHING)
    monkeypatch.setattr("palabre.exchange.actions.imports._delete_tasks", _cut_off)
    with pytest.raises(Cut):
        run_import(one.id, CLOCK)
    one.batch.refresh_from_db()
    assert one.batch.state == Batch.State.DISCARDED, "nobody is handed a task of it meanwhile"
    monkeypatch.undo()
    assert run_import(one.id, CLOCK).state == Import.State.REFUSED
    assert not Task.objects.filter(batch=one.batch_id).exists()


def _cut_off(_: Import, _at: dt.datetime) -> None:
    raise Cut


_WORKER = """
import sys, uuid, django
django.setup()
from palabre.exchange import intake
from palabre.exchange.actions import run_import
from palabre.times import system_clock
intake.CHUNK = 500
print("ready", flush=True)
run_import(uuid.UUID(sys.argv[1]), system_clock)
"""


def _start(one: Import) -> subprocess.Popen[bytes]:
    kept = connection.settings_dict
    address = f"postgresql://{kept['USER']}@/{kept['NAME']}?host={kept['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "palabre.django_settings",
        "PYTHONPATH": "src",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(one.id)], env=environment, stdout=subprocess.PIPE
    )


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again() -> None:
    rows, drawn = 20_000, Random(20261124)
    project = without_tasks(set_stage(gather()))
    content = "id,text\n" + "".join(f"{n},Bien {n}\n" for n in range(rows))
    one = ask_import(project.id, io.BytesIO(content.encode()), "a.csv", by=SYSTEM, at=AT)
    kills = 0
    for _ in range(4):
        process = _start(one)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(drawn.uniform(0.02, 0.15))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        one.refresh_from_db()
        assert Task.objects.filter(batch=one.batch_id).count() == one.good
    assert kills
    done = _once_the_lock_is_free(one)
    assert (done.state, done.good, done.bad) == ("done", rows, 0)
    found = (
        Task.objects.filter(batch=one.batch_id).order_by("position").values_list("position", "external_id")
    )
    assert list(found) == [(n + 1, str(n)) for n in range(rows)]


def _once_the_lock_is_free(one: Import) -> Import:
    """PostgreSQL notices the death of a client when it next reads from it."""
    until = time.monotonic() + 10
    while True:
        try:
            return run_import(one.id, CLOCK)
        except ImportRunning:
            if time.monotonic() > until:
                raise
