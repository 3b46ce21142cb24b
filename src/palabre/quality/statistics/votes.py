"""How often each label was given to each task: the ground of votes, entropy and agreement."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palabre.quality.statistics.errors import StatisticsError
from palabre.quality.statistics.judgements import FloatArray, IndexArray, Judgements

# A table of tasks by labels with more cells than this (2 GB of float64) is refused, not attempted.
MOST_CELLS = 250_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The votes as E entries (task, label, votes), sorted by task, then label; votes are at least 1.

    Attributes:
        task, label, votes: (E,) arrays.
        first: (T,) place of each task's first entry.
        judged: (T,) judgements of each task.
    """

    task: IndexArray
    label: IndexArray
    votes: IndexArray
    first: IndexArray
    judged: IndexArray

    def sums(self, per_entry: IndexArray) -> IndexArray:
        """(T,) sums of a value that each entry has."""
        return np.add.reduceat(per_entry, self.first) if len(self.first) else per_entry


def tally(judgements: Judgements) -> Tally:
    """Counts the votes, in one sort, whatever the number of labels."""
    n_labels = max(len(judgements.labels), 1)
    keys = np.sort(judgements.task * n_labels + judgements.label)
    begins = _begins(keys)
    task, label = np.divmod(keys[begins], n_labels)
    votes = np.diff(np.append(begins, len(keys)))
    judged = np.bincount(judgements.task, minlength=len(judgements.tasks))
    return Tally(task, label, votes, _begins(task), judged)


def vote_table(judgements: Judgements) -> FloatArray:
    """(K, T) votes for each label on each task.

    Raises:
        StatisticsError: `too_many_labels`, when the table would have more than MOST_CELLS cells.
    """
    labels, tasks = len(judgements.labels), len(judgements.tasks)
    if labels * tasks > MOST_CELLS:
        raise StatisticsError("too_many_labels", labels=labels, tasks=tasks, most_cells=MOST_CELLS)
    cells = judgements.label * tasks + judgements.task
    return np.bincount(cells, minlength=labels * tasks).reshape(labels, tasks).astype(np.float64)


def entropy(judgements: Judgements) -> FloatArray:
    """(T,) Shannon entropy of each task's votes, in bits: 0 when all agree, 1 when they split evenly in two.

    H = -sum over labels of p * log2(p), where p is the label's share of the task's votes.

    Source: C. E. Shannon, A Mathematical Theory of Communication, Bell System Technical Journal 27 (1948).
    """
    counted = tally(judgements)
    share = counted.votes / counted.judged[counted.task]
    surprise = np.abs(share * np.log2(share))
    return np.bincount(counted.task, surprise, minlength=len(counted.judged)).astype(np.float64)


def most_disputed(judgements: Judgements, limit: int) -> IndexArray:
    """Tasks that members disagree on, the most disputed first, at most `limit`.

    Order: the entropy of the votes, then the number of judgements, then the order of the tasks. A task with
    one judgement, or on which all agree, is not disputed and never listed.

    >>> from palabre.quality.statistics import judgements_from_rows
    >>> votes = [("a", "xx"), ("b", "xy"), ("c", "xxy")]
    >>> rows = [(task, member, label) for task, labels in votes for member, label in enumerate(labels)]
    >>> judgements = judgements_from_rows(rows)
    >>> [judgements.tasks[task] for task in most_disputed(judgements, 10)]
    ['b', 'c']
    """
    # Equal splits can differ in the last bit; rounding keeps the order from hanging on it.
    bits = np.round(entropy(judgements), 12)
    judged = np.bincount(judgements.task, minlength=len(judgements.tasks))
    order = np.lexsort((-judged, -bits))
    return order[bits[order] > 0][:limit]


def _begins(sorted_keys: npt.NDArray[np.intp]) -> IndexArray:
    """Where each run of equal keys begins."""
    changes = np.ones(len(sorted_keys), dtype=np.bool_)
    changes[1:] = sorted_keys[1:] != sorted_keys[:-1]
    return np.flatnonzero(changes)
