"""What a member's days bring her: one figure, for every page, her statement and the workbench.

What was credited already, and what is still added when the day is settled: she gets both.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from palabre.pay.days import DayPay
from palabre.pay.floors import PlaceFloor
from palabre.pay.queries import floor_of
from palabre.people.residences import Residences


@dataclass(frozen=True, slots=True)
class Worth:
    """Minor units of one currency. `base_pay` and `topped_up` are on her account; `to_come` is added at night."""

    currency: str
    base_pay: int
    topped_up: int
    to_come: int

    @property
    def total(self) -> int:
        return self.base_pay + self.topped_up + self.to_come

    @property
    def added(self) -> int:
        """To the floor: before and still."""
        return self.topped_up + self.to_come


def worth_of(lived: Residences, days: Iterable[DayPay]) -> dict[dt.date, list[Worth]]:
    """What each day brings as it stands now, by currency. A statement for each day that is not settled."""
    return {day.day: worth(day, floor_of(lived.on(day.day), day.day) if day.due else None) for day in days}


def worth(day: DayPay, floor: PlaceFloor | None) -> list[Worth]:
    """The same of one day; `floor`: the one that it will be settled by, needed only while it is due."""
    to_come: Mapping[str, int] = {}
    if day.due and floor is not None:
        to_come = {floor.currency: day.foreseen(floor.exact, floor.currency).top_up}
    topped_up = day.topped_up
    currencies = sorted({*day.earned, *topped_up, *to_come})
    return [
        Worth(one, day.earned.get(one, 0), topped_up.get(one, 0), to_come.get(one, 0)) for one in currencies
    ]


def together(worths: Iterable[Sequence[Worth]]) -> list[Worth]:
    """Of several days, by currency."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for of_day in worths:
        for one in of_day:
            for number, amount in enumerate((one.base_pay, one.topped_up, one.to_come)):
                sums[one.currency][number] += amount
    return [Worth(currency, *amounts) for currency, amounts in sorted(sums.items())]
