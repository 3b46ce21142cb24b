import math
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.quality.statistics import (
    DawidSkene,
    Judgements,
    StatisticsError,
    dawid_skene,
    judgements_from_columns,
    judgements_from_rows,
    majority_vote,
)
from palabre.quality.statistics.dawid_skene import LEAST
from palabre.quality.statistics.layout import WIDTH
from tests.quality.statistics.campaigns import Row, answers, campaign, rows_of

Oracle = tuple[npt.NDArray[np.float64], list[float], dict[tuple[int, int, int], float], float]


def in_loops(judgements: Judgements, iterations: int) -> Oracle:
    """Dawid and Skene's equations, number by number: posterior, priors, errors[m, c, k], log likelihood."""
    rows = list(
        zip(judgements.task.tolist(), judgements.member.tolist(), judgements.label.tolist(), strict=True)
    )
    labels, tasks = range(len(judgements.labels)), range(len(judgements.tasks))
    judged = [sum(row[0] == task for row in rows) for task in tasks]
    posterior = np.zeros((len(tasks), len(labels)))
    for task, _, label in rows:
        posterior[task, label] += 1 / judged[task]
    priors, errors = maximised(rows, posterior)
    likelihood = -math.inf
    for _ in range(iterations):
        likelihood = 0.0
        for task in tasks:
            logs = [
                math.log(max(priors[true], LEAST))
                + sum(math.log(errors[member, true, label]) for t, member, label in rows if t == task)
                for true in labels
            ]
            scale = max(logs)
            total = math.fsum(math.exp(log - scale) for log in logs)
            posterior[task] = [math.exp(log - scale) / total for log in logs]
            likelihood += scale + math.log(total)
        priors, errors = maximised(rows, posterior)
    return posterior, priors, errors, likelihood


def maximised(
    rows: list[tuple[int, int, int]], posterior: npt.NDArray[np.float64]
) -> tuple[list[float], dict[tuple[int, int, int], float]]:
    priors = [math.fsum(column) / len(posterior) for column in posterior.T]
    errors: dict[tuple[int, int, int], float] = {}
    for true in range(posterior.shape[1]):
        sums: dict[tuple[int, int], list[float]] = {}
        for task, member, label in rows:
            sums.setdefault((member, label), []).append(posterior[task, true])
        counts = {pair: max(math.fsum(values), LEAST) for pair, values in sums.items()}
        for (member, label), value in counts.items():
            hers = math.fsum(count for (other, _), count in counts.items() if other == member)
            errors[member, true, label] = value / hers
    return priors, errors


def assert_same(model: DawidSkene, oracle: Oracle) -> None:
    posterior, priors, errors, likelihood = oracle
    np.testing.assert_allclose(model.posterior, posterior, rtol=0, atol=1e-9)
    np.testing.assert_allclose(model.priors, priors, rtol=0, atol=1e-9)
    assert model.log_likelihoods[-1] == pytest.approx(likelihood, rel=1e-9, abs=1e-9)
    for (member, true, label), probability in errors.items():
        assert model.confusion(member)[true, label] == pytest.approx(probability, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_it_equals_the_equations_in_loops(seed: int) -> None:
    judgements = campaign(seed)
    assert_same(dawid_skene(judgements, max_iterations=20, tolerance=-math.inf), in_loops(judgements, 20))


@pytest.mark.parametrize("overlap", [WIDTH, WIDTH + 1, 3 * WIDTH + 5])
def test_it_equals_the_equations_when_tasks_have_many_judgements(overlap: int) -> None:
    judgements = campaign(overlap, tasks=25, members=overlap, overlap=overlap)
    assert_same(dawid_skene(judgements, max_iterations=6, tolerance=-math.inf), in_loops(judgements, 6))


@given(answers)
def test_it_equals_the_equations_for_any_answers(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    assert_same(dawid_skene(judgements, max_iterations=3, tolerance=-math.inf), in_loops(judgements, 3))


@given(answers, st.randoms())
def test_the_order_of_rows_changes_nothing_to_the_last_bit(rows: list[Row], random: Random) -> None:
    model = dawid_skene(judgements_from_rows(rows))
    shuffled = dawid_skene(judgements_from_rows(random.sample(rows, len(rows))))
    assert shuffled.posterior.tobytes() == model.posterior.tobytes()
    assert shuffled.log_likelihoods == model.log_likelihoods


@given(answers, st.permutations(["x", "y", "z"]), st.permutations("abcdefgh"))
def test_names_do_not_matter(rows: list[Row], labels: list[str], tasks: list[str]) -> None:
    label_of = dict(zip("xyz", labels, strict=True))
    task_of = dict(zip("abcdefgh", tasks, strict=True))
    before = judgements_from_rows(rows)
    after = judgements_from_rows([(task_of[t], member[::-1], label_of[k]) for t, member, k in rows])
    # Few iterations: where two solutions are equally good, rounding decides, and further ones follow it.
    posterior = dawid_skene(before, max_iterations=4, tolerance=-math.inf).posterior
    renamed = dawid_skene(after, max_iterations=4, tolerance=-math.inf).posterior
    order_of_tasks = [after.tasks.index(task_of[task]) for task in before.tasks]
    order_of_labels = [after.labels.index(label_of[label]) for label in before.labels]
    np.testing.assert_allclose(renamed[np.ix_(order_of_tasks, order_of_labels)], posterior, atol=1e-8)


@given(answers)
def test_posteriors_are_probabilities_and_rows_of_confusions_too(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    model = dawid_skene(judgements)
    np.testing.assert_allclose(model.posterior.sum(axis=1), 1)
    assert model.posterior.min() >= 0
    for member in range(len(judgements.members)):
        np.testing.assert_allclose(model.confusion(member).sum(axis=1), 1)


@given(answers)
def test_the_likelihood_never_falls(rows: list[Row]) -> None:
    model = dawid_skene(judgements_from_rows(rows), tolerance=-math.inf, max_iterations=30)
    # LEAST holds counts off zero, which can cost a hair of likelihood.
    assert np.diff(model.log_likelihoods).min() > -1e-6


@given(answers)
def test_a_single_member_is_believed(rows: list[Row]) -> None:
    hers = judgements_from_rows([row for row in rows if row[1] == rows[0][1]])
    consensus = dawid_skene(hers).consensus()
    assert [hers.labels[k] for k in consensus.label] == [label for _, _, label in rows_of(hers)]


def test_agreement_of_all_is_the_majority() -> None:
    rows = [
        (task, member, "xyz"[task % 3]) for task in range(9) for member in range(4) if (task + member) % 4
    ]
    judgements = judgements_from_rows(rows)
    consensus = dawid_skene(judgements).consensus()
    assert consensus.label.tolist() == majority_vote(judgements).label.tolist()
    assert consensus.confidence.min() > 0.999


def test_one_label_alone_is_certain() -> None:
    consensus = dawid_skene(judgements_from_rows([(1, "ana", "x"), (2, "bea", "x")])).consensus()
    assert consensus.confidence.tolist() == [1.0, 1.0]


def test_ties_go_to_the_first_label_and_are_marked() -> None:
    judgements = judgements_from_rows([(1, "ana", "x"), (1, "bea", "y"), (2, "ana", "y"), (2, "bea", "x")])
    consensus = dawid_skene(judgements).consensus()
    assert consensus.label.tolist() == [0, 0]
    assert consensus.tied.tolist() == [True, True]


def test_labels_nobody_gave_stay_at_zero() -> None:
    columns = (["a", "b", "b"], ["ana", "ana", "bea"], ["x", "y", "x"])
    with_unused = dawid_skene(judgements_from_columns(*columns, label_order=["u", "x", "v", "y"]))
    plain = dawid_skene(judgements_from_columns(*columns))
    np.testing.assert_array_equal(with_unused.posterior[:, [1, 3]], plain.posterior)
    assert not with_unused.posterior[:, [0, 2]].any()
    np.testing.assert_array_equal(with_unused.confusion(0)[np.ix_([1, 3], [1, 3])], plain.confusion(0))


def test_thousands_of_judgements_on_one_task_neither_vanish_nor_overflow() -> None:
    rng = np.random.default_rng(7)
    rows = [("crowded", member, "xxy"[rng.integers(3)]) for member in range(5000)]
    rows += [(f"t{task}", member, "xy"[task % 2]) for task in range(4) for member in range(task, 5000, 4)]
    model = dawid_skene(judgements_from_rows(rows))
    assert np.isfinite(model.posterior).all()
    assert np.isfinite(model.log_likelihoods).all()
    assert model.consensus().label[0] == 0


def test_a_contrary_member_is_read_in_reverse() -> None:
    judgements = campaign(3, tasks=300, labels=2, overlap=8)
    contrary = [(t, m, {"k0": "k1", "k1": "k0"}[k] if m == "m00" else k) for t, m, k in rows_of(judgements)]
    model = dawid_skene(judgements_from_rows(contrary))
    straight = dawid_skene(judgements)
    np.testing.assert_allclose(model.confusion(0)[:, ::-1], straight.confusion(0), atol=0.05)


def test_it_stops_when_the_likelihood_stands_still_or_at_the_limit() -> None:
    judgements = campaign(5)
    settled = dawid_skene(judgements)
    assert settled.converged
    assert settled.iterations < 100
    cut = dawid_skene(judgements, max_iterations=2)
    assert (cut.converged, cut.iterations) == (False, 2)


def test_finding_labels_better_than_the_majority_when_members_differ() -> None:
    rng = np.random.default_rng(11)
    truth = rng.integers(3, size=1500)
    good = np.arange(30) < 8
    rows = []
    for task, true in enumerate(truth):
        for member in rng.choice(30, size=5, replace=False):
            right = rng.random() < (0.95 if good[member] else 0.4)
            rows.append((task, int(member), int(true if right else (true + rng.integers(1, 3)) % 3)))
    judgements = judgements_from_columns(*np.array(rows).T)
    by_model = (dawid_skene(judgements).consensus().label == truth).mean()
    by_majority = (majority_vote(judgements).label == truth).mean()
    assert by_model > by_majority + 0.05


@pytest.mark.parametrize(
    ("rows", "iterations", "code"), [([], 10, "no_judgements"), ([("t", "m", "x")], 0, "no_iterations")]
)
def test_refusals(rows: list[Row], iterations: int, code: str) -> None:
    with pytest.raises(StatisticsError) as refused:
        dawid_skene(judgements_from_rows(rows), max_iterations=iterations)
    assert refused.value.code == code


def test_a_table_beyond_memory_is_refused_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("palabre.quality.statistics.votes.MOST_CELLS", 5)
    with pytest.raises(StatisticsError) as refused:
        dawid_skene(judgements_from_rows([(1, "ana", "x"), (2, "ana", "y"), (3, "ana", "z")]))
    assert refused.value.fields == {"labels": 3, "tasks": 3, "most_cells": 5}
