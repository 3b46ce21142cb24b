"""Which labels are mixed up, and which tasks are disputed."""

from collections import Counter
from itertools import combinations, pairwise
from math import log2

import pytest
from hypothesis import given

from palabre.quality.statistics import (
    entropy,
    judgements_from_rows,
    label_confusion,
    most_confused,
    most_disputed,
)
from tests.quality.statistics.campaigns import Row, answers


@given(answers)
def test_pairs_of_judgements_are_counted_once_each(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    confusion = label_confusion(judgements)
    pairs = Counter(
        tuple(sorted((one[2], other[2]))) for one, other in combinations(rows, 2) if one[0] == other[0]
    )
    for first, one in enumerate(judgements.labels):
        for second, other in enumerate(judgements.labels):
            assert confusion[first, second] == pairs[min(one, other), max(one, other)]


@given(answers)
def test_the_most_confused_come_first_and_shares_add_up(rows: list[Row]) -> None:
    confused = most_confused(judgements_from_rows(rows), 10)
    assert [pair.pairs for pair in confused] == sorted((pair.pairs for pair in confused), reverse=True)
    assert not confused or sum(pair.share for pair in confused) == pytest.approx(1)
    assert all(pair.first < pair.second and pair.pairs for pair in confused)


@given(answers)
def test_entropy_of_the_votes(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    for task, bits in zip(judgements.tasks, entropy(judgements), strict=True):
        votes = Counter(row[2] for row in rows if row[0] == task)
        shares = [count / votes.total() for count in votes.values()]
        assert bits == pytest.approx(-sum(share * log2(share) for share in shares), abs=1e-12)


@given(answers)
def test_the_most_disputed_come_first_and_undisputed_tasks_never(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    bits = entropy(judgements)
    listed = most_disputed(judgements, 100)
    assert len(listed) == sum(value > 0 for value in bits)
    assert all(bits[one] >= bits[other] - 1e-9 for one, other in pairwise(listed))
    assert most_disputed(judgements, 2).tolist() == listed[:2].tolist()


def test_of_equally_disputed_tasks_the_more_judged_then_the_first_come_first() -> None:
    split = [
        (task, member, "xy"[member % 2]) for task, n in (("a", 2), ("b", 4), ("c", 2)) for member in range(n)
    ]
    judgements = judgements_from_rows(split)
    assert [judgements.tasks[task] for task in most_disputed(judgements, 5)] == ["b", "a", "c"]


def test_without_judgements_nothing_is_disputed_or_confused() -> None:
    judgements = judgements_from_rows([])
    assert most_disputed(judgements, 5).tolist() == []
    assert most_confused(judgements, 5) == []
