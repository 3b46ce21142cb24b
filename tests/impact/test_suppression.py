"""Nothing over fewer than five people, not by subtraction either."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from palabre.impact.scorecard.percentiles import decimal_text, percentile
from palabre.impact.scorecard.suppression import SUPPRESSED, parted, published
from palabre.people.small_groups import FEWEST

GROUPS = st.dictionaries(
    st.sampled_from("abcdef"), st.frozensets(st.integers(0, 30), min_size=1, max_size=12)
)


@given(st.integers(1, 4))
def test_fewer_than_five(people: int) -> None:
    assert published("figure", people) is SUPPRESSED


@given(st.integers(5) | st.just(0))
def test_five_or_nobody(people: int) -> None:
    assert published("figure", people) == "figure"


@given(GROUPS)
def test_named_groups_are_large_and_the_rest_too(groups: dict[str, frozenset[int]]) -> None:
    parts = parted(groups)
    assert sorted([*parts.named, *parts.merged]) == sorted(groups)
    assert all(len(groups[name]) >= FEWEST for name in parts.named)
    rest = frozenset[int]().union(*(groups[name] for name in parts.merged))
    assert not parts.merged or len(rest) >= FEWEST or not parts.named


@given(st.lists(st.fractions(), min_size=1), st.fractions(0, 1))
def test_a_percentile_lies_among_the_values(values: list[Fraction], share: Fraction) -> None:
    assert min(values) <= percentile(values, share) <= max(values)


@given(st.fractions(), st.integers(0, 6))
def test_decimal_text_is_near(value: Fraction, decimals: int) -> None:
    assert abs(Fraction(decimal_text(value, decimals)) - value) <= Fraction(1, 2 * 10**decimals)
