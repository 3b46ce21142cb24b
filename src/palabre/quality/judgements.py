"""From a project's answers to the judgements that the statistics take."""

import json
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from palabre.quality.queries import Answers
from palabre.quality.questions import Asked
from palabre.quality.statistics import Judgements, judgements_from_columns
from palabre.quality.statistics.judgements import IndexArray
from palabre.quality.statistics.several_labels import NO, YES

# Codes of label sets are made dense again before they could pass 63 bits.
_BITS = 30


def one_label(answers: Answers, question: Asked) -> Judgements:
    """Judgements on a question with one label; who named none did not judge."""
    named = answers.label >= 0
    return _judgements(answers.task[named], answers.member[named], answers.label[named], question.labels)


def yes_or_no(answers: Answers, question: Asked) -> dict[str, Judgements]:
    """For each label of a question with several, the judgements on "does it apply?" (binary relevance,
    as `statistics.binary_questions`, from arrays)."""
    each = _each_answer(answers)
    return {
        label: _judgements(each.task, each.member, each.names(answers, place), (NO, YES))
        for place, label in enumerate(question.labels)
    }


def whole_sets(answers: Answers, question: Asked) -> Judgements:
    """Judgements in which each set of labels, as JSON text, is one label: two answers agree when they name
    exactly the same ones. The strictest reading, and the only one that has a nominal alpha."""
    each = _each_answer(answers)
    codes, example = _set_codes(answers, each, len(question.labels))
    named = [_set_name(answers, each, question, number) for number in example]
    order = sorted(range(len(named)), key=named.__getitem__)
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return _judgements(each.task, each.member, place[codes], tuple(named[number] for number in order))


@dataclass(frozen=True, slots=True, eq=False)
class _EachAnswer:
    """Answers as one entry each: `of_row` says which answer a row belongs to, `first` where it begins."""

    task: npt.NDArray[np.int64]
    member: IndexArray
    of_row: IndexArray
    first: IndexArray

    def names(self, answers: Answers, label: int) -> IndexArray:
        """1 for the answers that name `label`, 0 for the others."""
        said = np.zeros(len(self.first), dtype=np.intp)
        said[self.of_row[answers.label == label]] = 1
        return said


def _each_answer(answers: Answers) -> _EachAnswer:
    begins = np.ones(len(answers.task), dtype=np.bool_)
    begins[1:] = (answers.task[1:] != answers.task[:-1]) | (answers.member[1:] != answers.member[:-1])
    first = np.flatnonzero(begins)
    return _EachAnswer(answers.task[first], answers.member[first], np.cumsum(begins) - 1, first)


def _set_codes(answers: Answers, each: _EachAnswer, labels: int) -> tuple[IndexArray, IndexArray]:
    """A number for each answer, the same for the same set of labels, and an answer that has each number."""
    codes = np.zeros(len(each.first), dtype=np.intp)
    for label in range(labels):
        codes = codes * 2 + each.names(answers, label)
        if label % _BITS == _BITS - 1:
            codes = np.unique(codes, return_inverse=True)[1]
    _, example, dense = np.unique(codes, return_index=True, return_inverse=True)
    return dense, example


def _set_name(answers: Answers, each: _EachAnswer, question: Asked, number: int) -> str:
    begin, end = each.first[number], np.append(each.first, len(answers.label))[number + 1]
    chosen = sorted(int(label) for label in answers.label[begin:end] if label >= 0)
    return json.dumps([question.labels[label] for label in chosen], ensure_ascii=False)


def _judgements(
    task: npt.NDArray[np.int64], member: IndexArray, label: IndexArray, labels: tuple[str, ...]
) -> Judgements:
    """Judgements from arrays; labels go in as numbers, which is many times faster than as text."""
    numbers = tuple(map(str, range(len(labels))))
    return replace(judgements_from_columns(task, member, label, label_order=numbers), labels=labels)
