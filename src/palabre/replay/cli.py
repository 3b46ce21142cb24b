"""`palabre replay`: a campaign that happened elsewhere, end to end, with its summary as JSON."""

import csv
import json
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

from palabre.exchange.delivery import stream_export
from palabre.impact.actions import issue_scorecard
from palabre.impact.cli import write_files
from palabre.impact.models import ScoreCard
from palabre.pay.actions import load_fixture
from palabre.pay.models import Accrual, Floor, Settlement
from palabre.pay.queries import balance
from palabre.people.actor import SYSTEM
from palabre.quality.models import Agreement
from palabre.replay.campaign import Campaign, Columns
from palabre.replay.run import Plan, Progress, Replay, Replayed
from palabre.times import system_clock
from palabre.work.models import Annotation, Project
from palabre.work.queries.books import deposited

RULES = {
    "labels": "case and spaces are folded, nothing else; a label that is then unknown is refused",
    "members": "a whole number with decimals (13.0) is the whole number (13)",
    "blank": "a pair of blank cells holds no judgement and is listed in refused.csv",
    "times": "declared: seconds_per_label for each judgement, six hours a day; nobody measured them",
}


class Bar(Progress):
    """One line a stage, on the error stream."""

    def __init__(self, drawn: RichProgress) -> None:
        self.drawn, self.current = drawn, drawn.add_task("…", total=1)

    def stage(self, name: str, total: int) -> None:
        self.current = self.drawn.add_task(name, total=max(total, 1))

    def step(self, done: int) -> None:
        self.drawn.update(self.current, completed=done)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def replay(
    file: Annotated[
        Path, typer.Argument(help="CSV file in UTF-8: one text a row, several labels beside it.")
    ],
    name: Annotated[str, typer.Option(help="Name of the project.")],
    text_column: Annotated[str, typer.Option()],
    member_columns: Annotated[str, typer.Option(help="Columns of members, with commas between.")],
    label_columns: Annotated[str, typer.Option(help="Columns of labels, in the same order.")],
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    id_column: Annotated[str | None, typer.Option()] = None,
    labels: Annotated[str | None, typer.Option(help="The only labels; others are refused.")] = None,
    seconds_per_label: Annotated[str, typer.Option(help="Declared time of one judgement.")] = "10",
    country: Annotated[str, typer.Option(help="Where its members live, for the floor.")] = "SN",
    limit: Annotated[int | None, typer.Option(help="Only the first rows.")] = None,
) -> None:
    """Take a campaign that happened elsewhere through project, pay, seals, export and ScoreCard."""
    began = time.monotonic()
    columns = Columns(text_column, _split(member_columns), _split(label_columns), id_column)
    campaign = Campaign(file, columns, _split(labels) if labels else None)
    now = system_clock.now()
    if not Floor.objects.exists():
        load_fixture(by=SYSTEM, at=now)
    plan = Plan(
        campaign, name, country.upper(), Decimal(seconds_per_label), len(columns.members), limit=limit
    )
    with _bar() as drawn:
        done = Replay(plan, Bar(drawn), now).run()
    summary = write_results(plan, done, out)
    summary["seconds"] = round(time.monotonic() - began, 1)
    (out / "summary.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    typer.echo(json.dumps(summary, ensure_ascii=False, indent=2))


def _bar() -> RichProgress:
    return RichProgress(
        TextColumn("{task.description:12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )


def write_results(plan: Plan, done: Replayed, out: Path) -> dict[str, Any]:
    """Everything of a replay as files in `out`, and its summary."""
    out.mkdir(parents=True, exist_ok=True)
    refused = _refused(plan, out / "refused.csv")
    for form in ("csv", "jsonl"):
        with (out / f"labels.{form}").open("wb") as target:
            for piece, _rows in stream_export(done.project, "consensus", form):
                target.write(piece)
    card = ScoreCard.objects.filter(project=done.project).order_by("-version").first()
    if card is None:
        card = issue_scorecard(done.project.id, by=SYSTEM, at=system_clock.now())
    write_files(card.credential, out)
    return _summary(plan, done, refused)


def _refused(plan: Plan, path: Path) -> list[dict[str, object]]:
    """Every cell that gave no judgement, with its place. Blank pairs are listed too: nothing is left unsaid."""
    counts, first = Counter[tuple[str, str]](), dict[tuple[str, str], list[int]]()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "column", "value", "why"])
        for row in plan.campaign.rows(plan.limit):
            for cell in row.refused:
                writer.writerow([cell.line, cell.column, cell.value, cell.code])
                counts[cell.code, cell.column] += 1
                first.setdefault((cell.code, cell.column), []).append(cell.line)
    return [
        {"why": code, "column": column, "cells": count, "first_lines": first[code, column][:5]}
        for (code, column), count in sorted(counts.items())
    ]


def _summary(plan: Plan, done: Replayed, refused: list[dict[str, object]]) -> dict[str, Any]:
    project, agreed = done.project, Agreement.objects.filter(project=done.project).first()
    stored = Annotation.objects.filter(project=project)
    return {
        "project": str(project.id),
        "name": project.name,
        "tasks": done.rows,
        "judgements": stored.count(),
        "members": stored.values("member").distinct().count(),
        "labels": plan.campaign.labels,
        "refused": refused,
        "agreement": None
        if agreed is None
        else {
            "alpha": agreed.alpha,
            "low": agreed.alpha_low,
            "high": agreed.alpha_high,
            "tasks": agreed.tasks,
            "judgements": agreed.judgements,
        },
        "money": _money(project),
        "rules": RULES,
        "declared": {"seconds_per_label": str(plan.seconds_per_label), "country": plan.country},
    }


def _money(project: Project) -> dict[str, object]:
    """In minor units of the project's currency; what members were credited is in theirs."""

    accruals = Accrual.objects.filter(charge=project.escrow_id)
    members = accruals.values_list("member_id", flat=True)
    return {
        "currency": project.currency,
        "deposit": deposited(project),
        "base_pay": sum(accruals.values_list("charged", flat=True)),
        "credited": sum(accruals.values_list("credited", flat=True)),
        "top_ups": sum(Settlement.objects.filter(member__in=members).values_list("top_up", flat=True)),
        "left_on_escrow": balance(project.escrow_id) if project.escrow_id else 0,
    }
