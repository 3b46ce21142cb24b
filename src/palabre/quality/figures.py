"""Agreement figures as the JSON that is stored, from judgements. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from palabre.quality import statistics
from palabre.quality.judgements import one_label, whole_sets, yes_or_no
from palabre.quality.queries import Answers
from palabre.quality.questions import Asked
from palabre.quality.statistics import Judgements, StatisticsError
from palabre.quality.statistics.judgements import FloatArray, IndexArray
from palabre.record.canonical import Json

MOST_DISPUTED = 50
MOST_CONFUSED = 50
MOST_LABELS = 30
# Where the bands of confidence end.
SURE = (0.5, 0.7, 0.9, 0.99)
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
        "agreed": [] if question.several else _agreed(judgements),
        "by_label": _by_label(answers, question, seed),
    }


def sure_json(confidence: FloatArray) -> list[Json]:
    """How sure the consensus of the tasks is: how many lie in each of the bands, the least sure first."""
    ends = [0.0, *SURE, np.nextafter(1.0, 2.0)]
    counts = np.histogram(confidence, bins=ends)[0]
    return [
        {"from": low, "below": high, "tasks": count}
        for low, high, count in zip([0.0, *SURE], [*SURE, None], counts.tolist(), strict=True)
    ]


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


def _agreed(judgements: Judgements) -> list[Json]:
    """For each label, the pairs of judgements of one task that both say it."""
    pairs = statistics.label_confusion(judgements).diagonal().tolist()
    return [{"label": label, "pairs": count} for label, count in zip(judgements.labels, pairs, strict=True)]


def _by_label(answers: Answers, question: Asked, seed: int) -> list[Json]:
    """Agreement on "does this label apply?", for each label, as long as they are few enough to be read."""
    if len(question.labels) > MOST_LABELS:
        return []
    found = {label: agreement(judgements, seed) for label, judgements in yes_or_no(answers, question).items()}
    return [
        {
            "label": label,
            "tasks": agreed.tasks,
            "alpha": agreed.alpha,
            "alpha_low": agreed.low,
            "alpha_high": agreed.high,
        }
        for label, agreed in found.items()
    ]


def _votes(judgements: Judgements, task: int) -> dict[str, Json]:
    begin, end = np.searchsorted(judgements.task, [task, task + 1])
    return _counted(judgements.label[begin:end], judgements.labels)


def _counted(labels: IndexArray, names: Sequence[str]) -> dict[str, Json]:
    numbers, votes = np.unique(labels, return_counts=True)
    return {names[label]: count for label, count in zip(numbers.tolist(), votes.tolist(), strict=True)}
