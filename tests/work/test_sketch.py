"""The builder's rows: from a form to a schema and back, and what its buttons do."""

from typing import Any, cast

import pytest

from palabre.work.schemas import validate_schema
from palabre.work.schemas.form import SchemaBody
from palabre.work.setup.beginnings import BEGINNINGS, Beginning
from palabre.work.setup.moves import moved
from palabre.work.setup.shown import errors_of, summary
from palabre.work.setup.sketch import LabelRow, QuestionRow, Sketch, from_body, from_typed, to_body
from tests.work.stage import TEXTS


def sketch() -> Sketch:
    labels = [LabelRow(title={"en": "Very good", "fr": "Très bien"}), LabelRow(title={"fr": "Très bien !"})]
    question = QuestionRow(title={"en": "How was it?"}, labels=labels)
    note = QuestionRow(kind="note", required=False, title={"en": "Anything else?"})
    return Sketch(questions=[question, note])


def typed(one: Sketch) -> dict[str, object]:
    """The fields of the builder's form."""
    data: dict[str, object] = {"kind": one.kind, "field": one.column, "block": one.block}
    for number, row in enumerate(one.questions):
        data |= {f"q{number}.kind": row.kind, f"q{number}.name": row.name}
        data |= {f"q{number}.title.{language}": f" {text} " for language, text in row.title.items()}
        if not row.required:
            data[f"q{number}.optional"] = "on"
        for place, label in enumerate(row.labels):
            at = f"q{number}.l{place}"
            data |= {f"{at}.value": label.value, f"{at}.key": label.key}
            data |= {f"{at}.title.{language}": text for language, text in label.title.items()}
            data |= {f"{at}.hint.{language}": text for language, text in label.hint.items()}
    return data


def test_names_and_values_come_from_the_titles() -> None:
    body = to_body(sketch())
    assert validate_schema(body) == []
    first, note = body["asks"]
    assert (first["name"], first["type"], first["choice"]) == ("how_was_it", "choices", "single")
    assert [label["value"] for label in first["labels"]] == ["very-good", "tres-bien"]
    assert (note["name"], note["type"], "required" in note) == ("anything_else", "textarea", False)
    assert body["shows"] == [{"name": "text", "type": "text", "field": "$text"}]


def test_titles_that_come_to_nothing_are_numbered() -> None:
    labels = [LabelRow(title={"en": "نعم"}), LabelRow(title={"en": "لا"})]
    body = to_body(Sketch(questions=[QuestionRow(title={"en": "7 هل؟"}, labels=labels)]))
    assert validate_schema(body) == []
    assert body["asks"][0]["name"] == "question_1"
    assert [label["value"] for label in body["asks"][0]["labels"]] == ["label-1", "label-2"]


def test_the_same_words_in_two_questions_get_two_names() -> None:
    one = sketch()
    one.questions += sketch().questions
    names = [question["name"] for question in to_body(one)["asks"]]
    assert names == ["how_was_it", "anything_else", "how_was_it-2", "anything_else-2"]


def test_what_is_published_keeps_its_values() -> None:
    published = to_body(sketch())
    again = from_body(published)
    assert again is not None
    again.questions[0].labels[0].title["en"] = "Excellent"
    assert to_body(again)["asks"][0]["labels"][0]["value"] == "very-good"


@pytest.mark.parametrize("begin", BEGINNINGS, ids=lambda one: one.name)
def test_every_beginning_can_be_published_and_read_back(begin: Beginning) -> None:
    body = to_body(begin.sketch())
    assert validate_schema(body) == []
    read = from_body(body)
    assert read is not None
    assert to_body(from_typed(typed(read))) == body


def test_a_schema_made_elsewhere_is_read_by_its_values() -> None:
    read = from_body(cast("SchemaBody", TEXTS))
    assert read is not None
    assert [label.title for label in read.questions[0].labels] == [{"en": "happy"}, {"en": "sad"}]
    assert read.language == "fr"


@pytest.mark.parametrize(
    "more",
    [
        {"shows": [*TEXTS["shows"], {"name": "b", "type": "text", "field": "$b"}]},
        {"asks": [{**TEXTS["asks"][0], "title": {"wo": "Naka mu?"}}]},
        {"asks": [{**TEXTS["asks"][0], "hint": {"en": "Choose."}}]},
        {"asks": [{**TEXTS["asks"][0], "labels": [{"value": "a", "hint": {"de": "x"}}, {"value": "b"}]}]},
    ],
)
def test_what_rows_cannot_hold_is_left_to_json(more: dict[str, Any]) -> None:
    body = {**TEXTS, **more}
    assert validate_schema(body) == []
    assert from_body(cast("SchemaBody", body)) is None


def test_buttons_move_add_and_remove() -> None:
    one = sketch()
    assert moved(one, "add-label:0") == "q0.l2.title"
    assert moved(one, "label-up:0:1") == "q0.l0.title"
    assert [label.title.get("en", "") for label in one.questions[0].labels] == ["", "Very good", ""]
    assert moved(one, "label-down:0:1") == "q0.l2.title"
    moved(one, "label-remove:0:0")
    assert len(one.questions[0].labels) == 2
    assert moved(one, "up:1") == "q0.title"
    assert one.questions[0].kind == "note"
    assert moved(one, "add-question") == "q2.title"
    assert len(one.questions[2].labels) == 2
    moved(one, "remove:0")
    assert [row.kind for row in one.questions] == ["single", "single"]


def test_the_first_stays_first_and_the_last_last() -> None:
    one = sketch()
    moved(one, "label-up:0:0")
    moved(one, "label-down:0:1")
    moved(one, "down:1")
    assert to_body(one) == to_body(sketch())


@pytest.mark.parametrize(
    "asked", ["", "nothing", "remove", "remove:9", "up:-1", "up:x", "label-up:0", "remove:٣", "up:0:1:2"]
)
def test_what_no_button_sends_changes_nothing(asked: str) -> None:
    one = sketch()
    assert moved(one, asked) == ""
    assert to_body(one) == to_body(sketch())


def test_a_form_can_only_grow_so_far() -> None:
    one = sketch()
    for _ in range(30):
        moved(one, "add-question")
    for _ in range(100):
        moved(one, "add-label:0")
    assert (len(one.questions), len(one.questions[0].labels)) == (10, 60)


def test_errors_stand_at_their_rows() -> None:
    one = sketch()
    one.column = ""
    one.questions[0].labels.append(LabelRow())
    one.questions[1].title = {}
    errors = errors_of(one)
    assert list(errors) == ["field", "q0.l2", "q1"]
    assert summary(errors)[1] == (
        "q0.l2",
        "Question 1, label 3: Write what this label says, in one language at least.",
    )
    assert list(errors_of(Sketch())) == ["add-question"]


def test_what_the_schema_refuses_finds_its_row() -> None:
    one = sketch()
    one.questions[0].labels[1].title = {"en": "Very good"}
    assert list(errors_of(one)) == ["q0.l1"]
    del one.questions[0].labels[1]
    assert list(errors_of(one)) == ["q0"]
    one.column = "a\x00b"
    assert "field" in errors_of(one)
    assert list(errors_of(Sketch(questions=[sketch().questions[1]]))) == ["add-question"]
