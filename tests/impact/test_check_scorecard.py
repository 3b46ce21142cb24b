"""The arithmetic of a signed ScoreCard, checked offline."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.impact.scorecard.checks import scorecard_problems
from palabre.record.verify_file import checks
from tests.impact.example import signed

Subject = dict[str, Any]


def subject() -> Subject:
    return copy.deepcopy(signed()["credentialSubject"])


def codes(of: Subject) -> list[str]:
    return [problem.code.removeprefix("impact.scorecard_") for problem in scorecard_problems(of)]


def test_a_scorecard_holds() -> None:
    assert codes(subject()) == []
    assert checks["ScoreCard"] is scorecard_problems


def _set(path: str, value: object) -> Callable[[Subject], None]:
    def damage(of: Subject) -> None:
        *way, last = path.split(".")
        place: Any = of
        for step in way:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value

    return damage


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_set("time.totalMs", 1), "sum"),
        (_set("time.byKind.0.ms", 1), "sum"),
        (_set("work.judgements.total", 1), "judgements"),
        (_set("work.judgedTasks", 20_000), "tasks"),
        (_set("work.agreements.0.figure.alpha", "0.1"), "order"),
        (_set("people.members", 24), "people"),
        (_set("pay.perHour.places.3.pay.median", "9999.9"), "order"),
        (_set("pay.perHour.ofLegalMinimum.p10", "9.0"), "order"),
        (_set("pay.money.spent", 506_576), "price"),
        (_set("pay.money.left", 1), "left"),
        (_set("pay.share", "0.8100"), "share"),
        (_set("pay.floor.atFloor", 411), "floor"),
        (_set("pay.creditSeconds.p90", "0.1"), "order"),
        (_set("decisions.reversed", 4), "decisions"),
        (_set("questions.answered", 42), "questions"),
        (_set("work.tasks", 12_400.5), "form"),
        (_set("pay.share", 0.8), "form"),
        (_set("record.root", "abc"), "form"),
        (_set("note", "best project ever"), "form"),
    ],
)
def test_what_does_not_add_up_is_found(damage: Callable[[Subject], None], code: str) -> None:
    damaged = subject()
    damage(damaged)
    assert code in codes(damaged)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_change_of_a_part_has_an_answer(data: st.DataObject) -> None:
    """Whatever somebody signed: problems, or none, but never an exception."""
    damaged = subject()
    place: Any = damaged
    for _ in range(data.draw(st.integers(0, 4))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list):
            place[key] = data.draw(JSON)
            break
        place = place[key]
    scorecard_problems(damaged)
    json.dumps(damaged)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_object_has_an_answer(anything: Subject) -> None:
    assert scorecard_problems(anything)
