"""The arithmetic of a quote: what work costs when every member's hour brings at least her floor.

Pure numbers, no database. Amounts per judgement keep 8 decimals of the major unit, rounded up; a line
is whole minor units, rounded up; so the sum of many judgements is never under the floor.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from palabre.money import Money, minor_units
from palabre.work.errors import PriceBelowFloor

DECIMALS = 8  # of a rate, as an accrual keeps it
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Place:
    """Where eligible members live: `hourly` major units of `currency`, of which one buys `exchange`
    units of the project's currency. `floor` is the row of the table of floors."""

    country: str
    region: str
    currency: str
    hourly: Fraction
    floor: int
    exchange: Fraction
    exchange_on: dt.date
    exchange_source: str


@dataclass(frozen=True, slots=True)
class Work:
    """What is bought: `tasks` tasks, each judged `overlap` times, `seconds` of attention a judgement."""

    tasks: int
    overlap: int
    seconds: Decimal
    currency: str

    @property
    def judgements(self) -> int:
        return self.tasks * self.overlap


@dataclass(frozen=True, slots=True)
class Shares:
    """Percent of base pay that the price holds besides it."""

    platform: Decimal = Decimal(15)
    social: Decimal = Decimal(10)
    reserve: Decimal = Decimal(10)

    @property
    def factor(self) -> Fraction:
        """What one unit of base pay costs the client in all."""
        return 1 + Fraction(self.platform + self.social + self.reserve) / 100


@dataclass(frozen=True, slots=True)
class Rate:
    """One judgement: `pay` in the member's currency, `charge` in the project's."""

    currency: str
    pay: Decimal
    charge: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price with its lines, in minor units of the project's currency."""

    work: Work
    shares: Shares
    rates: dict[str, Rate]
    base_pay: int
    platform_share: int
    social_cover: int
    topup_reserve: int

    @property
    def total(self) -> int:
        return self.base_pay + self.platform_share + self.social_cover + self.topup_reserve

    @property
    def charge(self) -> Decimal:
        """The dearest judgement: the one that base pay is counted with, whoever does the work."""
        return max(rate.charge for rate in self.rates.values())


def floor_rates(places: Sequence[Place], seconds: Decimal) -> dict[str, Rate]:
    """For each country the least that one judgement must bring: that of its dearest region.

    Worked example: 370.526 XOF an hour and 10 seconds are 370.526 x 10 / 3600 = 1.02923889 XOF
    (1.0292388… rounded up); at 1 EUR = 655.957 XOF that is 0.00156907 EUR.
    """
    rates: dict[str, Rate] = {}
    for place in places:
        pay = _up(place.hourly * Fraction(seconds) / HOUR)
        rate = Rate(place.currency, pay, _up(Fraction(pay) * place.exchange))
        held = rates.get(place.country)
        if held is None or rate.pay > held.pay:
            rates[place.country] = rate
    return rates


def rate_in(rates: Mapping[str, dict[str, str]], country: str) -> dict[str, str]:
    """The price of an answer from a country. For one without a price, moved to after taking the work, the dearest."""
    return rates.get(country) or max(rates.values(), key=lambda rate: Decimal(rate["charge"]))


def estimate(places: Sequence[Place], work: Work, shares: Shares, price: int | None = None) -> Estimate:
    """The price of `work`, or what `price` (minor units) brings to each judgement of it.

    Base pay is counted with the dearest place, because nobody knows who will do the work. The
    smallest price is that base pay with the three shares of it; what a higher one has to spare
    raises every place's pay in the same proportion. Fractions of a unit go to the top-up reserve.

    Raises: PriceBelowFloor, with the smallest price that passes.
    """
    floors = floor_rates(places, work.seconds)
    least = max(rate.charge for rate in floors.values())
    smallest = _with_shares(_minor_up(least * work.judgements, work.currency), shares)
    if price is None:
        price = smallest
    check_offer(price, smallest, work.currency)
    base = _base_pay(price, shares)
    charge = _down(Fraction(base, work.judgements * 10 ** minor_units(work.currency)))
    rates = {place: _raised(rate, charge, least, places) for place, rate in floors.items()}
    # So that the line multiplies: judgements × the dearest charge, rounded up once.
    base = _minor_up(max(rate.charge for rate in rates.values()) * work.judgements, work.currency)
    platform, social = _share(base, shares.platform), _share(base, shares.social)
    return Estimate(work, shares, rates, base, platform, social, price - base - platform - social)


def check_offer(price: int, smallest: int, currency: str) -> None:
    """Raises: PriceBelowFloor when `price` is under `smallest` (minor units of `currency`)."""
    if price < smallest:
        raise PriceBelowFloor(
            path="price",
            price=str(Money(price, currency)),
            smallest=str(Money(smallest, currency)),
            smallest_minor=smallest,
        )


def _raised(rate: Rate, charge: Decimal, least: Decimal, places: Sequence[Place]) -> Rate:
    """`rate` in the proportion of `charge` to `least`; rounding down stays at or above the floor,
    which has as many decimals."""
    pay = _down(Fraction(rate.pay) * Fraction(charge) / Fraction(least))
    exchange = next(place.exchange for place in places if place.currency == rate.currency)
    return Rate(rate.currency, pay, _up(Fraction(pay) * exchange))


def _base_pay(price: int, shares: Shares) -> int:
    """The most base pay that, with its shares, costs no more than `price`."""
    base = floor(price / shares.factor)
    while _with_shares(base, shares) > price:
        base -= 1
    return base


def _with_shares(base: int, shares: Shares) -> int:
    return base + sum(_share(base, percent) for percent in (shares.platform, shares.social, shares.reserve))


def _share(base: int, percent: Decimal) -> int:
    return ceil(base * Fraction(percent) / 100)


def _minor_up(amount: Decimal, currency: str) -> int:
    return ceil(Fraction(amount) * Fraction(10) ** minor_units(currency))


def _up(amount: Fraction) -> Decimal:
    return Decimal(ceil(amount * 10**DECIMALS)).scaleb(-DECIMALS)


def _down(amount: Fraction) -> Decimal:
    return Decimal(floor(amount * 10**DECIMALS)).scaleb(-DECIMALS)
