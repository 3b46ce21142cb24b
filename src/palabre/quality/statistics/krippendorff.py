"""Krippendorff's alpha: agreement beyond chance, for any number of members and with judgements missing."""

from dataclasses import dataclass

import numpy as np

from palabre.quality.statistics.intervals import LEVEL, Interval
from palabre.quality.statistics.judgements import FloatArray, IndexArray, Judgements
from palabre.quality.statistics.votes import tally, vote_table

# Cells of the table of resamples that is held at once (32 MB).
BLOCK_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Alpha:
    """Krippendorff's alpha and what it rests on.

    Attributes:
        value: 1 for perfect agreement, 0 for what chance would give, less for worse; None when undefined.
        tasks: tasks with at least two judgements; only they can agree or disagree.
        judgements: the judgements on them.
        observed, expected: the disagreement that there is, and that chance would give; both in 0..1.
    """

    value: float | None
    tasks: int
    judgements: int
    observed: float
    expected: float


def krippendorff_alpha(judgements: Judgements) -> Alpha:
    """Alpha for nominal labels.

    Idea: compares the disagreement between judgements of one task with the disagreement between judgements
    paired at random over all tasks: alpha = 1 - observed / expected. With n[u, c] votes for label c on task
    u, n[u] on the task, n[c] for the label and n in all, over the tasks with n[u] >= 2:

        observed = 1/n * sum over u of (n[u]^2 - sum over c of n[u, c]^2) / (n[u] - 1)
        expected = (n^2 - sum over c of n[c]^2) / (n * (n - 1))

    Edge cases: tasks with one judgement don't count. When a single label is used throughout, chance can't
    disagree either: alpha is undefined, and None, since without variation nothing is known about reliability.

    Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C.

    Its binary example (section A), ten tasks and two observers, has alpha 0.095:

    >>> from palabre.quality.statistics import judgements_from_rows
    >>> meg, owen = "0100000010", "1110010000"
    >>> rows = [(unit, who, said[unit]) for who, said in (("meg", meg), ("owen", owen)) for unit in range(10)]
    >>> alpha = krippendorff_alpha(judgements_from_rows(rows))
    >>> round(alpha.value, 3), alpha.tasks, alpha.judgements
    (0.095, 10, 20)
    """
    counted = tally(judgements)
    paired = counted.judged >= 2
    per_label = np.bincount(
        counted.label, counted.votes * paired[counted.task], minlength=len(judgements.labels)
    )
    disagreement = _disagreement(counted.judged, counted.sums(counted.votes**2))[paired].sum()
    n = int(counted.judged[paired].sum())
    expected = float(n * n - (per_label**2).sum()) / max(n * (n - 1), 1)
    observed = float(disagreement) / max(n, 1)
    value = 1 - observed / expected if expected else None
    return Alpha(value, int(paired.sum()), n, observed, expected)


def alpha_interval(
    judgements: Judgements, rng: np.random.Generator, *, resamples: int = 1000, level: float = LEVEL
) -> Interval | None:
    """Bootstrap interval of alpha over tasks: the middle `level` of the alphas of resampled campaigns.

    Idea: tasks are drawn again, with replacement, as many as there are with two or more judgements, each
    with all its judgements. Tasks with the same votes are interchangeable, so a resample is one multinomial
    draw over the kinds of votes that occur, and all resamples are two matrix products.

    Edge cases: resamples in which a single label is left have no alpha and are left out; None when alpha
    itself is undefined. This resamples tasks, as B. Efron, R. J. Tibshirani, An Introduction to the
    Bootstrap (1993), chapter 13, not pairs as Krippendorff's own algorithm does: pairs of one task are not
    independent of one another.

    Args:
        rng: the source of chance; the same seed and the same judgements give the same interval.

    Raises:
        StatisticsError: `too_many_labels` (see `vote_table`).
    """
    if krippendorff_alpha(judgements).value is None:
        return None
    kinds, tasks_of_kind = _kinds_of_votes(judgements)
    tasks = int(tasks_of_kind.sum())
    block = max(1, BLOCK_CELLS // len(tasks_of_kind))
    alphas = [
        _alphas(rng.multinomial(tasks, tasks_of_kind / tasks, size=min(block, resamples - done)), kinds)
        for done in range(0, resamples, block)
    ]
    tail = (1 - level) / 2
    low, high = np.quantile(np.concatenate(alphas), [tail, 1 - tail])
    return Interval(float(low), float(high))


def _disagreement(judged: IndexArray | FloatArray, squares: IndexArray | FloatArray) -> FloatArray:
    return np.asarray((judged * judged - squares) / np.maximum(judged - 1, 1), dtype=np.float64)


def _kinds_of_votes(judgements: Judgements) -> tuple[FloatArray, IndexArray]:
    """The different (K, G) columns of the vote table with two votes or more, and how many tasks have each."""
    votes = vote_table(judgements)
    votes = votes[:, votes.sum(axis=0) >= 2]
    radix = int(votes.max()) + 1
    keys, size = np.zeros(votes.shape[1], dtype=np.int64), 1
    for label_votes in votes:
        if size * radix >= 2**62:
            keys = np.unique(keys, return_inverse=True)[1]
            size = int(keys.max()) + 1
        keys = keys * radix + label_votes.astype(np.int64)
        size *= radix
    _, example, tasks = np.unique(keys, return_index=True, return_counts=True)
    return votes[:, example], tasks


def _alphas(drawn: IndexArray, kinds: FloatArray) -> FloatArray:
    """The alpha of each row of `drawn` (B, G), a resample's tasks of each kind; undefined ones left out."""
    tasks = drawn.astype(np.float64)
    per_label = tasks @ kinds.T
    n = per_label.sum(axis=1)
    disagreement = tasks @ _disagreement(kinds.sum(axis=0), (kinds**2).sum(axis=0))
    chance = n * n - (per_label**2).sum(axis=1)
    defined = chance > 0
    return np.asarray(1 - (n[defined] - 1) * disagreement[defined] / chance[defined], dtype=np.float64)
