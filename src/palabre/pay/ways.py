"""How money is carried one way: the days it takes, what it costs, as the operator has said."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from palabre.pay.models import Destination, PayoutWay

# Where an operator has said nothing. What a service takes is then not known, and the page says so.
DAYS = 3
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Terms:
    """What she is told before she asks."""

    days: int = DAYS
    fee_percent: Decimal | None = None
    fee_fixed: int | None = None

    def fee(self, amount: int) -> int | None:
        """What is taken of an amount, in minor units, rounded up; None where nobody has said."""
        if self.fee_percent is None or self.fee_fixed is None:
            return None
        share = (amount * self.fee_percent / 100).to_integral_value(ROUND_CEILING)
        return min(int(share) + self.fee_fixed, amount)

    def likely_on(self, day: dt.date) -> dt.date:
        """So many working days after the day on which she asks."""
        left = self.days
        while left or day.weekday() >= _SATURDAY:
            day += dt.timedelta(days=1)
            left -= 1 if left and day.weekday() < _SATURDAY else 0
        return day


def way_of(row: Destination) -> str:
    """What terms and files go by: one service of one country, banks, or cash."""
    return f"{row.country}:{row.service}" if row.rail == Destination.Rail.MOBILE_MONEY else str(row.rail)


def terms_of(operator: uuid.UUID | None, row: Destination) -> Terms:
    """What holds now for money that goes there. One statement."""
    found = PayoutWay.objects.filter(operator=operator, way=way_of(row)).first()
    return Terms() if found is None else Terms(found.days, found.fee_percent, found.fee_fixed)


def columns_of(operator: uuid.UUID, ways: Iterable[str]) -> list[list[str]]:
    """The columns of a file for one way, as the operator wants them; none where it holds several ways."""
    wanted = set(ways)
    if len(wanted) != 1:
        return []
    found = PayoutWay.objects.filter(operator=operator, way=wanted.pop()).first()
    return [] if found is None else list(found.columns)
