"""From a file of judgements to a file of consensus labels, without a database."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from io import BufferedReader
from pathlib import Path
from typing import TextIO

from palabre.quality.errors import NoJudgements, OutputNotWritable, TooManyLabels, TruthContradictsItself
from palabre.quality.labelled_table import LabelledTable, LeftOut, listed
from palabre.quality.statistics import (
    Consensus,
    Judgements,
    JudgementsBuilder,
    StatisticsError,
    dawid_skene,
    majority_vote,
    wilson_interval,
)
from palabre.words import gettext as _

JUDGEMENT_COLUMNS = ("task", "worker", "label")
TRUTH_COLUMNS = ("task", "label")
CONSENSUS_COLUMNS = ("task", "label", "confidence", "judgements")


class Method(StrEnum):
    """How judgements become labels."""

    DAWID_SKENE = "dawid-skene"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class JudgementFile:
    """What a file of judgements holds: also the tasks in the order in which they first appear."""

    judgements: Judgements
    tasks_as_seen: tuple[str, ...]
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Truth:
    """True labels by task."""

    labels: dict[str, str]
    left_out: LeftOut


@dataclass(frozen=True, slots=True)
class Labels:
    """The consensus, and, for Dawid–Skene, how the estimate ended (None for a majority)."""

    consensus: Consensus
    iterations: int | None = None
    converged: bool | None = None
    log_likelihood: float | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The share of right labels among the tasks whose truth is known, with its 95 % Wilson interval.

    `without_judgement` counts tasks of the truth that the judgements don't know; they are not in `n`.
    `share`, `low` and `high` are None when n is 0.
    """

    n: int
    right: int
    share: float | None
    low: float | None
    high: float | None
    without_judgement: int


def read_judgements(stream: BufferedReader, name: str) -> JudgementFile:
    """Reads `task,worker,label` rows, in memory that grows with 24 bytes a row and the distinct ids.

    Raises:
        ConsensusRefused: see LabelledTable; NoJudgements.
    """
    table = LabelledTable(stream, name, JUDGEMENT_COLUMNS)
    builder = JudgementsBuilder()
    builder.add(cells for _line, cells in table.rows())
    judgements = builder.build()
    if not len(judgements):
        raise NoJudgements(name=name)
    return JudgementFile(judgements, builder.tasks_as_seen(), table.left_out)


def read_truth(stream: BufferedReader, name: str) -> Truth:
    """Reads `task,label` rows.

    Raises:
        ConsensusRefused: see LabelledTable; TruthContradictsItself.
    """
    table = LabelledTable(stream, name, TRUTH_COLUMNS)
    labels: dict[str, str] = {}
    for line, (task, label) in table.rows():
        if labels.setdefault(task, label) != label:
            raise TruthContradictsItself(line=line, name=name, task=listed([task]))
    return Truth(labels, table.left_out)


def find_labels(judgements: Judgements, method: Method) -> Labels:
    """The consensus by the method asked for.

    Raises:
        TooManyLabels: for Dawid–Skene, when tasks times labels is beyond what it holds in memory.
    """
    if method is Method.MAJORITY:
        return Labels(majority_vote(judgements))
    try:
        model = dawid_skene(judgements)
    except StatisticsError as error:
        if error.code == "too_many_labels":
            raise TooManyLabels(**error.fields) from error
        raise
    return Labels(model.consensus(), model.iterations, model.converged, model.log_likelihoods[-1])


def compare_with_truth(judgements: Judgements, consensus: Consensus, truth: Truth) -> Accuracy:
    """Compares the consensus with the truth, task by task; ids and labels are compared exactly as written."""
    true_labels = [truth.labels.get(task) for task in judgements.tasks]
    n = sum(label is not None for label in true_labels)
    right = sum(
        judgements.labels[label] == true
        for label, true in zip(consensus.label.tolist(), true_labels, strict=True)
    )
    interval = wilson_interval(right, n)
    share, low, high = (right / n, interval.low, interval.high) if n else (None, None, None)
    return Accuracy(n, right, share, low, high, without_judgement=len(truth.labels) - n)


def write_labels(path: Path, judged: JudgementFile, consensus: Consensus) -> None:
    """Writes `task,label,confidence,judgements`, a row a task, in the order in which tasks first appeared.

    UTF-8, commas; the confidence has six decimals. The file appears whole or not at all.

    Raises:
        OutputNotWritable: the system refuses.
    """
    judgements = judged.judgements
    place = {task: number for number, task in enumerate(judgements.tasks)}
    names = [_cell(label) for label in judgements.labels]
    label, confidence = consensus.label.tolist(), consensus.confidence.tolist()
    judged_by = consensus.judged.tolist()
    with whole_file(path) as stream:
        stream.write(",".join(CONSENSUS_COLUMNS) + "\n")
        for task in judged.tasks_as_seen:
            at = place[task]
            stream.write(f"{_cell(task)},{names[label[at]]},{confidence[at]:.6f},{judged_by[at]}\n")


def _cell(text: str) -> str:
    """Quoted where needed. The csv module, told to end lines with LF, would leave a lone CR bare."""
    safe = spreadsheet_safe(text)
    needs_quotes = any(character in safe for character in ',"\r\n')
    return '"' + safe.replace('"', '""') + '"' if needs_quotes else safe


def spreadsheet_safe(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet could run it as a formula.

    That is when it begins with = + - @, a tab or a line break; except a plain number such as -1, which is no
    formula and a common label.

    >>> [spreadsheet_safe(cell) for cell in ("yes", "=1+1", "-1", "+2.5", "-1+1", "@sum", "")]
    ['yes', "'=1+1", '-1', '+2.5', "'-1+1", "'@sum", '']
    """
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return cell
    whole, _dot, fraction = cell[1:].partition(".")
    digits = whole + fraction
    plain = cell[0] in "+-" and whole != "" and digits.isascii() and digits.isdecimal()
    return cell if plain else "'" + cell


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text file that takes its name once all of it is on disk; after a failure the old one still stands.

    Raises:
        OutputNotWritable: the system refuses, or there is something else than a file under that name.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        if target.exists() and not target.is_file():
            raise FileExistsError(None, _("something else than a file has this name"))
        if not target.parent.is_dir():
            raise FileNotFoundError(None, _("its folder does not exist"))
        with part.open("x", encoding="utf-8", newline="") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        raise OutputNotWritable(name=str(path), reason=error.strerror) from error
    finally:
        if part.exists():
            part.unlink()
