"""A label schema is refused with the path of each thing that is wrong with it."""

import copy
from collections.abc import Callable
from typing import cast

import pytest
from jsonschema import Draft202012Validator

from palabre.work.schemas import form_of, published_schema, validate_schema
from tests.work.schema_bodies import PICTURES, REVIEWS, reviews

Ask = dict[str, object]
JSONValue = object


def paths(body: object) -> list[tuple[str, str]]:
    return [(found.path, found.code) for found in validate_schema(body)]


def asks(body: dict[str, object]) -> list[Ask]:
    return cast("list[Ask]", body["asks"])


def labels(body: dict[str, object], index: int = 0) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", asks(body)[index]["labels"])


def test_the_published_schema_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(published_schema())


@pytest.mark.parametrize("body", [REVIEWS, PICTURES])
def test_it_takes_text_and_pictures(body: dict[str, object]) -> None:
    assert validate_schema(body) == []


def test_the_form_reads_it() -> None:
    form = form_of(REVIEWS)
    assert [(block.name, block.field) for block in form.shows] == [("review", "text")]
    assert [(ask.name, ask.single, ask.required) for ask in form.asks] == [
        ("mood", True, True),
        ("topics", False, False),
        ("note", True, False),
    ]
    assert form.languages == {"en"}


def _label_with_spaces(body: dict[str, object]) -> None:
    labels(body)[1]["value"] = " pos "


def _same_title(body: dict[str, object]) -> None:
    labels(body)[1]["title"] = {"fr": "Content"}


def _same_key(body: dict[str, object]) -> None:
    labels(body, 1)[0]["key"] = "1"


def _same_name(body: dict[str, object]) -> None:
    asks(body)[1]["name"] = "review"


def _no_block(body: dict[str, object]) -> None:
    asks(body)[0]["to"] = "elsewhere"


def _two_blocks(body: dict[str, object]) -> None:
    asks(body)[0]["to"] = ["review", "review"]


def _only_a_note(body: dict[str, object]) -> None:
    body["asks"] = [asks(body)[2]]


def _one_label(body: dict[str, object]) -> None:
    del labels(body)[1:]


def _many_labels(body: dict[str, object]) -> None:
    labels(body)[:] = [{"value": f"label {number}"} for number in range(201)]


def _unknown_entry(body: dict[str, object]) -> None:
    asks(body)[0]["colour"] = "red"


def _unknown_label_entry(body: dict[str, object]) -> None:
    labels(body)[0]["colour"] = "red"


def _no_labels(body: dict[str, object]) -> None:
    del asks(body)[0]["labels"]


def _bad_field(body: dict[str, object]) -> None:
    body["shows"] = [{"name": "review", "type": "text", "field": "text"}]


def _no_field(body: dict[str, object]) -> None:
    body["shows"] = [{"name": "review", "type": "text"}]


def _newline_in_name(body: dict[str, object]) -> None:
    asks(body)[0]["name"] = "mood\n"


def _newline_in_label(body: dict[str, object]) -> None:
    labels(body)[0]["value"] = "pos\n"


def _nul(body: dict[str, object]) -> None:
    labels(body)[0]["value"] = "a\0b"


def _half_a_character(body: dict[str, object]) -> None:
    labels(body)[0]["title"] = {"en": "\ud800"}


def _not_taken_yet(body: dict[str, object]) -> None:
    asks(body)[0]["type"] = "rectanglelabels"


def _unknown_type(body: dict[str, object]) -> None:
    asks(body)[0]["type"] = "telepathy"


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (_label_with_spaces, "$.asks[0].labels[1].value", "label_twice"),
        (_same_title, "$.asks[0].labels[1].title.fr", "label_twice"),
        (_same_key, "$.asks[1].labels[0].key", "key_twice"),
        (_same_name, "$.asks[1].name", "name_twice"),
        (_no_block, "$.asks[0].to", "to_unknown"),
        (_two_blocks, "$.asks[0].to", "type"),
        (_only_a_note, "$.asks", "no_choices"),
        (_one_label, "$.asks[0].labels", "minItems"),
        (_many_labels, "$.asks[0].labels", "maxItems"),
        (_unknown_entry, "$.asks[0]", "unknown_entry"),
        (_unknown_label_entry, "$.asks[0].labels[0]", "unknown_entry"),
        (_no_labels, "$.asks[0]", "missing"),
        (_bad_field, "$.shows[0].field", "pattern"),
        (_no_field, "$.shows[0]", "missing"),
        (_newline_in_name, "$.asks[0].name", "pattern"),
        (_newline_in_label, "$.asks[0].labels[0].value", "pattern"),
        (_nul, "$.asks[0].labels[0].value", "text"),
        (_half_a_character, "$.asks[0].labels[0].title.en", "text"),
        (_not_taken_yet, "$.asks[0].type", "type_not_taken"),
        (_unknown_type, "$.asks[0].type", "type_unknown"),
    ],
)
def test_it_names_the_place(change: Callable[[dict[str, object]], None], path: str, code: str) -> None:
    body = reviews()
    change(body)
    assert paths(body) == [(path, code)]


@pytest.mark.parametrize("body", [None, 1, "x", [], {}, {"shows": 1, "asks": 1}, {"shows": [1], "asks": [1]}])
def test_it_survives_anything(body: object) -> None:
    assert validate_schema(body)


def test_it_names_what_is_unknown() -> None:
    body = reviews()
    _unknown_entry(body)
    assert str(validate_schema(body)[0]) == "$.asks[0]: unknown entry: colour."


# One example for each modality that is to come: how it is laid out in the same form.
TEXT = {"name": "one", "type": "text", "field": "$text"}
OTHER = {"name": "two", "type": "text", "field": "$other"}
IMAGE = {"name": "one", "type": "image", "field": "$image"}
AUDIO = {"name": "one", "type": "audio", "field": "$sound"}
VIDEO = {"name": "one", "type": "video", "field": "$film", "frame_rate": 5}
SERIES = {"name": "one", "type": "timeseries", "field": "$csv", "time_column": "t"}
TALK = {"name": "one", "type": "paragraphs", "field": "$turns", "name_key": "who", "text_key": "said"}
ITEMS = {"name": "one", "type": "list", "field": "$items"}
LABELS = [{"value": "a"}, {"value": "b"}]
TO_COME = [
    ([TEXT], {"type": "taxonomy", "labels": [{"value": "Animal", "children": [{"value": "Bird"}]}]}),
    ([TEXT], {"type": "rating", "steps": 5, "lowest": {"en": "Never"}, "highest": {"en": "Always"}}),
    ([TEXT], {"type": "number", "min": 0, "max": 10, "step": "0.5"}),
    ([TEXT], {"type": "datetime", "only": "date"}),
    ([TEXT], {"type": "labels", "labels": LABELS}),
    ([TEXT], {"type": "relation", "labels": LABELS}),
    ([TEXT, OTHER], {"type": "pairwise", "to": ["one", "two"]}),
    ([ITEMS], {"type": "ranker", "buckets": LABELS}),
    ([IMAGE], {"type": "rectanglelabels", "labels": LABELS}),
    ([IMAGE], {"type": "ellipselabels", "labels": LABELS}),
    ([IMAGE], {"type": "polygonlabels", "labels": LABELS}),
    ([IMAGE], {"type": "keypointlabels", "labels": LABELS, "skeleton": [["a", "b"]]}),
    ([IMAGE], {"type": "brushlabels", "labels": LABELS}),
    ([AUDIO], {"type": "labels", "labels": LABELS}),
    ([AUDIO], {"type": "recording", "longest_seconds": 30}),
    ([VIDEO], {"type": "videorectangle", "labels": LABELS}),
    ([SERIES], {"type": "timeserieslabels", "labels": LABELS}),
    ([TALK], {"type": "paragraphlabels", "labels": LABELS}),
]


@pytest.mark.parametrize(
    ("shows", "ask"), TO_COME, ids=lambda part: part["type"] if isinstance(part, dict) else ""
)
def test_other_modalities_have_the_same_form(shows: list[JSONValue], ask: dict[str, object]) -> None:
    body = {"shows": shows, "asks": [{"name": "it", "to": "one", "required": True, **ask}]}
    found = validate_schema(copy.deepcopy(body))
    assert found
    assert {one.code for one in found} == {"type_not_taken"}
