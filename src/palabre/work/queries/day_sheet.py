"""One day of a member's time sheet: what was measured, what was counted, why the two differ, what it brought."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from palabre.pay.days import DayPay, days_of
from palabre.pay.models import Accrual
from palabre.people.residences import Residences
from palabre.timesheet.models import Correction
from palabre.timesheet.queries import Stretch, corrections, stretches
from palabre.work.models import Annotation
from palabre.work.queries.her_work import Charged, charged


@dataclass(frozen=True, slots=True)
class Line:
    """Time of one kind for one project, counted by one rule."""

    stretch: Stretch
    charged: Charged

    @property
    def is_correction(self) -> bool:
        """Nothing was measured: she asked for it, or it waited and counts now."""
        return self.stretch.rule in ("correction", "accepted", "explained")

    @property
    def difference_ms(self) -> int:
        return self.stretch.measured_ms - self.stretch.counted_ms


@dataclass(frozen=True, slots=True)
class BasePay:
    """What one charged account brought on the day. `answers` of the day at `paid` together, where a project pays."""

    charged: Charged
    currency: str
    credited: int
    answers: int
    paid: Decimal


@dataclass(frozen=True, slots=True)
class DaySheet:
    day: DayPay
    lines: tuple[Line, ...]
    base_pay: tuple[BasePay, ...]
    corrections: tuple[Correction, ...]


def day_sheet(lived: Residences, day: dt.date) -> DaySheet:
    """Everything of one day of one member, in ten statements."""
    member = lived.account_id
    made_of = stretches(member, day)
    credited = list(Accrual.objects.filter(member_id=member, day=day).order_by("charge_id", "currency"))
    accounts = charged({one.charge for one in made_of} | {one.charge_id for one in credited})
    answers = _answers(lived, day)
    return DaySheet(
        day=days_of(member, day, day)[0],
        lines=tuple(Line(one, accounts.get(one.charge, Charged(one.charge, None))) for one in made_of),
        base_pay=tuple(_base_pay(credited, accounts, answers)),
        corrections=tuple(corrections(member, day, day)),
    )


def _base_pay(
    credited: Iterable[Accrual],
    accounts: dict[int, Charged],
    answers: dict[tuple[uuid.UUID, str], tuple[int, Decimal]],
) -> Iterable[BasePay]:
    for one in credited:
        behind = accounts[one.charge_id]
        project = behind.project.id if behind.project else uuid.UUID(int=0)
        number, paid = answers.get((project, one.currency), (0, Decimal(0)))
        yield BasePay(behind, one.currency, one.credited, number, paid)


def _answers(lived: Residences, day: dt.date) -> dict[tuple[uuid.UUID, str], tuple[int, Decimal]]:
    """Her answers of the day by project and currency: how many, and what they are paid together."""
    start, end = lived.day_end(day - dt.timedelta(days=1)), lived.day_end(day)
    rows = (
        Annotation.objects.filter(member_id=lived.account_id, submitted_at__gte=start, submitted_at__lt=end)
        .values_list("project_id", "pay_currency")
        .annotate(Count("id"), Sum("pay"))
    )
    return {(project, currency): (number, paid) for project, currency, number, paid in rows}
