from collections import Counter

import numpy as np
import pytest
from hypothesis import given

from palabre.quality.statistics import judgements_from_rows, member_reliability, wilson_interval
from tests.quality.statistics.campaigns import Row, answers, campaign, rows_of


def by_hand(rows: list[Row], member: str) -> tuple[int, int]:
    """Her judgements that can be compared with a majority of the others, and those that agree with it."""
    compared = agreed = 0
    for task, who, label in rows:
        others = Counter(said for t, other, said in rows if t == task and other != member).most_common(2)
        if who != member or not others or (len(others) == 2 and others[0][1] == others[1][1]):
            continue
        compared += 1
        agreed += others[0][0] == label
    return compared, agreed


def check(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    reliability = member_reliability(judgements)
    for place, member in enumerate(judgements.members):
        compared, agreed = by_hand(rows, member)
        assert (reliability.compared[place], reliability.agreed[place]) == (compared, agreed)
        assert reliability.judged[place] == sum(row[1] == member for row in rows)
        interval = wilson_interval(agreed, compared)
        assert (reliability.low[place], reliability.high[place]) == (interval.low, interval.high)


@given(answers)
def test_her_own_vote_is_left_out_of_the_majority(rows: list[Row]) -> None:
    check(rows)


@pytest.mark.parametrize("seed", range(3))
def test_on_larger_campaigns_with_many_ties(seed: int) -> None:
    check(rows_of(campaign(seed, tasks=80, members=8, labels=3, overlap=7)))


def test_nothing_to_compare_is_not_a_share() -> None:
    reliability = member_reliability(judgements_from_rows([("t1", "ana", "x"), ("t2", "bea", "x")]))
    assert reliability.compared.tolist() == [0, 0]
    assert np.isnan(reliability.share).all()
    assert (reliability.low.tolist(), reliability.high.tolist()) == ([0, 0], [1, 1])


def test_two_who_differ_are_each_compared_with_the_other() -> None:
    reliability = member_reliability(judgements_from_rows([("t", "ana", "x"), ("t", "bea", "y")]))
    assert reliability.compared.tolist() == [1, 1]
    assert reliability.share.tolist() == [0, 0]


def test_without_judgements_there_is_nobody() -> None:
    assert member_reliability(judgements_from_rows([])).share.tolist() == []
