"""The label that most members gave."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palabre.quality.statistics.judgements import FloatArray, IndexArray, Judgements
from palabre.quality.statistics.votes import Tally, tally


@dataclass(frozen=True, slots=True, eq=False)
class Consensus:
    """One label for each of T tasks, in the order of the judgements' task table.

    Attributes:
        label: (T,) index into the label table.
        confidence: (T,) in 0..1; the method says what it means.
        judged: (T,) judgements that the label rests on.
        tied: (T,) whether another label did as well, and the order of the labels decided.
    """

    label: IndexArray
    confidence: FloatArray
    judged: IndexArray
    tied: npt.NDArray[np.bool_]


def majority_vote(judgements: Judgements) -> Consensus:
    """Takes for each task the label with the most votes.

    Idea: every vote counts the same. Confidence is the label's share of the task's votes: simple to explain,
    but blind to who voted; `dawid_skene` weighs members by how they judge.

    Edge case: of labels with equally many votes, the first in the label table is taken, and the task is
    marked as tied. So the result doesn't depend on chance or on the order of the rows, and one can see what
    was close.

    >>> from palabre.quality.statistics import judgements_from_rows
    >>> rows = [("t1", 1, "b"), ("t1", 2, "b"), ("t1", 3, "a"), ("t2", 1, "b"), ("t2", 2, "a")]
    >>> judgements = judgements_from_rows(rows)
    >>> consensus = majority_vote(judgements)
    >>> [judgements.labels[label] for label in consensus.label]
    ['b', 'a']
    >>> consensus.confidence.round(3).tolist(), consensus.tied.tolist()
    ([0.667, 0.5], [False, True])
    """
    counted = tally(judgements)
    most, at_top = top_votes(counted)
    winners = np.flatnonzero(at_top)
    first_of_task = np.unique(counted.task[winners], return_index=True)[1]
    tops = np.bincount(counted.task[winners], minlength=len(counted.judged))
    return Consensus(
        label=counted.label[winners[first_of_task]],
        confidence=most / counted.judged,
        judged=counted.judged,
        tied=tops > 1,
    )


def top_votes(counted: Tally) -> tuple[IndexArray, npt.NDArray[np.bool_]]:
    """The most votes that a label has on each task (T,), and which entries have that many (E,)."""
    if not len(counted.first):
        return counted.votes, np.zeros(0, dtype=np.bool_)
    most = np.maximum.reduceat(counted.votes, counted.first)
    return most, counted.votes == most[counted.task]
