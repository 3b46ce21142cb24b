"""Exchange rates: always somebody's, always of a day."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q

from palabre.pay.errors import NoExchangeRate
from palabre.pay.models import ExchangeRate


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `base` buys `exact` units of `quote`, said by `source` on the day `on`."""

    base: str
    quote: str
    exact: Fraction
    on: dt.date
    source: str


def rate_at(base: str, quote: str, day: dt.date) -> Rate:
    """The newest rate on or before `day`, given in either direction; a currency against itself is 1.

    Raises: NoExchangeRate.
    """
    if base == quote:
        return Rate(base, quote, Fraction(1), day, "")
    row = (
        ExchangeRate.objects.filter(Q(base=base, quote=quote) | Q(base=quote, quote=base), on__lte=day)
        .order_by("-on", "id")
        .first()
    )
    if row is None:
        raise NoExchangeRate(base=base, quote=quote, day=day)
    rate = Fraction(row.rate)
    return Rate(base, quote, rate if row.base == base else 1 / rate, row.on, row.source)
