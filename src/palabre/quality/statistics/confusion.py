"""Which labels members mix up with one another."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palabre.quality.statistics.judgements import Judgements
from palabre.quality.statistics.votes import vote_table


@dataclass(frozen=True, slots=True)
class ConfusedLabels:
    """Two labels given to the same task.

    Attributes:
        first, second: indices into the label table, first < second.
        pairs: pairs of judgements of one task, one saying `first`, the other `second`.
        share: of all pairs of judgements that disagree.
    """

    first: int
    second: int
    pairs: int
    share: float


def label_confusion(judgements: Judgements) -> npt.NDArray[np.int64]:
    """(K, K) pairs of judgements of one task by the labels that they give, each pair counted once; symmetric.

    The diagonal holds pairs that agree. Sums to all pairs over the diagonal and one of its sides. A task
    with n judgements has n * (n - 1) / 2 pairs, so tasks with many judgements weigh more.

    Raises:
        StatisticsError: `too_many_labels` (see `vote_table`).
    """
    votes = vote_table(judgements)
    pairs = votes @ votes.T
    agreeing = (votes * (votes - 1)).sum(axis=1) / 2
    np.fill_diagonal(pairs, agreeing)
    return pairs.astype(np.int64)


def most_confused(judgements: Judgements, limit: int) -> list[ConfusedLabels]:
    """The pairs of labels that disagreements are about, the most frequent first, at most `limit`.

    >>> from palabre.quality.statistics import judgements_from_rows
    >>> votes = [(1, "xyy"), (2, "xz"), (3, "xx")]
    >>> rows = [(task, member, label) for task, labels in votes for member, label in enumerate(labels)]
    >>> judgements = judgements_from_rows(rows)
    >>> [(judgements.labels[c.first] + judgements.labels[c.second], c.pairs, round(c.share, 2))
    ...  for c in most_confused(judgements, 3)]
    [('xy', 2, 0.67), ('xz', 1, 0.33)]
    """
    first, second = np.triu_indices(len(judgements.labels), k=1)
    pairs = label_confusion(judgements)[first, second]
    total = int(pairs.sum())
    order = np.argsort(-pairs, kind="stable")
    return [
        ConfusedLabels(int(first[place]), int(second[place]), int(pairs[place]), int(pairs[place]) / total)
        for place in order[:limit]
        if pairs[place]
    ]
