from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from palabre.quality.statistics import judgements_from_columns, judgements_from_rows, majority_vote
from tests.quality.statistics.campaigns import Row, answers, rows_of


@given(answers)
def test_each_task_gets_its_most_frequent_label(rows: list[Row]) -> None:
    judgements = judgements_from_rows(rows)
    consensus = majority_vote(judgements)
    for place, task in enumerate(judgements.tasks):
        votes = Counter(label for row_task, _, label in rows if row_task == task)
        top = max(votes.values())
        winners = sorted(label for label in votes if votes[label] == top)
        assert judgements.labels[consensus.label[place]] == winners[0]
        assert consensus.confidence[place] == top / votes.total()
        assert consensus.judged[place] == votes.total()
        assert consensus.tied[place] == (len(winners) > 1)


@given(answers, st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[Row], random: Random) -> None:
    consensus = majority_vote(judgements_from_rows(rows))
    shuffled = majority_vote(judgements_from_rows(random.sample(rows, len(rows))))
    assert shuffled.label.tolist() == consensus.label.tolist()
    assert shuffled.confidence.tolist() == consensus.confidence.tolist()


@given(answers)
def test_names_of_members_do_not_matter(rows: list[Row]) -> None:
    renamed = [(task, member[::-1], label) for task, member, label in rows]
    assert (
        majority_vote(judgements_from_rows(renamed)).label.tolist()
        == majority_vote(judgements_from_rows(rows)).label.tolist()
    )


@given(answers)
def test_names_of_labels_matter_only_to_ties(rows: list[Row]) -> None:
    swapped = {"x": "z", "y": "y", "z": "x"}
    judgements = judgements_from_rows(rows)
    renamed = judgements_from_rows([(task, member, swapped[label]) for task, member, label in rows])
    before, after = majority_vote(judgements), majority_vote(renamed)
    assert before.tied.tolist() == after.tied.tolist()
    for one, other, tied in zip(before.label, after.label, before.tied, strict=True):
        assert tied or swapped[judgements.labels[one]] == renamed.labels[other]


@given(answers)
def test_a_single_member_is_the_majority(rows: list[Row]) -> None:
    hers = [row for row in rows if row[1] == rows[0][1]]
    judgements = judgements_from_rows(hers)
    consensus = majority_vote(judgements)
    assert [label for _, _, label in rows_of(judgements)] == [judgements.labels[k] for k in consensus.label]
    assert set(consensus.confidence) == {1.0}


def test_ties_go_by_the_order_of_the_label_table() -> None:
    columns = (["t", "t"], ["ana", "bea"], ["no", "yes"])
    assert majority_vote(judgements_from_columns(*columns)).label.tolist() == [0]
    in_schema_order = judgements_from_columns(*columns, label_order=["yes", "no"])
    assert in_schema_order.labels[majority_vote(in_schema_order).label[0]] == "yes"


def test_without_judgements_there_is_no_consensus() -> None:
    assert majority_vote(judgements_from_rows([])).label.tolist() == []
