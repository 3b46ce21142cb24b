"""What is promised against what is held, by the ledger, in each currency. One statement, so one moment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.db import connection

from palabre.money import minor_units
from palabre.pay.errors import NoExchangeRate
from palabre.pay.models import LedgerAccount
from palabre.pay.rates import Rate, rate_at

Kind = LedgerAccount.Kind
MEMBERS = (Kind.PAYABLE, Kind.PAYOUT)
OTHERS = (Kind.ESCROW, Kind.SOCIAL)
OWN = (Kind.SHARE, Kind.PLATFORM, Kind.ROUNDING)
_SUMS = """
SELECT a.currency, a.kind, sum(b.amount)::bigint
FROM pay_ledgeraccount a JOIN pay_balance b ON b.account_id = a.id GROUP BY 1, 2 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """One currency in minor units: what stands on the accounts of each kind.

    `held` is what came in from the outside less what was paid out. `exchange` is what other currencies have
    to be changed into this one for (negative: this one has to be bought).
    """

    currency: str
    sums: Mapping[Kind, int]

    def of(self, *kinds: Kind) -> int:
        return sum(self.sums.get(kind, 0) for kind in kinds)

    @property
    def held(self) -> int:
        return -self.of(Kind.WORLD)

    @property
    def exchange(self) -> int:
        return self.of(Kind.EXCHANGE)

    @property
    def members(self) -> int:
        return self.of(*MEMBERS)

    @property
    def own(self) -> int:
        """What is the operator's own; below zero it has promised more than there is."""
        return self.of(*OWN)

    @property
    def total(self) -> int:
        return self.of(*MEMBERS, *OTHERS, Kind.EXCHANGE, *OWN)

    @property
    def difference(self) -> int:
        """Zero in a ledger that balances."""
        return self.total - self.held


@dataclass(frozen=True, slots=True)
class ToBuy:
    """`amount` of `currency` was credited to members and has to be bought; `cost` in `price_in`, by `rate`."""

    currency: str
    amount: int
    price_in: str
    cost: int | None
    rate: Rate | None

    @property
    def buys(self) -> Decimal | None:
        """How much of it one unit of the other currency buys."""
        if self.rate is None:
            return None
        return Decimal(self.rate.exact.denominator) / Decimal(self.rate.exact.numerator)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What has to be bought, and what stands ready for it in the currency that most of it is in.

    `own`: what is the operator's own in that currency, which bears what rounding up and moved rates cost.
    """

    to_buy: Sequence[ToBuy]
    currency: str
    ready: int
    own: int

    @property
    def cost(self) -> int | None:
        """All of it; None when a rate is missing."""
        costs = [one.cost for one in self.to_buy if one.cost is not None]
        return sum(costs) if len(costs) == len(self.to_buy) else None

    @property
    def lacking(self) -> int | None:
        """What was not set aside; None when a rate is missing."""
        return None if self.cost is None else max(self.cost - self.ready, 0)

    @property
    def covered(self) -> bool:
        return self.lacking is not None and self.lacking <= self.own


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether every promise is covered: the one answer of every page that says it."""

    standing: Sequence[Standing]
    exchange: Exchange | None

    @property
    def off(self) -> list[Standing]:
        """Currencies whose books do not balance."""
        return [one for one in self.standing if one.difference]

    @property
    def short(self) -> list[Standing]:
        """Currencies in which more is promised than was paid in."""
        return [one for one in self.standing if one.own < 0]

    @property
    def whole(self) -> bool:
        """The books balance, no currency is short, and what has to be bought is paid for."""
        bought = self.exchange is None or self.exchange.covered
        return bool(self.standing) and bought and not self.off and not self.short


def cover(day: dt.date) -> Cover:
    """What is promised against what is held, at the newest rates of a day."""
    standing = standings()
    return Cover(standing, exchange(standing, day))


def standings() -> list[Standing]:
    """Every currency of the installation's ledger, in the order of its code."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        rows = cursor.fetchall()
    found: dict[str, dict[Kind, int]] = defaultdict(dict)
    for currency, kind, amount in rows:
        found[currency][Kind(kind)] = amount
    return [Standing(currency, sums) for currency, sums in found.items()]


def exchange(standing: Sequence[Standing], day: dt.date) -> Exchange | None:
    """What is still to be changed at the newest rates; None when nothing is. A statement for each currency."""
    lacking = [one for one in standing if one.exchange < 0]
    ready = max(standing, key=lambda one: one.exchange, default=None)
    if not lacking or ready is None:
        return None
    to_buy = [_to_buy(one, ready.currency, day) for one in lacking]
    return Exchange(to_buy, ready.currency, ready=max(ready.exchange, 0), own=max(ready.own, 0))


def _to_buy(one: Standing, price_in: str, day: dt.date) -> ToBuy:
    amount = -one.exchange
    try:
        rate = rate_at(one.currency, price_in, day)
    except NoExchangeRate:
        return ToBuy(one.currency, amount, price_in, None, None)
    shift = Fraction(10) ** (minor_units(price_in) - minor_units(one.currency))
    return ToBuy(one.currency, amount, price_in, ceil(amount * rate.exact * shift), rate)
