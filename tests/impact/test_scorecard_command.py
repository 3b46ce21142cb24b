"""`palabre scorecard`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from palabre.errors import PalabreError
from palabre.impact.actions import issue_scorecard
from palabre.impact.cli import app
from palabre.impact.errors import LanguageUnknown
from palabre.people.actor import SYSTEM
from palabre.record.errors import SignatureWrong
from palabre.record.verify_file import verify_file
from tests.impact.example import AT as EXAMPLE_AT
from tests.impact.example import signed
from tests.impact.test_issue_scorecard import AT
from tests.impact.tiny import Tiny

run = CliRunner()


def file_of(tmp_path: Path, credential: object) -> Path:
    file = tmp_path / "scorecard.json"
    file.write_text(json.dumps(credential))
    return file


def test_issue_writes_all_files(tiny: Tiny, tmp_path: Path) -> None:
    result = run.invoke(app, ["issue", str(tiny.project.id), "--out", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 0
    assert {file.name for file in tmp_path.iterdir()} == {
        "scorecard.json",
        "scorecard.pdf",
        *(f"scorecard.{language}.{form}" for language in ("fr", "en") for form in ("pdf", "html")),
    }


def test_recompute_by_project_and_by_file(tiny: Tiny, tmp_path: Path) -> None:
    card = issue_scorecard(tiny.project.id, by=SYSTEM, at=AT)
    for which in (str(tiny.project.id), str(file_of(tmp_path, card.credential))):
        assert run.invoke(app, ["recompute", which], catch_exceptions=False).exit_code == 0


def test_render_one_language_and_form(tmp_path: Path) -> None:
    file = file_of(tmp_path, signed())
    out = tmp_path / "out"
    arguments = ["render", str(file), "--out", str(out), "--lang", "fr", "--pdf"]
    assert run.invoke(app, arguments, catch_exceptions=False).exit_code == 0
    assert [made.name for made in out.iterdir()] == ["scorecard.fr.pdf"]


def test_a_changed_digit_is_not_rendered(tmp_path: Path) -> None:
    """And `palabre verify` says why."""
    credential = json.loads(json.dumps(signed()).replace('"0.8016"', '"0.9016"'))
    file = file_of(tmp_path, credential)
    with pytest.raises(SignatureWrong):
        run.invoke(app, ["render", str(file)], catch_exceptions=False)
    assert verify_file(file_of(tmp_path, signed()), None, at=EXAMPLE_AT).holds
    assert not verify_file(file_of(tmp_path, credential), None, at=EXAMPLE_AT).holds


@pytest.mark.parametrize(
    ("content", "arguments"), [("{}", []), ("[]", []), ("not JSON", []), (None, ["--lang", "de"])]
)
def test_what_is_no_scorecard_is_refused_in_words(
    tmp_path: Path, content: str | None, arguments: list[str]
) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps(signed()) if content is None else content)
    with pytest.raises(PalabreError) as refused:
        run.invoke(app, ["render", str(file), *arguments], catch_exceptions=False)
    assert str(refused.value)
    assert content is not None or isinstance(refused.value, LanguageUnknown)
