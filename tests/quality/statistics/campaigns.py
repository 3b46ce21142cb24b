"""Judgements for tests: arbitrary small campaigns, generated larger ones, and plain lists of rows."""

import numpy as np
from hypothesis import strategies as st

from palabre.quality.statistics import Judgements, judgements_from_rows

Row = tuple[str, str, str]

# At most one answer of a member to a task, as work in Palabre has it.
answers = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["ana", "bea", "cho", "dia", "eve"])),
    st.sampled_from(["x", "y", "z"]),
    min_size=1,
).map(lambda given: [(task, member, label) for (task, member), label in given.items()])


def rows_of(judgements: Judgements) -> list[Row]:
    """The judgements as (task, member, label) ids."""
    return [
        (judgements.tasks[t], judgements.members[m], judgements.labels[k])
        for t, m, k in zip(judgements.task, judgements.member, judgements.label, strict=True)
    ]


def campaign(
    seed: int, *, tasks: int = 60, members: int = 12, labels: int = 4, overlap: int = 5
) -> Judgements:
    """Members of differing skill on tasks with up to `overlap` judgements."""
    rng = np.random.default_rng(seed)
    skill = rng.uniform(0.4, 0.95, members)
    rows = []
    for task in range(tasks):
        truth = rng.integers(labels)
        for member in rng.choice(members, size=rng.integers(1, overlap + 1), replace=False):
            right = rng.random() < skill[member]
            label = truth if right else rng.integers(labels)
            rows.append((f"t{task:03d}", f"m{member:02d}", f"k{label}"))
    return judgements_from_rows(rows)
