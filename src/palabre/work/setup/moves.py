"""What the buttons of the builder do to its rows. `label-up:0:2` moves the third label of the first question."""

from collections.abc import Callable
from typing import TypeVar

from palabre.work.setup.sketch import MOST_LABELS, MOST_QUESTIONS, LabelRow, QuestionRow, Sketch

T = TypeVar("T")


def moved(sketch: Sketch, asked: str) -> str:
    """Do what a button asks; the id of the field that the reader goes on at, or nothing."""
    verb, *numbers = asked.split(":")
    places = [
        int(number) for number in numbers if number.isascii() and number.isdecimal() and len(number) < 4
    ]
    act = _VERBS.get(verb)
    if act is None or len(places) != len(numbers):
        return ""
    try:
        return act(sketch, *places)
    except (IndexError, TypeError):
        return ""  # a place that is not there


def _add_question(sketch: Sketch, kind: str) -> str:
    if len(sketch.questions) >= MOST_QUESTIONS:
        return ""
    labels = [] if kind == "note" else [LabelRow(), LabelRow()]
    sketch.questions.append(QuestionRow(kind=kind, required=kind != "note", labels=labels))
    return f"q{len(sketch.questions) - 1}.title"


def _add_label(sketch: Sketch, question: int) -> str:
    labels = sketch.questions[question].labels
    if len(labels) < MOST_LABELS:
        labels.append(LabelRow())
    return f"q{question}.l{len(labels) - 1}.title"


def _move_question(sketch: Sketch, at: int, by: int) -> str:
    return f"q{_swapped(sketch.questions, at, by)}.title"


def _move_label(sketch: Sketch, question: int, at: int, by: int) -> str:
    return f"q{question}.l{_swapped(sketch.questions[question].labels, at, by)}.title"


def _remove_question(sketch: Sketch, at: int) -> str:
    del sketch.questions[at]
    return ""


def _remove_label(sketch: Sketch, question: int, at: int) -> str:
    del sketch.questions[question].labels[at]
    return f"q{question}.title"


def _swapped(rows: list[T], at: int, by: int) -> int:
    """Where the row is now; at an end it stays."""
    to = min(max(at + by, 0), len(rows) - 1)
    rows[at], rows[to] = rows[to], rows[at]
    return to


_VERBS: dict[str, Callable[..., str]] = {
    "add-question": lambda sketch: _add_question(sketch, "single"),
    "add-note": lambda sketch: _add_question(sketch, "note"),
    "add-label": _add_label,
    "up": lambda sketch, at: _move_question(sketch, at, -1),
    "down": lambda sketch, at: _move_question(sketch, at, 1),
    "remove": _remove_question,
    "label-up": lambda sketch, question, at: _move_label(sketch, question, at, -1),
    "label-down": lambda sketch, question, at: _move_label(sketch, question, at, 1),
    "label-remove": _remove_label,
}
