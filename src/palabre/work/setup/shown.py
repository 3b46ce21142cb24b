"""The builder's rows as its page shows them: with their places, their errors, and what may be done to them."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from palabre.work.schemas import Problem, validate_schema
from palabre.work.setup.sketch import LANGUAGES, LabelRow, QuestionRow, Sketch, to_body

_PLACE = re.compile(r"^\$\.asks\[(\d+)\](?:\.labels\[(\d+)\])?")
Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ShownLabel:
    """`fixed`: it was published and members work, so it stays."""

    at: str
    number: int
    row: LabelRow
    errors: Sequence[str]
    fixed: bool

    @property
    def words(self) -> list[tuple[str, str, str]]:
        return _words(self.row.title, self.row.hint)


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """The same of a question."""

    at: str
    number: int
    row: QuestionRow
    errors: Sequence[str]
    fixed: bool
    labels: list[ShownLabel]

    @property
    def words(self) -> list[tuple[str, str, str]]:
        return _words(self.row.title, {})


def shown(sketch: Sketch, errors: Errors, *, works: bool) -> list[ShownQuestion]:
    """`works`: members work on the project."""
    return [
        ShownQuestion(
            at=f"q{number}",
            number=number + 1,
            row=row,
            errors=errors.get(f"q{number}", ()),
            fixed=works and bool(row.name),
            labels=[
                ShownLabel(
                    at=f"q{number}.l{place}",
                    number=place + 1,
                    row=label,
                    errors=errors.get(f"q{number}.l{place}", ()),
                    fixed=works and bool(label.value),
                )
                for place, label in enumerate(row.labels)
            ],
        )
        for number, row in enumerate(sketch.questions)
    ]


def errors_of(sketch: Sketch, columns: Collection[str] = ()) -> dict[str, list[str]]:
    """What is wrong with the rows, by the place of each; nothing: the schema may be published.

    `columns`: what the data has, where there is some.
    """
    found: dict[str, list[str]] = defaultdict(list)
    if not sketch.column:
        found["field"].append(gettext("Say which column or entry of your data is shown."))
    elif columns and sketch.column not in columns:
        has = {"column": sketch.column, "columns": ", ".join(sorted(columns))}
        found["field"].append(gettext("Your data has no column “%(column)s”. It has: %(columns)s.") % has)
    if not sketch.questions:
        found["add-question"].append(gettext("Ask at least one question."))
    for number, row in enumerate(sketch.questions):
        if not row.title:
            found[f"q{number}"].append(gettext("Write the question, in one language at least."))
        for place, label in enumerate(row.labels):
            if not label.title:
                found[f"q{number}.l{place}"].append(
                    gettext("Write what this label says, in one language at least.")
                )
    if not found:
        for problem in validate_schema(to_body(sketch)):
            found[_place_of(problem)].append(problem.detail)
    return dict(found)


def summary(errors: Errors) -> list[tuple[str, str]]:
    """The errors in the order of the page, each with the place that it leads to."""
    return [(at, f"{_called(at)} {sentence}".strip()) for at, said in errors.items() for sentence in said]


def _place_of(problem: Problem) -> str:
    if problem.path.startswith("$.shows"):
        return "field"
    place = _PLACE.match(problem.path)
    if place is None:
        return "add-question"
    question, label = place.groups()
    return f"q{question}" if label is None else f"q{question}.l{label}"


def _called(at: str) -> str:
    """The place in words."""
    numbers = [int(number) + 1 for number in re.findall(r"\d+", at)]
    if len(numbers) == 2:
        where = {"question": numbers[0], "label": numbers[1]}
        return gettext("Question %(question)s, label %(label)s:") % where
    return gettext("Question %(question)s:") % {"question": numbers[0]} if numbers else ""


def _words(title: Mapping[str, str], hint: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Language, title and hint; the reader's language comes first."""
    first = (get_language() or "en")[:2]
    order = sorted(LANGUAGES, key=lambda language: language != first)
    return [(language, title.get(language, ""), hint.get(language, "")) for language in order]
