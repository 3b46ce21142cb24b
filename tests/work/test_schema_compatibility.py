"""While members work, words may change and labels may be added; nothing else."""

from collections.abc import Callable

import pytest

from palabre.work.schemas import incompatibilities, shows_more
from tests.work.schema_bodies import REVIEWS, reviews
from tests.work.test_validate_schema import asks, labels


def test_words_may_change_and_labels_may_be_added() -> None:
    body = reviews()
    labels(body)[0] |= {"title": {"en": "Pleased"}, "hint": {"en": "Glad"}, "key": "p"}
    labels(body).insert(0, {"value": "unsure"})
    asks(body)[0]["title"] = {"en": "What is the mood?"}
    assert incompatibilities(REVIEWS, body) == []


def _label_gone(body: dict[str, object]) -> None:
    del labels(body)[0]


def _several(body: dict[str, object]) -> None:
    asks(body)[0]["choice"] = "multiple"


def _optional(body: dict[str, object]) -> None:
    asks(body)[0]["required"] = False


def _question_gone(body: dict[str, object]) -> None:
    del asks(body)[1]


def _moved(body: dict[str, object]) -> None:
    asks(body).reverse()


def _other_field(body: dict[str, object]) -> None:
    body["shows"] = [{"name": "review", "type": "text", "field": "$body"}]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_label_gone, "$.asks[0].labels"),
        (_several, "$.asks[0]"),
        (_optional, "$.asks[0]"),
        (_question_gone, "$.asks"),
        (_moved, "$.asks"),
        (_other_field, "$.shows"),
    ],
)
def test_it_names_the_change(change: Callable[[dict[str, object]], None], path: str) -> None:
    body = reviews()
    change(body)
    assert [found.path for found in incompatibilities(REVIEWS, body)] == [path]


def test_imported_tasks_have_the_fields_that_were_shown() -> None:
    body = reviews()
    _other_field(body)
    assert [found.path for found in shows_more(REVIEWS, body)] == ["$.shows[0].field"]
    assert shows_more(REVIEWS, REVIEWS) == []
