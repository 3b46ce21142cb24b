"""A small campaign through the whole product, cut in the middle and taken up again."""

import csv
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from palabre.installation.verification import all_problems
from palabre.pay.actions import load_fixture
from palabre.pay.models import Accrual, Settlement
from palabre.people.actor import SYSTEM
from palabre.quality.models import Consensus
from palabre.record.verify_file import verify_file
from palabre.replay.campaign import Campaign, Columns
from palabre.replay.cli import write_results
from palabre.replay.errors import OtherCampaign
from palabre.replay.run import Plan, Progress, Replay, Replayed
from palabre.timesheet.models import Tally, TimeEntry
from palabre.work.models import Annotation, Lease, Project

pytestmark = pytest.mark.django_db
NOW = dt.datetime.now(dt.UTC)
ROWS = 120


class Cut(Exception):
    """The power is gone."""


class CutAt(Progress):
    """Cuts a run when so many judgements are in."""

    def __init__(self, judgements: int) -> None:
        self.left, self.name = judgements, ""

    def stage(self, name: str, total: int) -> None:  # noqa: ARG002
        self.name = name

    def step(self, done: int) -> None:
        if self.name == "judgements" and done >= self.left:
            raise Cut


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    load_fixture(by=SYSTEM, at=NOW)
    file = tmp_path / "campaign.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "text", "a1", "a2", "a3", "l1", "l2", "l3"])
        for n in range(ROWS):
            third = ["13.0", "NO"] if n % 3 else ["", ""]
            writer.writerow(
                [
                    f"id{n}",
                    f"texte {n}",
                    "8",
                    "10",
                    third[0],
                    "YES" if n % 2 else "NO",
                    "yes" if n % 2 else "NO",
                    third[1],
                ]
            )
    columns = Columns("text", ("a1", "a2", "a3"), ("l1", "l2", "l3"), "id")
    return Plan(Campaign(file, columns), "Small", "SN", Decimal(8), 3)


def run(plan: Plan, progress: Progress | None = None) -> Replayed:
    return Replay(plan, progress or Progress(), NOW).run()


def test_everything_of_the_file_is_there_paid_sealed_and_signed(plan: Plan, tmp_path: Path) -> None:
    done = run(plan)
    summary = write_results(plan, done, tmp_path / "out")
    wanted = 2 * ROWS + sum(1 for n in range(ROWS) if n % 3)
    assert (summary["tasks"], summary["judgements"], summary["members"]) == (ROWS, wanted, 3)
    assert Annotation.objects.filter(place__isnull=False).count() == wanted
    assert Consensus.objects.filter(project=done.project).count() == ROWS
    assert summary["refused"] == [
        {
            "why": "blank",
            "column": "l3",
            "cells": ROWS - (wanted - 2 * ROWS),
            "first_lines": [2, 5, 8, 11, 14],
        }
    ]
    assert set(TimeEntry.objects.values_list("source", flat=True)) == {"declared"}
    # What is declared needs no answer that stands for it: none is used up, in the tables as in the record.
    assert set(Tally.objects.values_list("explained_ms", flat=True)) == {0}
    pay = Decimal(done.project.rates["SN"]["pay"])
    assert sum(Accrual.objects.values_list("exact", flat=True)) == pay * wanted
    assert Settlement.objects.filter(top_up__gt=0).count() == 0
    assert list(all_problems(at=dt.datetime.now(dt.UTC))) == []
    card = tmp_path / "out" / "scorecard.json"
    assert verify_file(card, None, at=dt.datetime.now(dt.UTC)).holds
    assert "times_declared" in {
        one["code"] for one in json.loads(card.read_text())["credentialSubject"]["unknown"]
    }
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {
        "labels.csv",
        "labels.jsonl",
        "refused.csv",
        "scorecard.pdf",
    }


@pytest.mark.parametrize("judgements", [1, 140, 300])
def test_a_run_that_was_cut_goes_on_and_comes_to_the_same(plan: Plan, judgements: int) -> None:
    with pytest.raises(Cut):
        run(plan, CutAt(judgements))
    done = run(plan)
    again = run(plan)
    wanted = 2 * ROWS + sum(1 for n in range(ROWS) if n % 3)
    assert Annotation.objects.count() == Lease.objects.filter(state="submitted").count() == wanted
    assert sum(TimeEntry.objects.values_list("counted_ms", flat=True)) == wanted * 8_000
    assert (again.project, Project.objects.count()) == (done.project, 1)
    assert list(all_problems(at=dt.datetime.now(dt.UTC))) == []


def test_another_file_under_the_same_name_is_refused(plan: Plan, tmp_path: Path) -> None:
    run(plan)
    file = tmp_path / "other.csv"
    file.write_text("id,text,a1,l1\n1,x,8,NEVER\n2,y,8,EVER\n", encoding="utf-8")
    other = Campaign(file, Columns("text", ("a1",), ("l1",), "id"))
    with pytest.raises(OtherCampaign):
        run(Plan(other, "Small", "SN", Decimal(8), 1))
