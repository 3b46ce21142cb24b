"""A label schema as typed values, for the code that reads one which has passed `validate_schema`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast

Words = Mapping[str, str]
# Of the data: not said; several languages; no words at all. No text has one of these as its own.
MANY_OR_NONE = frozenset({"", "mul", "zxx", "und"})


class BlockBody(TypedDict):
    """JSON of a block."""

    name: str
    type: str
    field: str
    title: NotRequired[Words]
    lang: NotRequired[str]


class LabelBody(TypedDict):
    """JSON of a label."""

    value: str
    title: NotRequired[Words]
    hint: NotRequired[Words]
    key: NotRequired[str]


class QuestionBody(TypedDict):
    """JSON of a question; the last two are those of choices."""

    name: str
    type: str
    to: str
    title: NotRequired[Words]
    hint: NotRequired[Words]
    required: NotRequired[bool]
    choice: NotRequired[str]
    labels: NotRequired[list[LabelBody]]


class SchemaBody(TypedDict):
    """JSON of a label schema, as `label-schema.json` says."""

    format: NotRequired[int]
    shows: list[BlockBody]
    asks: list[QuestionBody]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that a task shows; `field` names the payload's entry, without its dollar sign."""

    name: str
    type: str
    field: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Label:
    """One answer to pick. Results hold `value`; people read `title`."""

    value: str
    title: Words
    hint: Words
    key: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a task asks. A note has no labels."""

    name: str
    type: str
    to: str
    title: Words
    hint: Words
    required: bool
    single: bool
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a task shows and what it asks."""

    shows: tuple[Block, ...]
    asks: tuple[Question, ...]

    @property
    def choices(self) -> tuple[Question, ...]:
        """The questions that consensus, agreement and exports speak of."""
        return tuple(question for question in self.asks if question.type == "choices")

    @property
    def languages(self) -> frozenset[str]:
        """What a member reads: the languages of the blocks, as far as the schema says them."""
        return frozenset(block.lang for block in self.shows if block.lang)

    @property
    def says_languages(self) -> bool:
        """Whether each text that is shown has its language; pictures need none."""
        return all(block.lang or block.type == "image" for block in self.shows)


def with_language(body: object, language: str) -> SchemaBody:
    """A published schema for a screen: a text whose block doesn't say its language has that of the project's data."""
    schema = cast("SchemaBody", body)
    if language in MANY_OR_NONE:
        return schema
    return {**schema, "shows": [_spoken(block, language) for block in schema["shows"]]}


def _spoken(block: BlockBody, language: str) -> BlockBody:
    return block if block["type"] == "image" or "lang" in block else {**block, "lang": language}


def form_of(body: object) -> Form:
    """`body` has passed `validate_schema` (every published version has)."""
    schema = cast("SchemaBody", body)
    return Form(
        shows=tuple(
            Block(block["name"], block["type"], block["field"].removeprefix("$"), block.get("lang"))
            for block in schema["shows"]
        ),
        asks=tuple(_question(question) for question in schema["asks"]),
    )


def _question(question: QuestionBody) -> Question:
    labels = tuple(
        Label(label["value"], label.get("title", {}), label.get("hint", {}), label.get("key"))
        for label in question.get("labels", [])
    )
    return Question(
        name=question["name"],
        type=question["type"],
        to=question["to"],
        title=question.get("title", {}),
        hint=question.get("hint", {}),
        required=question.get("required", question["type"] == "choices"),
        single=question.get("choice", "single") == "single",
        labels=labels,
    )
