from random import Random

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from palabre.quality.statistics import (
    Interval,
    Judgements,
    alpha_interval,
    judgements_from_rows,
    krippendorff_alpha,
)
from tests.quality.statistics.campaigns import Row, answers, campaign, rows_of

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): the reliability data of section C.
PUBLISHED = {
    "A": "123321412...",
    "B": "1233224125..",
    "C": ".33323422513",
    "D": "12332441251.",
}


def published(rows_of_observers: dict[str, str]) -> Judgements:
    return judgements_from_rows(
        (unit, observer, value)
        for observer, values in rows_of_observers.items()
        for unit, value in enumerate(values)
        if value != "."
    )


def by_the_package(judgements: Judgements) -> float:
    """The same by another implementation: members by tasks, NaN where nothing was said."""
    table = np.full((len(judgements.members), len(judgements.tasks)), np.nan)
    table[judgements.member, judgements.task] = judgements.label
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


def test_the_published_nominal_example() -> None:
    alpha = krippendorff_alpha(published(PUBLISHED))
    assert alpha.value == pytest.approx(0.743, abs=0.0005)
    assert (alpha.tasks, alpha.judgements) == (11, 40)


def test_the_published_binary_example() -> None:
    # Section A.
    alpha = krippendorff_alpha(published({"Meg": "0100000010", "Owen": "1110010000"}))
    assert alpha.value == pytest.approx(0.095, abs=0.0005)


def test_the_published_example_of_two_observers() -> None:
    # Section B: five values, nothing missing.
    alpha = krippendorff_alpha(published({"Ben": "aabbdcccedda", "Gerry": "babbbccceddd"}))
    assert alpha.value == pytest.approx(0.692, abs=0.0005)


@given(answers)
def test_it_equals_another_implementation(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    alpha = krippendorff_alpha(judgements)
    assume(alpha.value is not None)
    assert alpha.value == pytest.approx(by_the_package(judgements), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_another_implementation_on_larger_campaigns(seed: int) -> None:
    judgements = campaign(seed, tasks=400, members=30, labels=6, overlap=9)
    assert krippendorff_alpha(judgements).value == pytest.approx(by_the_package(judgements), abs=1e-12)


@given(answers, st.randoms(), st.permutations(["x", "y", "z"]))
def test_neither_order_nor_names_matter(rows: list[Row], random: Random, labels: list[str]) -> None:
    label_of = dict(zip("xyz", labels, strict=True))
    renamed = [(task[::-1], f"member {member}", label_of[label]) for task, member, label in rows]
    alpha = krippendorff_alpha(judgements_from_rows(rows))
    assert krippendorff_alpha(judgements_from_rows(random.sample(renamed, len(rows)))).value == (
        alpha.value if alpha.value is None else pytest.approx(alpha.value, abs=1e-12)
    )


@given(answers)
def test_it_is_one_exactly_when_all_agree(rows: list[Row]) -> None:
    label_of_task = {task: label for task, _, label in rows}
    agreed = judgements_from_rows([(task, member, label_of_task[task]) for task, member, _ in rows])
    assert krippendorff_alpha(agreed).value in {1, None}
    assert krippendorff_alpha(agreed).observed == 0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("t1", "ana", "x"), ("t2", "bea", "y")],
        [("t1", "ana", "x"), ("t1", "bea", "x"), ("t2", "ana", "x"), ("t3", "bea", "y")],
    ],
    ids=["no judgement", "no task judged twice", "one label on all tasks judged twice"],
)
def test_it_is_undefined_without_variation(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    assert krippendorff_alpha(judgements).value is None
    assert alpha_interval(judgements, np.random.default_rng(1)) is None


def test_tasks_judged_once_do_not_count() -> None:
    judgements = campaign(2)
    alone = [(f"alone {number}", "m00", "k0") for number in range(50)]
    with_alone = judgements_from_rows(rows_of(judgements) + alone)
    assert krippendorff_alpha(with_alone) == krippendorff_alpha(judgements)


def test_the_interval_is_the_same_for_the_same_seed_and_any_order_of_rows() -> None:
    judgements = campaign(4)
    backwards = judgements_from_rows(reversed(rows_of(judgements)))
    one = alpha_interval(judgements, np.random.default_rng(9))
    assert one == alpha_interval(backwards, np.random.default_rng(9))
    assert one != alpha_interval(judgements, np.random.default_rng(10))


def drawn_one_by_one(judgements: Judgements, rng: np.random.Generator, resamples: int) -> Interval:
    """The bootstrap as it is told: draw tasks, compute alpha, again and again."""
    table = np.full((len(judgements.members), len(judgements.tasks)), np.nan)
    table[judgements.member, judgements.task] = judgements.label
    table = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    alphas = []
    for _ in range(resamples):
        drawn = table[:, rng.integers(table.shape[1], size=table.shape[1])]
        alphas.append(krippendorff.alpha(reliability_data=drawn, level_of_measurement="nominal"))
    low, high = np.quantile(alphas, [0.025, 0.975])
    return Interval(float(low), float(high))


def test_the_interval_is_that_of_drawing_tasks_one_by_one() -> None:
    judgements = campaign(6, tasks=150)
    fast = alpha_interval(judgements, np.random.default_rng(1), resamples=20_000)
    slow = drawn_one_by_one(judgements, np.random.default_rng(2), resamples=3_000)
    assert fast is not None
    assert (fast.low, fast.high) == pytest.approx((slow.low, slow.high), abs=0.01)


def test_the_interval_holds_alpha_and_narrows_with_tasks_and_with_the_level() -> None:
    few, many = campaign(8, tasks=50), campaign(8, tasks=2000)
    value = krippendorff_alpha(many).value
    wide, narrow = (alpha_interval(judgements, np.random.default_rng(3)) for judgements in (few, many))
    half = alpha_interval(many, np.random.default_rng(3), level=0.5)
    assert value is not None
    assert wide is not None
    assert narrow is not None
    assert half is not None
    assert narrow.low < half.low < value < half.high < narrow.high
    assert narrow.high - narrow.low < (wide.high - wide.low) / 3


def test_kinds_of_votes_beyond_64_bits_and_blocks_of_resamples_change_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judgements = campaign(1, tasks=80, labels=40, members=40, overlap=20)
    assert len(judgements.labels) == 40
    whole = alpha_interval(judgements, np.random.default_rng(5), resamples=50)
    monkeypatch.setattr("palabre.quality.statistics.krippendorff.BLOCK_CELLS", 700)
    assert alpha_interval(judgements, np.random.default_rng(5), resamples=50) == whole
    slow = drawn_one_by_one(judgements, np.random.default_rng(6), resamples=500)
    fast = alpha_interval(judgements, np.random.default_rng(5), resamples=5000)
    assert fast is not None
    assert (fast.low, fast.high) == pytest.approx((slow.low, slow.high), abs=0.02)
