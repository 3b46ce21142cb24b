"""`palabre consensus`: trusted labels from anyone's file of judgements."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from palabre.errors import PalabreError
from palabre.quality.consensus_file import (
    Accuracy,
    JudgementFile,
    Labels,
    Method,
    Truth,
    compare_with_truth,
    find_labels,
    read_judgements,
    read_truth,
    write_labels,
)
from palabre.quality.errors import FileNotReadable, OutputIsInput
from palabre.quality.labelled_table import LeftOut, Place
from palabre.words import gettext as _

# Files below this size are read before a bar could be seen.
PROGRESS_FROM = 4 * 1024**2
# Places named on the terminal; --json names up to labelled_table.MOST_PLACES.
PLACES_SHOWN = 10

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class _Outcome:
    out: Path
    method: Method
    judged: JudgementFile
    labels: Labels
    truth: Truth | None
    accuracy: Accuracy | None


@app.command(help=_("Find the consensus label of each task in a file of judgements."))
def consensus(
    labels: Annotated[
        Path,
        typer.Argument(
            metavar="LABELS.csv",
            help=_("Judgements: a CSV file with the columns task, worker and label. Others are ignored."),
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            metavar="OUT.csv",
            help=_(
                "Where to write task, label, confidence and judgements. "
                "A cell that a spreadsheet would run as a formula gets an apostrophe before it."
            ),
        ),
    ],
    truth: Annotated[
        Path | None,
        typer.Option(
            metavar="TRUTH.csv",
            help=_("True labels, in the columns task and label, to measure the accuracy with."),
        ),
    ] = None,
    method: Annotated[
        Method, typer.Option(help=_("Weigh each worker by how she judges, or count every vote the same."))
    ] = Method.DAWID_SKENE,
    as_json: Annotated[
        bool, typer.Option("--json", help=_("Print the summary as JSON on standard output."))
    ] = False,
) -> None:
    """Reads judgements, writes consensus labels, prints a summary; exit status 1 and why when refused."""
    try:
        outcome = _consensus(labels, out, truth, method)
    except PalabreError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_as_text(outcome)))


def _consensus(labels: Path, out: Path, truth: Path | None, method: Method) -> _Outcome:
    for source in filter(None, (labels, truth)):
        if source.exists() and out.exists() and source.samefile(out):
            raise OutputIsInput(name=str(out))
    with _opened(labels) as stream:
        judged = read_judgements(stream, str(labels))
    known = None
    if truth is not None:
        with _opened(truth) as stream:
            known = read_truth(stream, str(truth))
    found = find_labels(judged.judgements, method)
    write_labels(out, judged, found.consensus)
    accuracy = compare_with_truth(judged.judgements, found.consensus, known) if known else None
    return _Outcome(out, method, judged, found, known, accuracy)


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as file, _progress(path.stat().st_size) as progress:
            if progress.disable:
                yield file
            else:
                watched = progress.wrap_file(file, path.stat().st_size, description=path.name)
                # rich reads through a raw stream; this gives it back a buffer to look ahead in.
                yield BufferedReader(cast("RawIOBase", watched), 1024**2)
    except OSError as error:
        raise FileNotReadable(name=str(path), reason=error.strerror) from error


def _progress(size: int) -> Progress:
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    unseen = size < PROGRESS_FROM or not console.is_terminal
    return Progress(*columns, console=console, transient=True, disable=unseen)


def _as_json(outcome: _Outcome) -> dict[str, object]:
    judgements = outcome.judged.judgements
    return {
        "out": str(outcome.out),
        "method": outcome.method.value,
        "tasks": len(judgements.tasks),
        "workers": len(judgements.members),
        "labels": len(judgements.labels),
        "judgements": len(judgements),
        "replaced": judgements.replaced,
        "tied": int(outcome.labels.consensus.tied.sum()),
        "left_out": asdict(outcome.judged.left_out),
        "truth_left_out": asdict(outcome.truth.left_out) if outcome.truth else None,
        "iterations": outcome.labels.iterations,
        "converged": outcome.labels.converged,
        "log_likelihood": outcome.labels.log_likelihood,
        "accuracy": asdict(outcome.accuracy) if outcome.accuracy else None,
    }


def _as_text(outcome: _Outcome) -> Iterator[str]:
    summary = _as_json(outcome)
    yield (
        _("Tasks: %(tasks)s, workers: %(workers)s, labels: %(labels)s, judgements: %(judgements)s") % summary
    )
    yield from _left_out_as_text(outcome.judged.left_out)
    if summary["replaced"]:
        yield _("Answers replaced by a later one of the same worker to the same task: %(replaced)s") % summary
    if summary["tied"]:
        yield _("Tied tasks, which have the first of the tied labels in the alphabet: %(tied)s") % summary
    if outcome.labels.converged is False:
        yield _("The estimate still moved after its last iteration, number %(iterations)s.") % summary
    if outcome.truth and outcome.accuracy:
        yield from _left_out_as_text(outcome.truth.left_out)
        yield from _accuracy_as_text(outcome.accuracy)
    yield _("Written: %(out)s") % summary


def _left_out_as_text(left_out: LeftOut) -> Iterator[str]:
    if not left_out.rows:
        return
    yield _("Rows left out: %(rows)s") % {"rows": left_out.rows}
    for place in left_out.places[:PLACES_SHOWN]:
        yield "  " + _place_as_text(place)
    if left_out.cells > PLACES_SHOWN:
        more = {"more": left_out.cells - PLACES_SHOWN}
        yield "  " + _("More such cells, which --json names: %(more)s") % more


def _place_as_text(place: Place) -> str:
    if place.why == "empty":
        return _("line %(line)s: “%(column)s” is empty") % {"line": place.line, "column": place.column}
    return _("line %(line)s: cell %(column)s is beyond the last name of the header") % {
        "line": place.line,
        "column": place.column,
    }


def _accuracy_as_text(accuracy: Accuracy) -> Iterator[str]:
    if accuracy.share is None or accuracy.low is None or accuracy.high is None:
        yield _("No judged task is among those of known truth.")
        return
    yield _(
        "Accuracy: %(share).2f %% of %(n)s tasks of known truth (95 %% interval: %(low).2f to %(high).2f %%)"
    ) % {
        "share": 100 * accuracy.share,
        "n": accuracy.n,
        "low": 100 * accuracy.low,
        "high": 100 * accuracy.high,
    }
    if accuracy.without_judgement:
        yield _("Tasks of known truth without a judgement: %(count)s") % {"count": accuracy.without_judgement}
