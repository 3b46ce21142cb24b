"""`palabre consensus` as it is typed: what it prints, its exit status, what it needs (nothing but a file)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation
from typer.testing import CliRunner, Result

from palabre.quality.cli import app

LABELS = "task,worker,label\nt1,ana,yes\nt1,bea,yes\nt1,cho,no\nt2,ana,no\nt2,bea,no\nt2,cho,no\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.csv").write_text(LABELS)
    return tmp_path


def run(*arguments: str, language: str = "en") -> Result:
    with translation.override(language):
        return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize("method", ["dawid-skene", "majority"])
def test_it_writes_labels_and_prints_what_it_found(folder: Path, method: str) -> None:
    result = run("labels.csv", "--out", "out.csv", "--method", method)
    assert result.exit_code == 0
    assert "Tasks: 2, workers: 3, labels: 2, judgements: 6" in result.stdout
    written = (folder / "out.csv").read_text().splitlines()
    assert written[0] == "task,label,confidence,judgements"
    assert [line.split(",")[:2] for line in written[1:]] == [["t1", "yes"], ["t2", "no"]]


def test_with_the_truth_it_prints_the_accuracy(folder: Path) -> None:
    (folder / "truth.csv").write_text("task,label\nt1,yes\nt2,yes\nt9,no\n")
    result = run("labels.csv", "--out", "out.csv", "--truth", "truth.csv")
    assert "Accuracy: 50.00 % of 2 tasks of known truth (95 % interval: 9.45 to 90.55 %)" in result.stdout
    assert "Tasks of known truth without a judgement: 1" in result.stdout


def test_json_has_all_of_it_and_nothing_else_is_printed(folder: Path) -> None:
    (folder / "labels.csv").write_text(LABELS + "t3,ana,\nt3,ana,yes\nt3,ana,no\nt3,bea,yes\n")
    (folder / "truth.csv").write_text("task,label\nt1,yes\nt2,yes\n")
    result = run("labels.csv", "--out", "out.csv", "--truth", "truth.csv", "--method", "majority", "--json")
    summary = json.loads(result.stdout)
    assert summary == {
        "out": "out.csv",
        "method": "majority",
        "tasks": 3,
        "workers": 3,
        "labels": 2,
        "judgements": 8,
        "replaced": 1,
        "tied": 1,
        "left_out": {"rows": 1, "cells": 1, "places": [{"line": 8, "column": "label", "why": "empty"}]},
        "truth_left_out": {"rows": 0, "cells": 0, "places": []},
        "iterations": None,
        "converged": None,
        "log_likelihood": None,
        "accuracy": {
            "n": 2,
            "right": 1,
            "share": 0.5,
            "low": pytest.approx(0.0945, abs=1e-4),
            "high": pytest.approx(0.9055, abs=1e-4),
            "without_judgement": 0,
        },
    }


def test_dawid_skene_says_how_its_estimate_ended(folder: Path) -> None:
    summary = json.loads(run("labels.csv", "--out", "out.csv", "--json").stdout)
    assert summary["converged"] is True
    assert summary["iterations"] >= 1
    assert summary["log_likelihood"] <= 0


def test_rows_left_out_are_named_up_to_ten_places(folder: Path) -> None:
    (folder / "labels.csv").write_text(LABELS + "t3,ana,\n" * 12)
    result = run("labels.csv", "--out", "out.csv")
    assert result.exit_code == 0
    assert "Rows left out: 12\n  line 8: “label” is empty" in result.stdout
    assert "  More such cells, which --json names: 2" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv", "--out", "out.csv"], "“none.csv” cannot be read: No such file or directory."),
        ([".", "--out", "out.csv"], "“.” cannot be read: Is a directory."),
        (["labels.csv", "--out", "labels.csv"], "“labels.csv” is read, so it cannot be written."),
        (
            ["labels.csv", "--out", "none/out.csv"],
            "“none/out.csv” cannot be written: its folder does not exist.",
        ),
        (["labels.csv", "--out", "out.csv", "--truth", "none.csv"], "“none.csv” cannot be read"),
        (["truth.csv", "--out", "out.csv"], "names no column “worker”"),
    ],
)
def test_a_refusal_is_a_sentence_and_writes_nothing(folder: Path, arguments: list[str], said: str) -> None:
    (folder / "truth.csv").write_text("task,label\nt1,yes\n")
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stdout == ""
    assert not (folder / "out.csv").exists()
    assert (folder / "labels.csv").read_text() == LABELS


def test_an_older_result_survives_a_refusal(folder: Path) -> None:
    (folder / "out.csv").write_text("older")
    (folder / "labels.csv").write_text(LABELS + "t\0,ana,yes\n")
    assert run("labels.csv", "--out", "out.csv").exit_code == 1
    assert (folder / "out.csv").read_text() == "older"


def test_it_runs_without_settings_and_database(folder: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PALABRE"))
    }
    program = "from palabre.quality.cli import app; app()"
    done = subprocess.run(
        [sys.executable, "-c", program, "labels.csv", "--out", "out.csv"],
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "out.csv").exists()
