"""Results are lists of Label Studio items; what is wrong is told by its place."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.work.schemas import labels_of, result_form, validate_result
from tests.work.schema_bodies import PICTURES, REVIEWS, item, note

FORM = result_form(REVIEWS)
GOOD = [item("mood", "pos"), item("topics", "staff", "room"), note("Très bien 💩")]


def codes(result: object) -> list[tuple[str, str]]:
    return [(found.path, found.code) for found in validate_result(REVIEWS, result)]


def test_it_takes_good_answers() -> None:
    assert codes(GOOD) == []
    assert codes([item("mood", "pos") | {"origin": "manual"}]) == []
    assert validate_result(PICTURES, [item("kind", "beach", to="picture")]) == []


def test_labels_stand_in_the_order_of_the_schema() -> None:
    assert labels_of(REVIEWS, GOOD) == {"mood": ("pos",), "topics": ("room", "staff")}
    assert labels_of(REVIEWS, GOOD[:1]) == {"mood": ("pos",), "topics": ()}


@pytest.mark.parametrize(
    ("result", "path", "code"),
    [
        ({}, "$", "result_form"),
        ([], "$", "not_answered"),
        ([item("topics", "room")], "$", "not_answered"),
        ([*GOOD, item("mood", "pos")], "$", "result_long"),
        ([item("mood", "pos"), item("mood", "neg")], "$[1].from_name", "question_twice"),
        ([1], "$[0]", "item_form"),
        ([item("mood", "pos") | {"score": 1}], "$[0]", "item_form"),
        ([item("smell", "pos")], "$[0].from_name", "question_unknown"),
        ([item("mood", "pos", to="note")], "$[0].to_name", "item_to"),
        ([item("mood", "pos") | {"type": "rating"}], "$[0].type", "item_type"),
        ([item("mood", "pos") | {"id": "a b"}], "$[0].id", "item_id"),
        ([item("mood", "pos"), item("topics", "room") | {"id": "id-mood"}], "$[1].id", "item_id"),
        ([item("mood", "pos") | {"origin": "robot"}], "$[0].origin", "item_origin"),
        ([item("mood", "pos") | {"from_name": ["mood"]}], "$[0].from_name", "question_unknown"),
        ([item("mood", "pos") | {"value": {"choices": "pos"}}], "$[0].value.choices", "choices_none"),
        ([item("mood")], "$[0].value.choices", "choices_none"),
        ([item("mood", "pos") | {"value": {"choice": ["pos"]}}], "$[0].value", "choices_form"),
        ([item("mood", "pos", "neg")], "$[0].value.choices", "choices_one"),
        ([item("mood", "POS")], "$[0].value.choices[0]", "label_unknown"),
        ([item("mood", "pos"), item("topics", "room", "room")], "$[1].value.choices[1]", "label_twice"),
        ([item("mood", "pos"), note("  ")], "$[1].value.text", "note_empty"),
        ([item("mood", "pos"), note("x" * 5001)], "$[1].value.text[0]", "note_long"),
        ([item("mood", "pos"), note("a\0")], "$[1].value.text[0]", "text"),
    ],
)
def test_it_names_the_place(result: object, path: str, code: str) -> None:
    assert codes(result) == [(path, code)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "from_name", "to_name", "type", "value", "choices", "text", "origin"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_answered(result: object) -> None:
    problems = FORM.problems(result)
    assert all(str(found) for found in problems)
    if not problems:
        FORM.labels(result)


def test_a_simple_answer_costs_microseconds() -> None:
    result = [item("mood", "pos")]
    best = min(_seconds(result) for _ in range(5))
    assert best < 20e-6


def _seconds(result: object) -> float:
    start = time.perf_counter()
    for _ in range(1000):
        FORM.problems(result)
    return (time.perf_counter() - start) / 1000
