"""How often each member agrees with the others."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from palabre.quality.statistics.intervals import LEVEL, wilson_bounds
from palabre.quality.statistics.judgements import FloatArray, IndexArray, Judgements
from palabre.quality.statistics.majority import top_votes
from palabre.quality.statistics.votes import Tally, tally


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """For each of M members, in the order of the judgements' member table:

    Attributes:
        judged: (M,) her judgements.
        compared: (M,) those on tasks where the others had a majority: the n of the share.
        agreed: (M,) those that agreed with it.
        share: (M,) agreed / compared; NaN when nothing could be compared.
        low, high: (M,) Wilson interval of the share; 0 and 1 when nothing could be compared.
    """

    judged: IndexArray
    compared: IndexArray
    agreed: IndexArray
    share: FloatArray
    low: FloatArray
    high: FloatArray


def member_reliability(judgements: Judgements, *, level: float = LEVEL) -> Reliability:
    """Each member's agreement with the majority of the others.

    Idea: her own vote is taken out before the majority is counted, since with three votes a task she would
    otherwise partly agree with herself, and look better than she is.

    Edge cases: a judgement on a task where she is alone, or where the others are tied, can't be compared
    and is left out of n. Agreement is not correctness: who sees a hard task right can be alone with it.

    Source of the interval: E. B. Wilson (1927), see `wilson_interval`.

    >>> from palabre.quality.statistics import judgements_from_rows
    >>> t1, t2, t3 = {"ana": "y", "bea": "y", "cho": "n"}, {"ana": "y"}, {"ana": "n", "bea": "n"}
    >>> answers = enumerate((t1, t2, t3))
    >>> rows = [(task, member, said) for task, answer in answers for member, said in answer.items()]
    >>> reliability = member_reliability(judgements_from_rows(rows))
    >>> reliability.compared.tolist(), reliability.agreed.tolist()
    ([1, 1, 1], [1, 1, 0])

    On t1 the others of Ana are tied (y, n), and so are those of Bea, while those of Cho said y; on t2 Ana is
    alone; on t3 she and Bea agree.
    """
    agreed, differed = _compared_with_others(judgements)
    members = len(judgements.members)
    judged = np.bincount(judgements.member, minlength=members)
    agreements = np.bincount(judgements.member[agreed], minlength=members)
    compared = agreements + np.bincount(judgements.member[differed], minlength=members)
    low, high = wilson_bounds(agreements, compared, level=level)
    share = np.divide(agreements, compared, out=np.full(members, np.nan), where=compared > 0)
    return Reliability(judged, compared, agreements, share, low, high)


def _compared_with_others(judgements: Judgements) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which judgements (J,) agree with the majority of the task's other judgements, and which differ."""
    counted = tally(judgements)
    most, at_top = top_votes(counted)
    tops = np.bincount(counted.task[at_top], minlength=len(most))[judgements.task]
    best, second = most[judgements.task], _second_votes(counted, at_top)[judgements.task]
    with_top = _votes_for_her_label(judgements, counted) == best
    # Without her vote her label stays ahead if it led by two; another label leads if it alone had the most
    # votes, or if it alone was level with hers.
    agreed = with_top & (tops == 1) & (best - 1 > second)
    differed = (~with_top & (tops == 1)) | (with_top & (tops == 2))
    return agreed, differed


def _votes_for_her_label(judgements: Judgements, counted: Tally) -> IndexArray:
    n_labels = len(judgements.labels)
    entries = counted.task * n_labels + counted.label
    return counted.votes[np.searchsorted(entries, judgements.task * n_labels + judgements.label)]


def _second_votes(counted: Tally, at_top: npt.NDArray[np.bool_]) -> IndexArray:
    """(T,) the most votes of a label that is not at the top of its task; 0 when there is none."""
    if not len(counted.first):
        return counted.votes
    return np.maximum.reduceat(np.where(at_top, 0, counted.votes), counted.first)
