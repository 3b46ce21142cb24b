"""The command says what happened in a sentence, never with a traceback, and answers by its exit status."""

import os
from pathlib import Path

import pytest

from palabre.cli import WORDS
from tests.installation.home import palabre


def test_it_lists_every_word() -> None:
    listed = palabre("--help")
    assert listed.returncode == 0
    assert all(word in listed.stdout for word in [*WORDS, "serve", "web", "jobs", "migrate", "doctor"])


def test_it_says_so_in_french() -> None:
    assert "Dire ce qui tourne" in palabre("--help", LC_ALL="fr_FR.UTF-8").stdout


def test_the_list_makes_no_files(tmp_path: Path) -> None:
    palabre("--help", PALABRE_HOME=str(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_an_unknown_word_is_status_2() -> None:
    refused = palabre("pallabre")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_wrong_settings_are_told() -> None:
    refused = palabre("serve", PALABRE_PORT="x")
    assert refused.returncode == 1
    assert "PALABRE_PORT is 'x'" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("words", [["people", "--help"], ["serve"], ["migrate"]])
def test_a_database_that_does_not_answer_is_told(words: list[str], tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    refused = palabre(*words, PALABRE_HOME=str(tmp_path), DATABASE_URL=nowhere)
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer: ")
    assert "Traceback" not in refused.stderr


def test_tables_of_another_version_are_told(tmp_path: Path) -> None:
    """Only its keeper changes a database that is not the embedded one."""
    empty = os.environ["DATABASE_URL"].replace("/palabre?", "/postgres?")
    refused = palabre("organisation", "list", PALABRE_HOME=str(tmp_path), DATABASE_URL=empty)
    assert refused.returncode == 1
    assert "run `palabre migrate`" in refused.stderr


def test_a_refusal_of_a_room_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("nothing,of,use\n", encoding="utf-8")
    refused = palabre("consensus", str(tmp_path / "labels.csv"), "--out", str(tmp_path / "out.csv"))
    assert refused.returncode == 1
    assert refused.stderr
    assert "Traceback" not in refused.stderr
