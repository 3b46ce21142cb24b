"""A label schema as the builder shows it: rows of a form, on their way from and to a schema's body.

What a form of rows can't hold (several blocks, titles in a third language) is edited as JSON.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from palabre.work.schemas.form import BlockBody, LabelBody, QuestionBody, SchemaBody

MOST_QUESTIONS, MOST_LABELS = 10, 60
LANGUAGES = ("fr", "en")
KINDS = ("single", "multiple", "note")
Typed = Mapping[str, object]


@dataclass(slots=True)
class LabelRow:
    """`value`: what results hold, once it was published; new rows get theirs from the title."""

    value: str = ""
    key: str = ""
    title: dict[str, str] = field(default_factory=dict)
    hint: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class QuestionRow:
    """`kind`: one label, several, or a note. `name`: how results refer to it, once it was published."""

    name: str = ""
    kind: str = "single"
    required: bool = True
    title: dict[str, str] = field(default_factory=dict)
    labels: list[LabelRow] = field(default_factory=list)


@dataclass(slots=True)
class Sketch:
    """`column`: the column or entry of the data that is shown, without its dollar sign."""

    kind: str = "text"
    column: str = "text"
    block: str = ""
    language: str = ""
    questions: list[QuestionRow] = field(default_factory=list)


# -- from and to the fields of a form -------------------------------------------------------------


def from_typed(data: Typed) -> Sketch:
    """The rows as they were sent. What no button of the form could have sent is read as nothing."""
    kind = _text(data, "kind")
    sketch = Sketch(
        kind=kind if kind in {"text", "image"} else "text",
        column=_text(data, "field"),
        block=_text(data, "block"),
        language=_text(data, "language"),
    )
    for number in range(MOST_QUESTIONS):
        if f"q{number}.kind" not in data:
            break
        sketch.questions.append(_question_typed(data, f"q{number}"))
    return sketch


def _question_typed(data: Typed, at: str) -> QuestionRow:
    kind = _text(data, f"{at}.kind")
    row = QuestionRow(
        name=_text(data, f"{at}.name"),
        kind=kind if kind in KINDS else "single",
        required=f"{at}.optional" not in data,
        title=_words_typed(data, f"{at}.title"),
    )
    for number in range(MOST_LABELS):
        label = f"{at}.l{number}"
        if f"{label}.value" not in data:
            break
        row.labels.append(
            LabelRow(
                value=_text(data, f"{label}.value"),
                key=_text(data, f"{label}.key"),
                title=_words_typed(data, f"{label}.title"),
                hint=_words_typed(data, f"{label}.hint"),
            )
        )
    return row


def _words_typed(data: Typed, at: str) -> dict[str, str]:
    words = {language: _text(data, f"{at}.{language}") for language in LANGUAGES}
    return {language: text for language, text in words.items() if text}


def _text(data: Typed, name: str) -> str:
    return str(data.get(name, "")).strip()


# -- from and to a schema -------------------------------------------------------------------------


def from_body(body: SchemaBody) -> Sketch | None:
    """The rows of a published schema; None where rows can't hold it."""
    if len(body["shows"]) != 1 or not _fits(body):
        return None
    block = body["shows"][0]
    return Sketch(
        kind=block["type"],
        column=block["field"].removeprefix("$"),
        block=block["name"],
        language=block.get("lang", ""),
        questions=[_question_row(question) for question in body["asks"]],
    )


def _fits(body: SchemaBody) -> bool:
    questions = body["asks"]
    words = [question.get("title", {}) for question in questions]
    labels = [label for question in questions for label in question.get("labels", [])]
    words += [label.get("title", {}) for label in labels] + [label.get("hint", {}) for label in labels]
    rows_fit = len(questions) <= MOST_QUESTIONS and all(
        len(one.get("labels", [])) <= MOST_LABELS and "hint" not in one for one in questions
    )
    return rows_fit and all(set(each) <= set(LANGUAGES) for each in words) and "title" not in body["shows"][0]


def _question_row(question: QuestionBody) -> QuestionRow:
    note = question["type"] == "textarea"
    return QuestionRow(
        name=question["name"],
        kind="note" if note else question.get("choice", "single"),
        required=question.get("required", not note),
        title=dict(question.get("title", {})),
        labels=[
            LabelRow(
                label["value"],
                label.get("key", ""),
                dict(label.get("title") or {"en": label["value"]}),
                dict(label.get("hint", {})),
            )
            for label in question.get("labels", [])
        ],
    )


def to_body(sketch: Sketch) -> SchemaBody:
    """The schema that the rows describe, with names and values for what is new. It may still be refused."""
    names = {row.name for row in sketch.questions if row.name}
    block = sketch.block or _unused(sketch.kind, names)
    shown: BlockBody = {"name": block, "type": sketch.kind, "field": f"${sketch.column}"}
    if sketch.language and sketch.kind == "text":
        shown["lang"] = sketch.language
    taken = {block, *names}
    asks = []
    for number, row in enumerate(sketch.questions, 1):
        name = row.name or _unused(_slug(row.title, "_") or f"question_{number}", taken)
        taken.add(name)
        asks.append(_question_body(row, name, block))
    return {"shows": [shown], "asks": asks}


def _question_body(row: QuestionRow, name: str, block: str) -> QuestionBody:
    body: QuestionBody = {"name": name, "type": "textarea" if row.kind == "note" else "choices", "to": block}
    if row.title:
        body["title"] = row.title
    if row.kind == "note":
        return body if not row.required else {**body, "required": True}
    body["choice"] = row.kind
    body["required"] = row.required
    body["labels"] = _labels(row)
    return body


def _labels(row: QuestionRow) -> list[LabelBody]:
    taken = {label.value for label in row.labels if label.value}
    bodies = []
    for number, label in enumerate(row.labels, 1):
        value = label.value or _unused(_slug(label.title, "-") or f"label-{number}", taken)
        taken.add(value)
        body: LabelBody = {"value": value}
        if label.title:
            body["title"] = label.title
        if label.hint:
            body["hint"] = label.hint
        if label.key:
            body["key"] = label.key
        bodies.append(body)
    return bodies


def _slug(title: Mapping[str, str], joint: str) -> str:
    """Small Latin letters and digits that a title comes to: “Très positif” is tres-positif."""
    plain = unicodedata.normalize("NFKD", title.get("en") or title.get("fr") or "")
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    slug = joint.join(words)[:40].strip(joint)
    return slug if joint == "-" or slug[:1].isalpha() else ""


def _unused(name: str, taken: Collection[str]) -> str:
    found, number = name, 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
