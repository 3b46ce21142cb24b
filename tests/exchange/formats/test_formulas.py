"""Cells that a spreadsheet would run are guarded, and every text comes back as it was."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from palabre.exchange.formats.formulas import any_risky, guard, unguard


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        " =1",
        '"=1',
        "'=1",
        "''=1",
        " ' \"=1",
        "\ufeff=1",
        "\u200b=1",
        "\u00a0=1",
        "“=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "﹢1",
        "=",
    ],
)
def test_what_would_run_is_guarded(text: str) -> None:
    assert guard(text) == "'" + text
    assert unguard(guard(text)) == text
    assert any_risky(["harmless", text])


@pytest.mark.parametrize("text", ["", "a=1", "1-2", "l'eau", "'quoted'", "«oui»", " x", "x\t", "5 + 5", "'"])
def test_what_would_not_run_is_left_alone(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text
    assert not any_risky(["harmless", text])


RISKY = st.text(st.sampled_from("'\"= +-@\t\r\n＝﹣a\ufeff“"), max_size=8)


@given(st.one_of(RISKY, st.text()))
@example("'''=")
def test_every_text_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.lists(RISKY, max_size=5))
def test_a_column_is_looked_at_as_its_cells_are(texts: list[str]) -> None:
    assert any_risky(texts) == any(guard(text) != text for text in texts)
