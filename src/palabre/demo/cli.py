"""`palabre demo`: the sample campaign in the terminal, its result verified, then the server."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from palabre.demo.campaign import NAME, Campaign
from palabre.demo.errors import DemoOnly, DemoWrong
from palabre.demo.people import MAIL, People
from palabre.exchange.delivery import stream_export
from palabre.impact.cli import write_files
from palabre.impact.models import ScoreCard
from palabre.installation.errors import DemoRefused
from palabre.installation.verification import all_problems
from palabre.people.models import Account, PersonalData
from palabre.quality.models import Agreement
from palabre.record.verify_file import verify_file
from palabre.settings import current
from palabre.times import system_clock
from palabre.work.models import Annotation, Project, Task


class Steps:
    """What was done and how long it took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.began = time.monotonic()

    def done(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name], self.began = now - self.began, now
        typer.echo(f"✓ {name} ({self.seconds[name]:.1f} s)", err=True)


def demo(
    port: Annotated[int | None, typer.Option(help="Port of the web server.")] = None,
    *,
    check: Annotated[bool, typer.Option(help="Do everything, print the seconds, stop.")] = False,
) -> None:
    """Run the sample campaign, verify its result, then serve it. Only in demo mode."""
    address = served_at(port)
    if not current().demo:
        raise DemoOnly()
    if Account.objects.exists() and not PersonalData.objects.filter(email__endswith=MAIL).exists():
        raise DemoRefused
    steps = Steps()
    card = _campaign(steps)
    if check or "campaign" in steps.seconds:
        _verified(card, steps)
    typer.echo(f"\n{address}/   {address}/scorecards/{card.id}/   {address}/api/v1/docs\n", err=True)
    command = [sys.executable, "-m", "palabre", "serve"]
    if not check:
        os.execv(command[0], command)  # noqa: S606 (the server takes our place, and so gets our signals)
    _served(command, f"http://{current().host}:{current().port}/scorecards/{card.id}/?lang=fr", steps)


def served_at(port: int | None) -> str:
    """Where people reach the demo. Before anything is made, so that the links in its letters lead there too."""
    if port is not None:
        os.environ["PALABRE_PORT"] = str(port)
        current.cache_clear()
    return current().url


def _campaign(steps: Steps) -> ScoreCard:
    """The campaign's ScoreCard; the campaign is lived only once in an installation."""
    found = ScoreCard.objects.filter(project__name=NAME).order_by("-version").first()
    if found is not None:
        return found
    if Project.objects.filter(name=NAME).exists():
        raise DemoWrong(why=_("an earlier start was cut short; delete the demo's folder and start again"))
    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        lines: dict[str, int] = {}

        def told(name: str, done: int, total: int) -> None:
            line = lines.setdefault(name, -1)
            if line < 0:
                line = lines[name] = int(bar.add_task(name, total=total))
            bar.update(line, completed=min(done, total))  # type: ignore[arg-type]

        card, people = Campaign(system_clock.now(), told=told).run()
    steps.done("campaign")
    _tell(card, people)
    return card


def _tell(card: ScoreCard, people: People) -> None:
    """What was made, and the tokens, shown this once."""
    agreed = Agreement.objects.get(project=card.project)
    typer.echo(
        _("%(tasks)s tasks, %(judgements)s judgements, agreement %(alpha)s (%(low)s to %(high)s)")
        % {
            "tasks": Task.objects.filter(project=card.project).count(),
            "judgements": Annotation.objects.filter(project=card.project).count(),
            "alpha": agreed.alpha,
            "low": agreed.alpha_low,
            "high": agreed.alpha_high,
        },
        err=True,
    )
    typer.echo(_("Tokens for the API, shown this once:"), err=True)
    for name, token in people.tokens.items():
        typer.echo(f"  {name:24} {token}", err=True)


def _verified(card: ScoreCard, steps: Steps) -> None:
    """The record, the export and the signed file."""
    found = list(all_problems(at=system_clock.now()))
    if found:
        raise DemoWrong(why=found[0])
    steps.done("record verify")
    out = current().home / "results"
    files = write_files(card.credential, out)
    for form in ("csv", "jsonl"):
        with (out / f"labels.{form}").open("wb") as target:
            target.writelines(piece for piece, _rows in stream_export(card.project, "consensus", form))
    steps.done("export")
    report = verify_file(Path(files[0]), None, at=system_clock.now())
    if not report.holds:
        raise DemoWrong(why=str(report.problems[0]))
    steps.done("scorecard verify")


def _served(command: list[str], page: str, steps: Steps) -> None:
    """Start the server, ask for the ScoreCard's page, stop."""
    server = subprocess.Popen(command)
    try:
        until = time.monotonic() + 60
        while not _answers(page):
            if time.monotonic() > until or server.poll() is not None:
                raise DemoWrong(why=_("the server does not answer"))
            time.sleep(0.1)
        steps.done("server")
    finally:
        server.terminate()
        server.wait(30)


def _answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=5) as answer:  # noqa: S310 (our own address)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
