import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.quality.statistics import (
    StatisticsError,
    binary_questions,
    dawid_skene,
    judgements_from_rows,
    krippendorff_alpha,
    majority_vote,
)

LABELS = ["food", "room", "staff"]
several = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["ana", "bea", "cho"])),
    st.sets(st.sampled_from(LABELS)),
    min_size=1,
)


@given(several)
def test_each_label_is_a_question_to_everyone(chosen: dict[tuple[str, str], set[str]]) -> None:
    rows = [(task, member, labels) for (task, member), labels in chosen.items()]
    questions = binary_questions(rows, LABELS)
    assert list(questions) == LABELS
    for label, asked in questions.items():
        assert asked.labels == ("no", "yes")
        assert len(asked) == len(rows)
        by_hand = judgements_from_rows(
            [(task, member, "yes" if label in labels else "no") for task, member, labels in rows]
        )
        answered = [asked.labels[vote] for vote in majority_vote(asked).label]
        assert answered == [by_hand.labels[vote] for vote in majority_vote(by_hand).label]
        assert krippendorff_alpha(asked) == krippendorff_alpha(by_hand)


def test_choosing_nothing_is_an_answer() -> None:
    rows = [("t", "ana", []), ("t", "bea", []), ("t", "cho", ["room"])]
    asked = binary_questions(rows, LABELS)["room"]
    assert asked.labels[majority_vote(asked).label[0]] == "no"


def test_dawid_skene_takes_a_label_nobody_chose() -> None:
    asked = binary_questions([("t", "ana", ["room"]), ("u", "bea", [])], LABELS)["staff"]
    assert dawid_skene(asked).consensus().label.tolist() == [0, 0]


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(StatisticsError) as refused:
        binary_questions([("t", "ana", ["pool"])], LABELS)
    assert (refused.value.code, refused.value.fields) == ("unknown_label", {"label": "pool"})
