"""Agreement as people read it: from the stored figures to labels with their titles, tables and pairs."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palabre.quality.models import Agreement
from palabre.quality.review_form import said
from palabre.work.models import LabelSchema
from palabre.work.schemas.form import Question, form_of

# Alpha from which labels are commonly taken as reliable, and below which nothing should rest on them
# (Krippendorff, Content Analysis, 4th edition, section 12.4).
RELIABLE, TENTATIVE = 0.8, 0.667
# So many labels fit in a table that can be read.
MOST_IN_TABLE = 12
SHADES = 5
MIXED_UP = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """An alpha with its 95 % interval over `tasks` tasks; None where it is not defined."""

    alpha: float | None
    low: float | None
    high: float | None
    tasks: int

    @property
    def reading(self) -> str:
        """What the interval allows to say: good, fair, poor, or unknown."""
        if self.alpha is None or self.low is None:
            return "unknown"
        if self.low >= RELIABLE:
            return "good"
        return "fair" if self.low >= TENTATIVE else "poor"


@dataclass(frozen=True, slots=True)
class LabelFigure:
    value: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Cell:
    """Pairs of judgements of one task: `share` of all those of the row's label; `shade` from 0 to SHADES."""

    pairs: int
    share: float
    shade: int
    same: bool
    column: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labels that are mixed up: `share` of all disagreements are about them."""

    first: str
    second: str
    first_title: str
    second_title: str
    pairs: int
    share: float


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """`table`: (title of the row, its cells); empty with several labels an answer, or with too many labels."""

    name: str
    title: str
    several: bool
    judgements: int
    figure: Figure
    labels: Sequence[LabelFigure]
    columns: Sequence[str]
    table: Sequence[tuple[str, Sequence[Cell]]]
    pairs: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Band:
    """Tasks whose consensus is at least `low` sure and less than `high` (None: no end)."""

    low: float
    high: float | None
    tasks: int
    share: float


def question_figures(found: Agreement) -> list[QuestionFigures]:
    """Every choice question of the project, with titles in the reader's language. One statement."""
    questions = _questions(found.project_id)
    return [_question(raw, questions.get(raw["name"])) for raw in found.confusion["questions"]]


def sure_bands(found: Agreement) -> list[Band]:
    """How sure the consensus is, the least sure first; nothing before it was computed this way."""
    raw = found.confusion.get("sure", [])
    tasks = sum(band["tasks"] for band in raw) or 1
    return [Band(band["from"], band["below"], band["tasks"], band["tasks"] / tasks) for band in raw]


def titles_of(question: Question | None) -> dict[str, str]:
    """The title of each label in the reader's language, or as near as there is."""
    return {label.value: said(label.title, label.value) for label in (question.labels if question else ())}


def _questions(project: uuid.UUID) -> dict[str, Question]:
    newest = LabelSchema.objects.filter(project=project).order_by("-version").first()
    return {question.name: question for question in form_of(newest.body).choices} if newest else {}


def _question(raw: Mapping[str, Any], question: Question | None) -> QuestionFigures:
    titles = titles_of(question)
    columns, table = _table(raw, titles)
    return QuestionFigures(
        name=raw["name"],
        title=said(question.title, raw["name"]) if question else raw["name"],
        several=raw["several"],
        judgements=raw["judgements"],
        figure=_figure(raw),
        labels=[
            LabelFigure(one["label"], titles.get(one["label"], one["label"]), _figure(one))
            for one in raw["by_label"]
        ],
        columns=columns,
        table=table,
        pairs=[_pair(one, titles) for one in raw["confused"][:MIXED_UP]],
    )


def _figure(raw: Mapping[str, Any]) -> Figure:
    return Figure(raw["alpha"], raw.get("alpha_low"), raw.get("alpha_high"), raw.get("tasks", 0))


def _pair(raw: Mapping[str, Any], titles: Mapping[str, str]) -> Pair:
    first, second = raw["first"], raw["second"]
    return Pair(
        first, second, titles.get(first, first), titles.get(second, second), raw["pairs"], raw["share"]
    )


def _table(
    raw: Mapping[str, Any], titles: Mapping[str, str]
) -> tuple[list[str], list[tuple[str, list[Cell]]]]:
    """Of all pairs in which one judgement says the row's label, how many say the column's with it."""
    agreed = {one["label"]: one["pairs"] for one in raw.get("agreed", [])}
    labels = list(agreed)
    if not 2 <= len(labels) <= MOST_IN_TABLE:
        return [], []
    pairs = {(one["first"], one["second"]): one["pairs"] for one in raw["confused"]}
    count = {
        (row, column): agreed[row]
        if row == column
        else pairs.get((row, column), 0) + pairs.get((column, row), 0)
        for row in labels
        for column in labels
    }
    names = [titles.get(label, label) for label in labels]
    rows = []
    for row in labels:
        total = sum(count[row, column] for column in labels)
        cells = [
            _cell(count[row, column], total, row == column, name)
            for column, name in zip(labels, names, strict=True)
        ]
        rows.append((titles.get(row, row), cells))
    return names, rows


def _cell(pairs: int, total: int, same: bool, column: str) -> Cell:
    share = pairs / total if total else 0.0
    shade = 0 if not pairs else min(SHADES, 1 + int(share * SHADES))
    return Cell(pairs, share, shade, same, column)
