"""The consensus of a project's tasks as arrays: pure, from judgements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from palabre.quality import statistics
from palabre.quality.judgements import one_label, yes_or_no
from palabre.quality.queries import Answers
from palabre.quality.questions import Asked
from palabre.quality.statistics import Judgements
from palabre.quality.statistics.judgements import FloatArray, IndexArray
from palabre.quality.statistics.several_labels import YES


class Method(StrEnum):
    DAWID_SKENE = "dawid-skene"
    MAJORITY = "majority"


# Stored confidence is rounded to this many decimals, so that noise in the last bits rewrites no rows.
DECIMALS = 6
# With several labels: a set of labels that no member gave is at most this sure. Why: docs/decisions/013-reviews.md.
NOBODY_GAVE = 0.5

Labels = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found for T tasks.

    Attributes:
        task: (T,) task ids, ascending. answer: (T,) index into `answers`.
        confidence: (T,) in 0..1. judged: (T,) judgements of the task.
        answers: the different answers, as {question: [label, ...]}.
    """

    task: npt.NDArray[np.int64]
    answer: IndexArray
    confidence: FloatArray
    judged: IndexArray
    answers: tuple[Labels, ...]


def method_for(judgements: Judgements) -> Method:
    """Dawid–Skene where members can be compared with one another: from three of them on, with tasks that
    several judged. With less it would only be surer of itself than a vote."""
    several = len(judgements) > len(judgements.tasks)
    return Method.DAWID_SKENE if several and len(judgements.members) >= 3 else Method.MAJORITY


def consensus_of(answers: Answers, question: Asked, method: Method | None = None) -> tuple[Found, Method]:
    """The labels of each task that has an answer to `question`; `method` None: the one that fits.

    With several labels each is a question of its own, answered yes or no; confidence is the product of
    theirs, labels being taken as independent. Labels that are found one by one may make a set that no
    member gave as a whole: then it is at most `NOBODY_GAVE`.
    """
    if not question.several:
        judgements = one_label(answers, question)
        chosen = method or method_for(judgements)
        return _of_one(judgements, question, chosen), chosen
    asked = yes_or_no(answers, question)
    chosen = method or method_for(next(iter(asked.values())))
    return _of_several(asked, question, chosen), chosen


def _of_one(judgements: Judgements, question: Asked, method: Method) -> Found:
    result = _consensus(judgements, method)
    return Found(
        task=_ids(judgements),
        answer=result.label,
        confidence=np.round(result.confidence, DECIMALS),
        judged=result.judged,
        answers=tuple({question.name: [label]} for label in question.labels),
    )


def _of_several(asked: Mapping[str, Judgements], question: Asked, method: Method) -> Found:
    first = next(iter(asked.values()))
    confidence = np.ones(len(first.tasks))
    applies = np.zeros((len(first.tasks), len(asked)), dtype=np.bool_)
    same = np.ones(len(first), dtype=np.bool_)
    for place, judgements in enumerate(asked.values()):
        result = _consensus(judgements, method)
        applies[:, place] = result.label == judgements.labels.index(YES)
        confidence *= result.confidence
        same &= judgements.label == result.label[judgements.task]
    gave = np.bincount(first.task[same], minlength=len(first.tasks))
    confidence[gave == 0] = np.minimum(confidence[gave == 0], NOBODY_GAVE)
    sets, answer = np.unique(applies, axis=0, return_inverse=True)
    return Found(
        task=_ids(first),
        answer=answer.reshape(-1),
        confidence=np.round(confidence, DECIMALS),
        judged=np.bincount(first.task, minlength=len(first.tasks)),
        answers=tuple(
            {question.name: [label for label, holds in zip(question.labels, row, strict=True) if holds]}
            for row in sets.tolist()
        ),
    )


def _consensus(judgements: Judgements, method: Method) -> statistics.Consensus:
    if method == Method.MAJORITY or not len(judgements):
        return statistics.majority_vote(judgements)
    return statistics.dawid_skene(judgements).consensus()


def _ids(judgements: Judgements) -> npt.NDArray[np.int64]:
    return np.fromiter(map(int, judgements.tasks), dtype=np.int64, count=len(judgements.tasks))


def joined(found: Sequence[Found]) -> Found:
    """Several questions' findings as one: the answers side by side, confidence their product, and the
    judgements of the question that most answered."""
    whole = found[0]
    for more in found[1:]:
        whole = _joined_two(whole, more)
    return whole


def _joined_two(one: Found, other: Found) -> Found:
    task = np.union1d(one.task, other.task)
    left, right = _places(task, one), _places(task, other)
    width = len(other.answers) + 1
    codes, answer = np.unique(left.answer * width + right.answer, return_inverse=True)
    return Found(
        task=task,
        answer=answer,
        confidence=np.round(left.confidence * right.confidence, DECIMALS),
        judged=np.maximum(left.judged, right.judged),
        answers=tuple(
            {
                **_named(one, code // (len(other.answers) + 1)),
                **_named(other, code % (len(other.answers) + 1)),
            }
            for code in codes.tolist()
        ),
    )


def _places(task: npt.NDArray[np.int64], found: Found) -> Found:
    """`found` for all of `task`; tasks without an answer get the number after the last, confidence 1."""
    where = np.searchsorted(task, found.task)
    answer = np.full(len(task), len(found.answers))
    confidence, judged = np.ones(len(task)), np.zeros(len(task), dtype=np.intp)
    answer[where], confidence[where], judged[where] = found.answer, found.confidence, found.judged
    return Found(task, answer, confidence, judged, found.answers)


def _named(found: Found, answer: int) -> Labels:
    return found.answers[answer] if answer < len(found.answers) else {}
