"""Agreement figures as the JSON that is stored, from judgements. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from palabre.quality import statistics
from palabre.quality.judgements import one_label, whole_sets, yes_or_no
from palabre.quality.queries import Answers
from palabre.quality.questions import Asked
from palabre.quality.statistics import Judgements, StatisticsError
from palabre.quality.statistics.judgements import IndexArray
from palabre.record.canonical import Json

MOST_DISPUTED = 50
MOST_CONFUSED = 50
# Stored figures are rounded: more decimals would be noise.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Agreed:
    """Krippendorff's alpha of one question with its bootstrap interval; None where it is undefined."""

    tasks: int
    judgements: int
    alpha: float | None
    low: float | None
    high: float | None


def judged(answers: Answers, question: Asked) -> Judgements:
    """The judgements whose agreement is measured: labels, or whole sets of labels where several are named."""
    return whole_sets(answers, question) if question.several else one_label(answers, question)


def agreement(judgements: Judgements, seed: int) -> Agreed:
    """The same judgements and seed give the same figures to the last digit.

    With so many different sets of labels that no table of them fits, the interval is left out.
    """
    found = statistics.krippendorff_alpha(judgements)
    try:
        interval = statistics.alpha_interval(judgements, np.random.default_rng(seed))
    except StatisticsError as error:
        if error.code != "too_many_labels":
            raise
        interval = None
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Agreed(found.tasks, found.judgements, rounded(found.value), rounded(low), rounded(high))


def seed_of(project: UUID) -> int:
    """The seed of a project's bootstrap: a fixed one, so that anyone gets the same interval."""
    return project.int


def question_json(
    answers: Answers, question: Asked, judgements: Judgements, found: Agreed, seed: int
) -> dict[str, Json]:
    """One entry of `Agreement.confusion["questions"]`."""
    return {
        "name": question.name,
        "several": question.several,
        "tasks": found.tasks,
        "judgements": found.judgements,
        "alpha": found.alpha,
        "alpha_low": found.low,
        "alpha_high": found.high,
        "confused": [] if question.several else _confused(judgements),
        "by_label": _by_label(yes_or_no(answers, question), seed) if question.several else [],
    }


def disputed_json(judgements: Judgements) -> list[Json]:
    """The most disputed tasks with their votes, the most disputed first."""
    worst = statistics.most_disputed(judgements, MOST_DISPUTED)
    bits = statistics.entropy(judgements)
    return [
        {
            "task": int(judgements.tasks[task]),
            "bits": rounded(float(bits[task])),
            "votes": _votes(judgements, int(task)),
        }
        for task in worst
    ]


def reliability_json(judgements: Judgements, members: Sequence[UUID]) -> list[Json]:
    """Each member's agreement with the majority of the others, in the order of their ids."""
    found = statistics.member_reliability(judgements)
    return [
        {
            "member": str(members[int(member)]),
            "judged": int(found.judged[place]),
            "compared": int(found.compared[place]),
            "agreed": int(found.agreed[place]),
            "share": rounded(float(found.share[place])) if found.compared[place] else None,
            "low": rounded(float(found.low[place])),
            "high": rounded(float(found.high[place])),
        }
        for place, member in enumerate(judgements.members)
    ]


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


def _confused(judgements: Judgements) -> list[Json]:
    return [
        {
            "first": judgements.labels[pair.first],
            "second": judgements.labels[pair.second],
            "pairs": pair.pairs,
            "share": rounded(pair.share),
        }
        for pair in statistics.most_confused(judgements, MOST_CONFUSED)
    ]


def _by_label(asked: Mapping[str, Judgements], seed: int) -> list[Json]:
    found = {label: agreement(judgements, seed) for label, judgements in asked.items()}
    return [{"label": label, "alpha": agreed.alpha} for label, agreed in found.items()]


def _votes(judgements: Judgements, task: int) -> dict[str, Json]:
    begin, end = np.searchsorted(judgements.task, [task, task + 1])
    return _counted(judgements.label[begin:end], judgements.labels)


def _counted(labels: IndexArray, names: Sequence[str]) -> dict[str, Json]:
    numbers, votes = np.unique(labels, return_counts=True)
    return {names[label]: count for label, count in zip(numbers.tolist(), votes.tolist(), strict=True)}
