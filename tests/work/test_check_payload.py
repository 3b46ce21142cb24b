"""A payload has a text for every field that the schema shows."""

import pytest

from palabre.work.schemas import check_payload, payload_form
from tests.work.schema_bodies import PICTURES, REVIEWS


def test_it_takes_what_can_be_shown() -> None:
    assert check_payload(REVIEWS, {"text": "ለመሆኑ", "other": 1}) == []
    assert check_payload(PICTURES, {"image": "beach.png"}) == []


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "field_missing"),
        ({"text": ""}, "field_empty"),
        ({"text": " \n\u00a0"}, "field_empty"),
        ({"text": None}, "field_empty"),
        ({"text": 13.0}, "field_not_text"),
        ({"text": ["a"]}, "field_not_text"),
    ],
)
def test_it_names_the_field(payload: dict[str, object], code: str) -> None:
    assert [(found.path, found.code) for found in check_payload(REVIEWS, payload)] == [("text", code)]


def test_a_field_that_is_shown_twice_is_told_once() -> None:
    block = {"name": "again", "type": "text", "field": "$text"}
    body = REVIEWS | {"shows": [{"name": "review", "type": "text", "field": "$text"}, block]}
    assert len(payload_form(body).problems({})) == 1
