"""Consensus, agreement and reliability of judgements, in plain numpy: usable without Django, without a
database.

>>> rows = [("t1", "ana", "yes"), ("t1", "bea", "yes"), ("t1", "cho", "no"), ("t2", "ana", "no")]
>>> judgements = judgements_from_rows(rows)
>>> [judgements.labels[label] for label in majority_vote(judgements).label]
['yes', 'no']
"""

from palabre.quality.statistics.confusion import ConfusedLabels, label_confusion, most_confused
from palabre.quality.statistics.dawid_skene import DawidSkene, dawid_skene
from palabre.quality.statistics.errors import StatisticsError
from palabre.quality.statistics.intervals import Interval, wilson_bounds, wilson_interval
from palabre.quality.statistics.judgements import (
    Judgements,
    JudgementsBuilder,
    judgements_from_columns,
    judgements_from_rows,
)
from palabre.quality.statistics.krippendorff import Alpha, alpha_interval, krippendorff_alpha
from palabre.quality.statistics.majority import Consensus, majority_vote
from palabre.quality.statistics.reliability import Reliability, member_reliability
from palabre.quality.statistics.several_labels import binary_questions
from palabre.quality.statistics.votes import Tally, entropy, most_disputed, tally, vote_table

__all__ = [
    "Alpha",
    "ConfusedLabels",
    "Consensus",
    "DawidSkene",
    "Interval",
    "Judgements",
    "JudgementsBuilder",
    "Reliability",
    "StatisticsError",
    "Tally",
    "alpha_interval",
    "binary_questions",
    "dawid_skene",
    "entropy",
    "judgements_from_columns",
    "judgements_from_rows",
    "krippendorff_alpha",
    "label_confusion",
    "majority_vote",
    "member_reliability",
    "most_confused",
    "most_disputed",
    "tally",
    "vote_table",
    "wilson_bounds",
    "wilson_interval",
]
