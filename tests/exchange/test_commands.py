"""`palabre tasks` and `palabre export` at the terminal."""

import hashlib
import json
import uuid
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from palabre.errors import NotFound
from palabre.exchange.cli import export, tasks
from palabre.exchange.errors.imports import FileUnreadable, NothingToImport
from palabre.exchange.models import Import
from palabre.record.models import Event
from palabre.work.models import Project, Task
from tests.exchange.conftest import Ask

pytestmark = pytest.mark.django_db
exports = typer.Typer()
exports.command("export")(export)


def run(app: typer.Typer, *words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text("ref,text\n1,Bien\n2,\n", encoding="utf-8")
    return path


def test_import_then_problems(project: Project, file: Path) -> None:
    made = run(tasks, "import", str(file), "--project", str(project.id), "--id-column", "ref")
    assert made.exit_code == 0, made.output
    told = json.loads(made.stdout)
    assert (told["state"], told["good"], told["bad"]) == ("done", 1, 1)
    assert Task.objects.get(project=project).external_id == "1"
    listed = run(tasks, "problems", told["import"])
    assert listed.stdout.lstrip("\ufeff").splitlines()[1].startswith("3,text,")


def test_a_refused_file_has_status_1(project: Project, file: Path) -> None:
    made = run(tasks, "import", str(file), "--project", str(project.id), "--all-or-nothing")
    assert made.exit_code == 1
    assert json.loads(made.stdout)["code"] == "exchange.bad_rows"
    assert not Task.objects.filter(project=project).exists()


def test_resume(ask: Ask) -> None:
    one = ask("id,text\n1,Bien\n")
    made = run(tasks, "import", "--resume", str(one.id))
    assert json.loads(made.stdout)["state"] == "done"
    assert json.loads(run(tasks, "import", "--resume", str(one.id)).stdout)["good"] == 1


def test_cancel(ask: Ask) -> None:
    one = ask("id,text\n1,Bien\n")
    assert run(tasks, "cancel", str(one.id)).exit_code == 1
    one.refresh_from_db()
    assert one.state == Import.State.REFUSED


def test_nothing_named_or_nothing_there(project: Project, tmp_path: Path) -> None:
    assert isinstance(run(tasks, "import").exception, NothingToImport)
    missing = run(tasks, "import", str(tmp_path / "none.csv"), "--project", str(project.id))
    assert isinstance(missing.exception, FileUnreadable)
    assert isinstance(run(tasks, "problems", str(uuid.uuid4())).exception, NotFound)


def test_export_writes_the_whole_file_or_none(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "labels.csv"
    made = run(exports, str(project.id), "--out", str(out), "--format", "csv", "--what", "judgements")
    assert made.exit_code == 0, made.output
    assert out.read_text(encoding="utf-8").startswith("task,member,labels")
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]
    event = Event.objects.get(code="exchange.export.made")
    assert event.data["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest(), "it is in the record"
    nowhere = run(exports, str(project.id), "--out", str(tmp_path / "none" / "labels.csv"))
    assert isinstance(nowhere.exception, FileUnreadable)
