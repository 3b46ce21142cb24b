"""`palabre scorecard`: issue, recompute, render."""

import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils.translation import gettext as _

from palabre.errors import NotFound
from palabre.impact.actions import issue_scorecard
from palabre.impact.errors import LanguageUnknown, NotAScoreCard, NotIssued
from palabre.impact.models import ScoreCard
from palabre.impact.recompute import recompute as compute_again
from palabre.impact.rendering.page import page
from palabre.impact.rendering.paper import paper
from palabre.impact.rendering.wording import LANGUAGES
from palabre.impact.scorecard.form import form_problems
from palabre.people.actor import SYSTEM
from palabre.record.credentials import verify
from palabre.record.strict_json import read_json
from palabre.times import system_clock

app = typer.Typer(no_args_is_help=True, help="ScoreCards: issue, recompute, render.")

Out = Annotated[Path, typer.Option(help="Folder for the files.")]


@app.command()
def issue(project: uuid.UUID, out: Out = Path()) -> None:
    """Sign the ScoreCard of a closed project; write it as JSON, and as page and PDF in both languages."""
    card = issue_scorecard(project, by=SYSTEM, at=system_clock.now())
    for path in write_files(card.credential, out):
        typer.echo(path)


@app.command()
def recompute(
    which: Annotated[str, typer.Argument(help="A project's id, for its last ScoreCard, or a signed file.")],
) -> None:
    """Compute a ScoreCard again from the record as of its seal; list what differs (exit status 1)."""
    _subject, found = compute_again(_credential(which))
    for line in found:
        typer.echo(line)
    if found:
        typer.echo(_("%(number)s figures differ from the record.") % {"number": len(found)}, err=True)
        raise typer.Exit(1)
    typer.echo(_("The same figures come from the record."))


@app.command()
def render(
    file: Path,
    out: Out = Path(),
    lang: Annotated[str | None, typer.Option(help="fr or en; both without it.")] = None,
    *,
    pdf: Annotated[bool, typer.Option("--pdf", help="Only the PDF.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Only the page.")] = False,
) -> None:
    """Write a signed ScoreCard as page and PDF. Refused for a file whose signature doesn't hold."""
    if lang is not None and lang not in LANGUAGES:
        raise LanguageUnknown(path="--lang", language=lang)
    credential = _credential(str(file))
    languages = LANGUAGES if lang is None else (lang,)
    for path in _written(rendered(credential, languages, pdf=pdf or not html, html=html or not pdf), out):
        typer.echo(path)


def write_files(credential: Mapping[str, Any], out: Path) -> list[Path]:
    """scorecard.json first, scorecard.pdf in English, then a page and a PDF in each language."""
    signed = (json.dumps(credential, ensure_ascii=False, indent=2) + "\n").encode()
    files = rendered(credential, LANGUAGES)
    return _written({"scorecard.json": signed, "scorecard.pdf": files["scorecard.en.pdf"], **files}, out)


def rendered(
    credential: Mapping[str, Any], languages: Iterable[str], *, pdf: bool = True, html: bool = True
) -> dict[str, bytes]:
    """Files by name. A page is one file that needs no other."""
    files = dict[str, bytes]()
    for language in languages:
        if pdf:
            files[f"scorecard.{language}.pdf"] = paper(credential, language)
        if html:
            files[f"scorecard.{language}.html"] = page(credential, language, linked=False).encode()
    return files


def _written(files: Mapping[str, bytes], out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]


def _credential(which: str) -> Mapping[str, Any]:
    """The signed document in a file, or the last one of a project.

    Raises: NotAScoreCard, NotIssued, NotFound, and what a file that doesn't hold raises (RecordError).
    """
    if Path(which).is_file():
        return _from_file(Path(which))
    try:
        project = uuid.UUID(which)
    except ValueError as error:
        raise NotFound from error
    card = ScoreCard.objects.filter(project=project).order_by("-version").first()
    if card is None:
        raise NotIssued
    credential: Mapping[str, Any] = card.credential
    return credential


def _from_file(path: Path) -> Mapping[str, Any]:
    document = read_json(path.read_bytes())
    subject = verify(document, at=system_clock.now()).subjects[0]
    problems = form_problems(subject)
    if problems or not isinstance(document, Mapping):
        raise NotAScoreCard(path=path, why=problems[0])
    return document
