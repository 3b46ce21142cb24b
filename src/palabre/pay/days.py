"""What each of a member's days was worth: her time, her base pay, her top-ups and their arithmetic."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Sum

from palabre.pay.arithmetic import Charge, Reckoning, reckon
from palabre.pay.models import Accrual, DueDay, Settlement
from palabre.timesheet.models import TimeEntry


@dataclass(frozen=True, slots=True)
class DayPay:
    """One day. Amounts are minor units by currency; `due`: the day will be settled (again)."""

    day: dt.date
    kinds: dict[str, int]
    measured_ms: int
    earned: dict[str, int]
    settlements: tuple[Settlement, ...]
    due: bool

    @property
    def counted_ms(self) -> int:
        return sum(self.kinds.values())

    @property
    def topped_up(self) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for one in self.settlements:
            sums[one.currency] += one.top_up
        return dict(sums)

    @property
    def settlement(self) -> Settlement | None:
        """The newest revision."""
        return self.settlements[-1] if self.settlements else None

    @property
    def is_empty(self) -> bool:
        return not (self.kinds or self.earned or self.settlements)

    def brought(self, currency: str) -> int:
        """Base pay and top-ups so far."""
        return self.earned.get(currency, 0) + self.topped_up.get(currency, 0)

    def foreseen(self, hourly: Fraction, currency: str) -> Reckoning:
        """The sum of the day as it stands now, as its settlement will make it."""
        charge = Charge(0, self.counted_ms, self.earned.get(currency, 0), self.topped_up.get(currency, 0))
        return reckon([charge], hourly, currency)


def days_of(member: uuid.UUID, first: dt.date, last: dt.date) -> list[DayPay]:
    """Every day from `first` to `last`, those without work too. Four statements."""
    span = {"member_id": member, "day__range": (first, last)}
    kinds, earned = (defaultdict[dt.date, dict[str, int]](dict) for _part in range(2))
    measured: dict[dt.date, int] = defaultdict(int)
    settled: dict[dt.date, list[Settlement]] = defaultdict(list)
    time = TimeEntry.objects.filter(**span).values_list("day", "kind")
    for day, kind, counted, clocked in time.annotate(Sum("counted_ms"), Sum("measured_ms")).order_by("day"):
        kinds[day][kind] = counted
        measured[day] += clocked
    pay = Accrual.objects.filter(**span).values_list("day", "currency")
    for day, currency, amount in pay.annotate(Sum("credited")).order_by("day", "currency"):
        earned[day][currency] = int(amount)
    for settlement in Settlement.objects.filter(**span).order_by("day", "revision"):
        settled[settlement.day].append(settlement)
    due = set(DueDay.objects.filter(**span).values_list("day", flat=True))
    return [
        DayPay(day, kinds[day], measured[day], earned[day], tuple(settled[day]), day in due)
        for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    ]
