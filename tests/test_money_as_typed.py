"""Amounts as people type them, and as our own pages show them."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palabre.money import MINOR_UNITS, BadAmount, Money, read_amount
from palabre.web.templatetags.palabre import money


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("1250,5", "EUR", 125050),
        ("1 250,50 \u20ac", "EUR", 125050),
        ("1,250.50", "EUR", 125050),
        ("1,250", "EUR", 125000),
        ("\u20ac1,250.50", "EUR", 125050),
        ("12\u202f500\u00a0F\u202fCFA", "XOF", 12500),
        ("12,500 XOF", "XOF", 12500),
        ("0,5", "EUR", 50),
        ("1.250", "TND", 1250),
    ],
)
def test_both_languages_are_read(typed: str, currency: str, minor: int) -> None:
    assert read_amount(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("1_000", "EUR"),
        ("1e3", "EUR"),
        ("\u0663", "EUR"),
        ("NaN", "EUR"),
        ("1.005", "EUR"),
        ("1,250", "TND"),
        ("1 25", "EUR"),
        ("1.250,50", "EUR"),
        ("1,5", "XOF"),
        ("007", "EUR"),
        ("12 EUR", "XOF"),
        ("", "EUR"),
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_refused_as_it_was_typed(typed: str, currency: str) -> None:
    with pytest.raises(BadAmount) as refused:
        read_amount(typed, currency)
    assert refused.value.fields["value"] == typed


@given(
    minor=st.integers(0, 10**12),
    currency=st.sampled_from(sorted(MINOR_UNITS)),
    language=st.sampled_from(["fr", "en"]),
)
def test_what_a_page_shows_is_read_back(minor: int, currency: str, language: str) -> None:
    with translation.override(language):
        shown = str(money(minor, currency))
    try:
        read = read_amount(shown, currency)
    except BadAmount:
        # Three decimals: “1,250” may be one and a quarter.
        assert MINOR_UNITS[currency] == 3
        return
    assert read == Money(minor, currency), Decimal(read.minor)
