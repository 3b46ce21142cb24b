"""Answers that may name several labels, as one yes-or-no question for each label."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from palabre.quality.statistics.errors import StatisticsError
from palabre.quality.statistics.judgements import Id, Judgements, judgements_from_columns

NO, YES = "no", "yes"


def binary_questions(
    answers: Iterable[tuple[Id, Id, Collection[str]]], labels: Sequence[str]
) -> Mapping[str, Judgements]:
    """For each label, the judgements on "does this label apply?", from (task, member, labels chosen) answers.

    Idea: a member who may choose several labels answers a question for each of them: yes for those that she
    chose, no for the others (binary relevance). Each question then has its own consensus, agreement and
    reliabilities; the consensus of a task is the labels whose question is answered yes. Labels are taken to
    be independent of one another; what goes together is not learned, and labels found one by one may make a
    set that nobody gave.

    Edge cases: choosing nothing is an answer, no to every label. A label nobody chose still has its question.

    Source: G. Tsoumakas, I. Katakis, Multi-Label Classification: An Overview, International Journal of Data
    Warehousing and Mining 3 (2007), 1-13.

    Raises:
        StatisticsError: `unknown_label` for a label that is not among `labels`.

    >>> from palabre.quality.statistics import majority_vote
    >>> answers = [("t1", "ana", ["food", "staff"]), ("t1", "bea", ["food"]), ("t1", "cho", ["staff"])]
    >>> questions = binary_questions(answers, ["food", "staff", "room"])
    >>> {label: YES == asked.labels[majority_vote(asked).label[0]] for label, asked in questions.items()}
    {'food': True, 'staff': True, 'room': False}
    """
    rows = list(answers)
    place = {label: number for number, label in enumerate(labels)}
    chosen = np.zeros((len(labels), len(rows)), dtype=np.intp)
    for number, (_, _, names) in enumerate(rows):
        for name in names:
            if name not in place:
                raise StatisticsError("unknown_label", label=name)
            chosen[place[name], number] = 1
    tasks, members = [row[0] for row in rows], [row[1] for row in rows]
    return {
        label: judgements_from_columns(tasks, members, np.array([NO, YES])[said], label_order=(NO, YES))
        for label, said in zip(labels, chosen, strict=True)
    }
