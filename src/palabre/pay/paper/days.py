"""The days of a statement one by one, for a screen that is too narrow for the paper's tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from palabre.pay.paper.figures import Figures
from palabre.pay.paper.names import TIME
from palabre.pay.paper.slip import Slip

# A statement as `statement_for` made it.
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sum:
    """One settlement: `product` is counted time × floor, `due` what it comes to; `before` may be empty."""

    product: str
    due: str
    earned: str
    before: str
    top_up: str


@dataclass(frozen=True, slots=True)
class Day:
    """`day` as an address writes it, `name` as people do."""

    day: str
    name: str
    kinds: list[tuple[str, str]]
    base_pay: str
    sums: list[Sum]


def days_in_words(statement: Document, slip: Slip, figures: Figures) -> Iterator[Day]:
    """The same words and figures as on paper."""
    for day, row in zip(statement["days"], slip.days.rows, strict=True):
        yield Day(
            day=day["day"],
            name=row[0],
            kinds=[(str(TIME[one["kind"]]), figures.time(one["counted_ms"])) for one in day["time"]],
            base_pay=row[3],
            sums=[_sum(one, figures) for one in day["settlements"]],
        )


def _sum(one: Document, figures: Figures) -> Sum:
    currency = one["currency"]
    return Sum(
        product=f"{figures.time(one['counted_ms'])} × {figures.exact(one['hourly'], 6)}",
        due=figures.money(one["due"], currency),
        earned=figures.money(one["earned"], currency),
        before=figures.money(one["topped_up_before"], currency) if one["topped_up_before"] else "",
        top_up=figures.money(one["top_up"], currency),
    )
