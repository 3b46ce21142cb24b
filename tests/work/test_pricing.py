"""The arithmetic of quotes, without a database."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.money import minor_units
from palabre.work.errors import PriceBelowFloor
from palabre.work.pricing import Place, Shares, Work, estimate, floor_rates

DAY = dt.date(2026, 3, 2)
CURRENCIES = ("EUR", "XOF", "TND")


def place(country: str, hourly: Fraction, currency: str = "XOF", exchange: Fraction = Fraction(1)) -> Place:
    return Place(country, "", currency, hourly, 1, exchange, DAY, "a bank")


DAKAR = place("SN", Fraction("370.526"), exchange=1 / Fraction("655.957"))

percents = st.decimals(0, 100, places=2)
rates = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=10_000)
places_of = st.lists(
    st.builds(
        Place,
        country=st.sampled_from(["SN", "CM", "MG", "FR"]),
        region=st.just(""),
        currency=st.just("XOF"),
        hourly=st.fractions(min_value=Fraction(1, 100), max_value=100_000, max_denominator=1_000),
        floor=st.just(1),
        exchange=st.just(Fraction(1)),
        exchange_on=st.just(DAY),
        exchange_source=st.just(""),
    ),
    min_size=1,
    max_size=4,
)
works = st.builds(
    Work,
    tasks=st.integers(1, 1_000_000),
    overlap=st.integers(1, 15),
    seconds=st.decimals(Decimal("0.01"), 36_000, places=2),
    currency=st.sampled_from(CURRENCIES),
)
shares_of = st.builds(Shares, platform=percents, social=percents, reserve=percents)


def with_exchange(places: list[Place], exchange: Fraction) -> list[Place]:
    return [place(one.country, one.hourly, exchange=exchange) for one in places]


def test_the_worked_example() -> None:
    rate = floor_rates([DAKAR], Decimal(10))["SN"]
    assert (rate.pay, rate.charge) == (Decimal("1.02923889"), Decimal("0.00156907"))


def test_every_line_can_be_done_by_hand() -> None:
    """1000 tasks x 3 x 0.00156907 = 4.70721, so 4.71 EUR of base pay; 15 %, 10 %, 10 % rounded up."""
    made = estimate([DAKAR], Work(1000, 3, Decimal(10), "EUR"), Shares())
    assert (made.base_pay, made.platform_share, made.social_cover, made.topup_reserve) == (471, 71, 48, 48)
    assert made.total == 638


def test_the_dearest_region_of_a_country_counts() -> None:
    dear = place("SN", Fraction(400), exchange=DAKAR.exchange)
    assert floor_rates([DAKAR, dear, DAKAR], Decimal(3600))["SN"].pay == 400


def test_the_dearest_country_makes_the_price() -> None:
    paris = place("FR", Fraction("12.02"), "EUR")
    made = estimate([DAKAR, paris], Work(100, 1, Decimal(36), "EUR"), Shares())
    assert made.charge == Decimal("0.1202")
    assert made.rates["SN"].charge < made.rates["FR"].charge


@given(places_of, rates, works, shares_of, st.integers(0, 10**9))
def test_what_passes_pays_the_floor_everywhere(
    places: list[Place], exchange: Fraction, work: Work, shares: Shares, more: int
) -> None:
    places = with_exchange(places, exchange)
    smallest = estimate(places, work, shares).total
    made = estimate(places, work, shares, smallest + more)
    for one in places:
        assert Fraction(made.rates[one.country].pay) >= one.hourly * Fraction(work.seconds) / 3600
    for rate in made.rates.values():
        assert rate.pay.as_tuple().exponent == rate.charge.as_tuple().exponent == -8
        assert Fraction(rate.charge) >= Fraction(rate.pay) * exchange
        assert rate.charge <= made.charge


@given(places_of, rates, works, shares_of, st.integers(0, 10**9))
def test_the_lines_make_the_price_and_bear_the_work(
    places: list[Place], exchange: Fraction, work: Work, shares: Shares, more: int
) -> None:
    places = with_exchange(places, exchange)
    price = estimate(places, work, shares).total + more
    made = estimate(places, work, shares, price)
    assert made.total == price
    base = Fraction(made.base_pay)
    assert made.platform_share >= base * Fraction(shares.platform) / 100
    assert made.social_cover >= base * Fraction(shares.social) / 100
    assert made.topup_reserve >= base * Fraction(shares.reserve) / 100
    units = Fraction(10) ** minor_units(work.currency)
    assert ceil(Fraction(made.charge) * work.judgements * units) == base, "the line multiplies"


@given(places_of, rates, works, shares_of)
def test_one_unit_less_is_refused_with_the_smallest_price(
    places: list[Place], exchange: Fraction, work: Work, shares: Shares
) -> None:
    places = with_exchange(places, exchange)
    smallest = estimate(places, work, shares).total
    assert estimate(places, work, shares, smallest).total == smallest
    with pytest.raises(PriceBelowFloor) as refusal:
        estimate(places, work, shares, smallest - 1)
    assert refusal.value.fields["smallest_minor"] == smallest


def test_twice_the_price_pays_twice() -> None:
    work = Work(1_000_000, 3, Decimal(10), "EUR")
    floor = estimate([DAKAR], work, Shares())
    double = estimate([DAKAR], work, Shares(), 2 * floor.total)
    ratio = double.rates["SN"].pay / floor.rates["SN"].pay
    assert abs(ratio - 2) < Decimal("0.0001")
