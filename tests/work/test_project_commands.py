"""`palabre project` at the terminal, from draft to close."""

import json
import uuid
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from palabre.money import BadAmount
from palabre.work.cli import app
from palabre.work.errors import DecimalWrong, FileUnreadable, NotReady, PriceBelowFloor
from palabre.work.models import Project
from tests.work.stage import TEXTS, Stage


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def said(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.exception
    return result.stdout.strip()


def new(stage: Stage, seconds: str = "10") -> Result:
    parties = ("--client", str(stage.cast.client.id), "--operator", str(stage.cast.operator.id))
    words = ("--name", "Reviews", "--purpose", "To know.", "--currency", "EUR", "--seconds", seconds)
    return run("create", *parties, *words, "--overlap", "2", "--country", "SN")


@pytest.fixture
def project(stage: Stage) -> str:
    return new(stage).stdout.strip()


def test_from_draft_to_close(stage: Stage, project: str, tmp_path: Path) -> None:
    schema, guideline = tmp_path / "schema.json", tmp_path / "guideline.md"
    schema.write_text(json.dumps(TEXTS))
    guideline.write_text("# Choisir\n\nUne seule réponse.")
    assert said("schema", project, str(schema)) == "Version 1 is published."
    assert said("guideline", project, str(guideline)) == "Version 1 is published."
    quote = said("quote", project, "1000", "--accept")
    assert quote.splitlines() == [
        "Floor in SN: 370.53 XOF an hour",
        "Pay of the members: 3.14 EUR",
        "Platform share: 0.48 EUR",
        "Social cover: 0.32 EUR",
        "Reserve for top-ups: 0.32 EUR",
        "Price of 1000 tasks: 4.26 EUR",
        "Accepted. Work can be offered once a deposit is recorded.",
    ]
    stage.add_tasks(Project.objects.get(), 1000)
    covers = said("deposit", project, "0.50", "--reference", "bank 1")
    assert covers == "0.50 EUR is recorded. The money covers 117 of 1000 tasks."
    assert said("launch", project, "--without-pilot", "A test.") == "The work is on offer."
    assert f"{project}  live     Reviews" in said("list")
    assert json.loads(said("show", project))["left"] == "0.50 EUR"
    assert said("close", project).endswith("0.50 EUR.")


def test_a_wrong_word_is_a_typed_error(stage: Stage, project: str, tmp_path: Path) -> None:
    broken = tmp_path / "schema.json"
    broken.write_bytes(b"\xff{")
    assert isinstance(run("schema", project, str(broken)).exception, FileUnreadable)
    broken.write_text("[" * 100_000)
    assert isinstance(run("schema", project, str(broken)).exception, FileUnreadable)
    assert isinstance(run("schema", project, str(tmp_path / "none")).exception, FileUnreadable)
    assert isinstance(run("quote", project, "1000", "--price", "1e3").exception, BadAmount)
    assert isinstance(run("quote", project, "1000", "--price", "0.01").exception, PriceBelowFloor)
    assert isinstance(run("launch", project).exception, NotReady)
    assert isinstance(new(stage, "1_0").exception, DecimalWrong)
    assert run("launch", str(uuid.uuid4())).exit_code != 0
