from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.quality.statistics import (
    JudgementsBuilder,
    StatisticsError,
    judgements_from_columns,
    judgements_from_rows,
)
from tests.quality.statistics.campaigns import Row, answers, rows_of


@given(answers)
def test_rows_come_back(rows: list[Row]) -> None:
    assert sorted(rows) == rows_of(judgements_from_rows(rows))


@given(answers, st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[Row], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    assert rows_of(judgements_from_rows(shuffled)) == rows_of(judgements_from_rows(rows))


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 4), st.integers(0, 3)), max_size=60))
def test_integer_columns_give_what_rows_give(rows: list[tuple[int, int, int]]) -> None:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    by_column, by_row = judgements_from_columns(*columns), judgements_from_rows(rows)
    assert sorted(rows_of(by_column)) == rows_of(by_row)
    assert by_column.replaced == by_row.replaced
    assert by_column.labels == by_row.labels


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.int64])
def test_integer_columns_of_any_width_and_range(dtype: type[np.integer[Any]]) -> None:
    limits = np.iinfo(dtype)
    column = np.array([limits.max, limits.min, limits.max], dtype=dtype)
    judgements = judgements_from_columns(column, np.array([1, 1, 2]), ["x", "y", "x"])
    assert judgements.tasks == (str(limits.min), str(limits.max))


def test_ids_are_compared_as_written() -> None:
    judgements = judgements_from_rows(
        [("8", "a", "x"), ("8.0", "a", "x"), (8, "b", "x"), (" 8", "a", "x"), ("é", "a", "x")]
    )
    assert judgements.tasks == (" 8", "8", "8.0", "é")
    assert len(judgements) == 5


def test_the_last_answer_of_a_member_counts_and_the_others_are_counted() -> None:
    rows = [
        ("t1", "ana", "x"),
        ("t2", "ana", "x"),
        ("t1", "ana", "y"),
        ("t1", "bea", "x"),
        ("t1", "ana", "z"),
    ]
    judgements = judgements_from_rows(rows)
    assert rows_of(judgements) == [("t1", "ana", "z"), ("t1", "bea", "x"), ("t2", "ana", "x")]
    assert judgements.replaced == 2


def test_a_label_order_is_kept_with_labels_nobody_gave() -> None:
    judgements = judgements_from_columns(["t"], ["m"], ["no"], label_order=["yes", "no", "unsure"])
    assert judgements.labels == ("yes", "no", "unsure")
    assert judgements.label.tolist() == [1]


def test_a_label_outside_the_order_is_refused() -> None:
    with pytest.raises(StatisticsError) as refused:
        judgements_from_columns(["t"], ["m"], ["maybe"], label_order=["yes", "no"])
    assert (refused.value.code, refused.value.fields) == ("unknown_label", {"label": "maybe"})


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(StatisticsError) as refused:
        judgements_from_columns(["t", "u"], ["m"], ["x"])
    assert refused.value.code == "unequal_columns"


def test_no_judgements_are_judgements_too() -> None:
    assert len(judgements_from_rows([])) == 0
    assert len(JudgementsBuilder().build()) == 0
    assert len(judgements_from_columns(np.empty(0, np.int64), [], [])) == 0


def test_a_builder_knows_the_order_in_which_tasks_came_and_can_go_on() -> None:
    builder = JudgementsBuilder()
    builder.add([("t2", "ana", "x"), ("t1", "ana", "x")])
    assert len(builder.build()) == 2
    builder.add([("t3", "ana", "x"), ("t2", "bea", "x")])
    assert builder.tasks_as_seen() == ("t2", "t1", "t3")
    assert len(builder.build()) == 4
