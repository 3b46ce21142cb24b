"""Ready beginnings of a guideline, and what changed between two versions."""

from html import unescape

import pytest

from palabre.work.markdown import to_html
from palabre.work.schemas import form_of
from palabre.work.setup.beginnings import BEGINNINGS
from palabre.work.setup.differences import differences
from palabre.work.setup.skeletons import skeleton
from palabre.work.setup.sketch import to_body


@pytest.mark.parametrize(
    ("language", "counter"), [("en", "Counter-example:"), ("fr", "Contre-exemple\u00a0:")]
)
@pytest.mark.parametrize("begin", BEGINNINGS, ids=lambda one: one.name)
def test_each_label_has_its_example_and_counter_example(begin: object, language: str, counter: str) -> None:
    form = form_of(to_body(begin.sketch()))  # type: ignore[attr-defined]
    page = unescape(to_html(skeleton(form, language)))
    labels = form.choices[0].labels
    assert page.count("<h3>") == len(labels) + 1
    assert page.count(counter) == len(labels)
    for label in labels:
        assert label.title[language] in page


def test_additions_and_removals_are_told_apart() -> None:
    pieces = differences("one\ntwo\nthree", "one\n2\nthree\nfour")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("kept", "one"),
        ("removed", "two"),
        ("added", "2"),
        ("kept", "three"),
        ("added", "four"),
    ]


def test_what_stayed_far_from_a_change_is_left_out() -> None:
    old = "\n".join(f"line {number}" for number in range(40))
    pieces = differences(old, old.replace("line 20", "another"))
    assert [piece.kind for piece in pieces] == ["left_out", "kept", "removed", "added", "kept", "left_out"]
    assert pieces[1].text == "line 18\nline 19"
    assert [piece.kind for piece in differences(old, old)] == ["left_out"]
