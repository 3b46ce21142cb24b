"""How judgements lie in memory while a model is fitted, so that an iteration is a few passes over arrays."""

from dataclasses import dataclass

import numpy as np

from palabre.quality.statistics.judgements import FloatArray, IndexArray, Judgements, compacted

# Most judgements in a row of the layout. The product of this many probabilities, each at least
# LEAST / (judgements of a member), stays far above the smallest float64.
WIDTH = 12


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Judgements as rows of at most WIDTH, the longest row first, read column by column.

    Column j holds the (j+1)-th judgement of each row that has one; since rows are sorted by length, those
    are the first len(column) rows, and a column works on a contiguous part of an array over rows (jagged
    diagonal storage, as for sparse matrices: Y. Saad, SIAM Journal on Scientific and Statistical Computing 10
    (1989), 1200-1232). A task with more than WIDTH judgements takes several rows.

    Attributes:
        columns: for each, the pairs (member, label given) of its judgements, as indices into the pairs.
        row_slot: (R,) the slot of each row's task, or None when each task has one row and row r is slot r.
        slot_task: (T,) the task in each slot.
        pair_member, pair_label: (P,) the pairs that occur, sorted by member; labels as indices into `labels`.
        member_begin: (M,) each member's first pair.
        labels: (U,) the labels that were given at all, as indices into the label table.
    """

    columns: tuple[IndexArray, ...]
    row_slot: IndexArray | None
    slot_task: IndexArray
    pair_member: IndexArray
    pair_label: IndexArray
    member_begin: IndexArray
    labels: IndexArray


def lay_out(judgements: Judgements) -> Layout:
    """Sorts the judgements into a layout, in time linear in their number."""
    labels, label = compacted(judgements.label, len(judgements.labels))
    pairs, pair = compacted(judgements.member * len(labels) + label, len(judgements.members) * len(labels))
    pair_member, pair_label = np.divmod(pairs, len(labels))
    judged = np.bincount(judgements.task, minlength=len(judgements.tasks))
    row_task, row_begin, row_length = _rows(judged)
    # As uint8 the stable sort is a radix sort.
    order = np.argsort((WIDTH - row_length).astype(np.uint8), kind="stable")
    split = len(row_task) > len(judged)
    return Layout(
        columns=_columns(pair, row_begin[order], row_length[order]),
        row_slot=row_task[order] if split else None,
        slot_task=np.arange(len(judged)) if split else order,
        pair_member=pair_member,
        pair_label=pair_label,
        member_begin=np.searchsorted(pair_member, np.arange(len(judgements.members))),
        labels=labels,
    )


def _rows(judged: IndexArray) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Cuts tasks into rows of at most WIDTH: each row's task, its first judgement and its length."""
    begin = np.cumsum(judged) - judged
    rows_of_task = -(-judged // WIDTH)
    task = np.repeat(np.arange(len(judged)), rows_of_task)
    nth = np.arange(len(task)) - np.repeat(np.cumsum(rows_of_task) - rows_of_task, rows_of_task)
    length = np.minimum(judged[task] - nth * WIDTH, WIDTH)
    return task, begin[task] + nth * WIDTH, length


def _columns(pair: IndexArray, begin: IndexArray, length: IndexArray) -> tuple[IndexArray, ...]:
    """The columns of rows that are sorted by falling length."""
    longest = int(length[0])
    reach = np.searchsorted(-length, -np.arange(longest), side="left")
    return tuple(pair[begin[:rows] + column] for column, rows in enumerate(reach))


def row_products(layout: Layout, given: FloatArray) -> FloatArray:
    """(U, R) product over each row's judgements of the probability (U, P) of its pair, for each label."""
    whole, *others = layout.columns
    products = np.empty((len(given), len(whole)))
    factors = np.empty(len(whole))
    for product, probability in zip(products, given, strict=True):
        # "clip" lets numpy write straight into `out`; indices are never out of range.
        np.take(probability, whole, out=product, mode="clip")
        for pairs in others:
            part = factors[: len(pairs)]
            product[: len(pairs)] *= np.take(probability, pairs, out=part, mode="clip")
    return products


def pair_sums(layout: Layout, per_slot: FloatArray) -> FloatArray:
    """(U, P) sum of a task's value (U, T, by slot) over the judgements of each pair, for each label."""
    per_row = per_slot if layout.row_slot is None else per_slot[:, layout.row_slot]
    sums = np.zeros((len(per_row), len(layout.pair_member)))
    for total, values in zip(sums, per_row, strict=True):
        for pairs in layout.columns:
            np.add.at(total, pairs, values[: len(pairs)])
    return sums
