"""Judgements in whole-array form: what every statistic of this package takes.

A judgement says that a member gave a task a label. A million of them are three arrays of indices and three
tables of ids, so that each statistic is a few passes over arrays.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from palabre.quality.statistics.errors import StatisticsError

Id = str | int
IndexArray = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float64]
# numpy can't say "an array of one of these dtypes" without Any; the dtype is looked at before use.
Column = Sequence[Id] | npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """J judgements by M members on T tasks with K labels.

    Rows are sorted by task, then member, so that results don't depend on the order in which judgements came,
    to the last bit. Each task and each member of the tables has a judgement; a label need not.

    Attributes:
        task: (J,) index into `tasks`; member: (J,) index into `members`; label: (J,) index into `labels`.
        tasks, members: ids as text, in text order (in numeric order when they came as an integer array).
        labels: in text order unless an order was given. Ties go to the label that stands first here.
        replaced: earlier answers that a later one by the same member to the same task took the place of.
    """

    task: IndexArray
    member: IndexArray
    label: IndexArray
    tasks: tuple[str, ...]
    members: tuple[str, ...]
    labels: tuple[str, ...]
    replaced: int = 0

    def __len__(self) -> int:
        return len(self.task)


class JudgementsBuilder:
    """Takes judgements from a stream; keeps 24 bytes for each, and every id once.

    Ids are compared as text exactly as written: `8` and `08` are two, the number 8 and the text "8" are one.
    """

    def __init__(self) -> None:
        self._tasks, self._members, self._labels = _IdTable(), _IdTable(), _IdTable()

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Adds (task, member, label) rows. A later answer of a member to a task replaces her earlier one."""
        put_task, put_member, put_label = self._tasks.put, self._members.put, self._labels.put
        number_of_task, number_of_member = self._tasks.number, self._members.number
        number_of_label = self._labels.number
        for task, member, label in rows:
            put_task(number_of_task(task))
            put_member(number_of_member(member))
            put_label(number_of_label(label))

    def tasks_as_seen(self) -> tuple[str, ...]:
        """The tasks in the order in which they were first added."""
        return self._tasks.seen()

    def build(self) -> Judgements:
        """The judgements so far."""
        return _arranged(self._tasks.coded(), self._members.coded(), self._labels.coded())


def judgements_from_rows(rows: Iterable[tuple[Id, Id, Id]]) -> Judgements:
    """Judgements from (task, member, label) rows, in the order in which they were given.

    When a member answers a task more than once, her last answer counts, as a correction does; `replaced` says
    how many were set aside.

    >>> judgements = judgements_from_rows([("t1", "ana", "yes"), ("t1", 7, "no"), ("t1", "ana", "no")])
    >>> len(judgements), judgements.members, judgements.labels, judgements.replaced
    (2, ('7', 'ana'), ('no', 'yes'), 1)
    """
    builder = JudgementsBuilder()
    builder.add((str(task), str(member), str(label)) for task, member, label in rows)
    return builder.build()


def judgements_from_columns(
    tasks: Column, members: Column, labels: Column, *, label_order: Sequence[str] | None = None
) -> Judgements:
    """Judgements from three columns of equal length; integer arrays are the fast way in.

    Args:
        label_order: the label table to use, such as a label schema's order; labels nobody gave are allowed.

    Raises:
        StatisticsError: `unequal_columns`, or `unknown_label` for a label that `label_order` doesn't have.
    """
    if not len(tasks) == len(members) == len(labels):
        raise StatisticsError("unequal_columns", tasks=len(tasks), members=len(members), labels=len(labels))
    # Ties go by the order of the labels, so theirs is always that of text, whatever they came as.
    coded_labels = _coded_texts(labels)
    if label_order is not None:
        coded_labels = _in_given_order(coded_labels, label_order)
    return _arranged(_coded(tasks), _coded(members), coded_labels)


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    codes: IndexArray
    table: tuple[str, ...]


class _IdTable:
    """Gives each id the next free number when it is first seen."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._codes = array("q")
        # Bound once: both are called for every judgement.
        self.number = self._numbers.__getitem__
        self.put = self._codes.append

    def extend(self, written: Iterable[str]) -> None:
        self._codes.extend(map(self.number, written))

    def seen(self) -> tuple[str, ...]:
        return tuple(self._numbers)

    def coded(self) -> _Coded:
        codes = np.array(self._codes, dtype=np.intp)
        return _in_text_order(_Coded(codes, self.seen()))


def _coded(column: Column) -> _Coded:
    if isinstance(column, np.ndarray) and np.issubdtype(column.dtype, np.integer):
        values, codes = _distinct_integers(column)
        return _Coded(codes, tuple(map(str, values.tolist())))
    return _coded_texts(column)


def _coded_texts(column: Column) -> _Coded:
    if isinstance(column, np.ndarray) and np.issubdtype(column.dtype, np.integer):
        return _in_text_order(_coded(column))
    table = _IdTable()
    table.extend(map(str, column.tolist() if isinstance(column, np.ndarray) else column))
    return table.coded()


def _distinct_integers(column: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], IndexArray]:
    if not len(column):
        return column, np.empty(0, np.intp)
    lowest, highest = int(column.min()), int(column.max())
    if highest - lowest > 8 * len(column) or column.dtype == np.uint64:
        return np.unique(column, return_inverse=True)
    offsets, codes = compacted(column.astype(np.int64) - lowest, highest - lowest + 1)
    return offsets + lowest, codes


def compacted(keys: npt.NDArray[np.int64], size: int) -> tuple[IndexArray, IndexArray]:
    """The distinct keys in order, and each key's place among them, for keys in 0..size-1.

    Does what `np.unique` does; without sorting when the range is not much larger than the number of keys.
    """
    if size > 8 * len(keys) + 1024:
        return np.unique(keys, return_inverse=True)
    present = np.zeros(size, dtype=np.bool_)
    present[keys] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[keys]


def _in_text_order(coded: _Coded) -> _Coded:
    order = np.array(sorted(range(len(coded.table)), key=coded.table.__getitem__), dtype=np.intp)
    return _Coded(_rank(order)[coded.codes], tuple(coded.table[number] for number in order))


def _in_given_order(coded: _Coded, order: Sequence[str]) -> _Coded:
    places = {label: place for place, label in enumerate(order)}
    for label in coded.table:
        if label not in places:
            raise StatisticsError("unknown_label", label=label)
    places_of_codes = np.array([places[label] for label in coded.table], dtype=np.intp)
    return _Coded(places_of_codes[coded.codes], tuple(order))


def _rank(order: IndexArray) -> IndexArray:
    """The place of each number in `order`."""
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank


def _arranged(task: _Coded, member: _Coded, label: _Coded) -> Judgements:
    members, labels = max(len(member.table), 1), max(len(label.table), 1)
    repeated = len(task.table) * members * labels >= 2**63
    if not repeated:
        # Sorting numbers that hold all three is several times faster than finding an order and applying it.
        packed = np.sort((task.codes * members + member.codes) * labels + label.codes)
        answer = packed // labels
        repeated = bool((answer[1:] == answer[:-1]).any())
    if repeated:
        last = _last_answers(task.codes, member.codes)
        columns = task.codes[last], member.codes[last], label.codes[last]
    else:
        tasks = answer // members
        columns = tasks, answer - tasks * members, packed - answer * labels
    replaced = len(task.codes) - len(columns[0])
    return Judgements(*columns, task.table, member.table, label.table, replaced=replaced)


def _last_answers(task: IndexArray, member: IndexArray) -> IndexArray:
    """Where the last answer of each member to each task stands, by task, then member."""
    # A stable sort: several answers to one task stay in the order in which they came.
    order = np.lexsort((member, task))
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (np.diff(task[order]) != 0) | (np.diff(member[order]) != 0)
    return order[last]
