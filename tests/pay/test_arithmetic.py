from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.pay.arithmetic import HOUR_MS, Charge, digits, reckon, share, six_decimals

SENEGAL = Fraction("370.526")
CAMEROON = Fraction(60_000 * 12, 40 * 52)


def day(*charges: tuple[int, int, int, int]) -> list[Charge]:
    return [Charge(*charge) for charge in charges]


def test_the_worked_example_of_the_docstring() -> None:
    sums = reckon(day((1, 2 * HOUR_MS, 600, 0)), CAMEROON, "XAF")
    assert (sums.due, sums.earned, sums.top_up) == (693, 600, 93)
    assert sums.shares == {1: 93}


def test_a_month_of_exact_hours_is_the_months_amount() -> None:
    milliseconds = 40 * 52 * HOUR_MS // 12
    assert reckon(day((1, milliseconds, 0, 0)), CAMEROON, "XAF").due == 60_000


@pytest.mark.parametrize(("currency", "due"), [("XOF", 12), ("EUR", 1202), ("TND", 12020)])
def test_minor_units_are_the_currencys(currency: str, due: int) -> None:
    assert reckon(day((1, HOUR_MS, 0, 0)), Fraction("12.02"), currency).due in {due, due + 1}


def test_one_millisecond_is_rounded_up() -> None:
    assert reckon(day((1, 1, 0, 0)), SENEGAL, "XOF").top_up == 1


def test_nothing_is_taken_back() -> None:
    sums = reckon(day((1, HOUR_MS, 300, 200)), SENEGAL, "XOF")
    assert (sums.due, sums.top_up) == (371, 0)
    assert sums.shares == {}


def test_corrections_below_zero_owe_nothing() -> None:
    sums = reckon(day((1, -HOUR_MS, 0, 0)), SENEGAL, "XOF")
    assert (sums.counted_ms, sums.due, sums.top_up) == (0, 0, 0)


def test_the_account_that_paid_enough_bears_nothing() -> None:
    sums = reckon(day((1, HOUR_MS, 500, 0), (2, HOUR_MS, 100, 0), (3, HOUR_MS, 200, 0)), SENEGAL, "XOF")
    # 3 x 370.526 = 1111.578 -> 1112, less 800; account 2 lacks 270.526, account 3 170.526
    assert sums.top_up == 312
    assert sums.shares == {2: 191, 3: 121}


def test_the_largest_fraction_gets_the_last_unit() -> None:
    assert share(10, {1: Fraction(1), 2: Fraction(1), 3: Fraction(1)}) == {1: 4, 2: 3, 3: 3}
    assert share(2, {1: Fraction(1), 2: Fraction(5)}) == {2: 2}


@given(
    st.integers(0, 10**9),
    st.dictionaries(
        st.integers(1, 50), st.fractions(min_value=Fraction(1, 10**9), max_value=10**6), min_size=1
    ),
)
def test_shares_are_whole_fair_and_complete(total: int, parts: dict[int, Fraction]) -> None:
    shares = share(total, parts)
    assert sum(shares.values()) == total
    for account, part in parts.items():
        exact = total * part / sum(parts.values())
        assert abs(shares.get(account, 0) - exact) < 1


charges = st.lists(
    st.tuples(st.integers(0, 86_400_000), st.integers(0, 5000), st.integers(0, 500)), min_size=1, max_size=6
)


@given(charges, st.fractions(min_value=Fraction(1, 100), max_value=1000))
def test_she_has_the_floor_in_the_end_and_each_unit_is_borne(
    drawn: list[tuple[int, int, int]], hourly: Fraction
) -> None:
    sums = reckon([Charge(number, *one) for number, one in enumerate(drawn)], hourly, "XOF")
    has = sums.earned + sums.topped_up_before + sums.top_up
    assert has >= Fraction(sums.counted_ms, HOUR_MS) * hourly
    assert sums.due == ceil(sums.due_exact)
    assert sums.top_up == 0 or has == sums.due
    assert sum(sums.shares.values()) == sums.top_up
    assert set(sums.shares) <= set(sums.shortfalls)


def test_fractions_are_shown_in_digits() -> None:
    assert digits(CAMEROON) == "346.1538461538461538461538462"
    assert f"{six_decimals(CAMEROON)}" == "346.153847"
    assert f"{six_decimals(SENEGAL)}" == "370.526000"
