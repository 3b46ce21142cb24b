"""`palabre scorecard`: issue, recompute, render."""

import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from palabre.errors import NotFound
from palabre.impact.actions import issue_scorecard
from palabre.impact.errors import NotAScoreCard, NotIssued
from palabre.impact.models import ScoreCard
from palabre.impact.recompute import recompute as compute_again
from palabre.impact.rendering.page import page
from palabre.impact.rendering.paper import paper
from palabre.people.actor import SYSTEM
from palabre.record.strict_json import read_json
from palabre.times import system_clock

app = typer.Typer(no_args_is_help=True, help="ScoreCards: issue, recompute, render.")


@app.command()
def issue(
    project: uuid.UUID, out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path()
) -> None:
    """Sign the ScoreCard of a closed project and write it as JSON and PDF."""
    card = issue_scorecard(project, by=SYSTEM, at=system_clock.now())
    for path in write_files(card.credential, out):
        typer.echo(path)


def write_files(credential: dict[str, Any], out: Path) -> list[Path]:
    """scorecard.json, and a PDF and a page in each language."""
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(credential, ensure_ascii=False, indent=2) + "\n"
    files: dict[str, bytes] = {"scorecard.json": text.encode()}
    for language in ("en", "fr"):
        files[f"scorecard.{language}.pdf"] = paper(credential, language)
        files[f"scorecard.{language}.html"] = page(credential, language).encode()
    files["scorecard.pdf"] = files["scorecard.en.pdf"]
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]


@app.command()
def recompute(which: str) -> None:
    """Compute a ScoreCard again from the record. WHICH: a project's id, or a signed file."""
    credential = _credential(which)
    _subject, found = compute_again(credential)
    for line in found:
        typer.echo(line)
    if found:
        typer.echo(_("%(n)s figures differ from the record.") % {"n": len(found)}, err=True)
        raise typer.Exit(1)
    typer.echo(_("The same figures come from the record."))


@app.command()
def render(file: Path, out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path()) -> None:
    """Write a signed ScoreCard as pages and PDFs, in French and English."""
    for path in write_files(_credential(str(file)), out):
        typer.echo(path)


def _credential(which: str) -> dict[str, Any]:
    if Path(which).is_file():
        found = read_json(Path(which).read_bytes())
        if not isinstance(found, dict):
            raise NotAScoreCard(path=which, why="JSON")
        return found
    try:
        project = uuid.UUID(which)
    except ValueError:
        raise NotFound() from None
    card = ScoreCard.objects.filter(project=project).order_by("-version").first()
    if card is None:
        raise NotIssued()
    credential: dict[str, Any] = card.credential
    return credential
