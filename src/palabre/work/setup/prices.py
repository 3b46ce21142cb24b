"""A quote as a page shows it, and what other terms would cost."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import cast

from palabre.money import Money
from palabre.pay.models import Floor
from palabre.work.actions.quotes import places_of
from palabre.work.models import Project, Quote
from palabre.work.pricing import Shares, Work, estimate

OVERLAPS = (1, 2, 3, 5, 7)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Where members live: what an hour must bring there, after which source, and one answer under the quote.

    `hourly`, to four decimals, and `pay` are in `currency`; `charge` is in the quote's. `dearest`: the price
    is counted with it.
    """

    country: str
    region: str
    currency: str
    hourly: Decimal
    floor: Floor | None
    exchange: Decimal
    exchange_on: str
    exchange_source: str
    pay: Decimal
    charge: Decimal
    dearest: bool


@dataclass(frozen=True, slots=True)
class ShareLine:
    """`percent` of `of`, base pay, rounded up; minor units."""

    name: str
    percent: Decimal
    of: int
    amount: int

    @property
    def rest(self) -> int:
        """What an offer leaves over beside the percent: fractions that no answer's pay could take."""
        return self.amount - ceil(self.percent * self.of / 100)


@dataclass(frozen=True, slots=True)
class Priced:
    """`seconds` an answer, `overlap` answers a task; amounts in minor units of the quote's currency.

    Where they were measured, the seconds are those of the answer itself (`answering`) and its share of the time
    on tasks that had none (`shared`).
    """

    quote: Quote
    places: list[PlaceLine]
    seconds: Decimal
    answering: Decimal | None
    shared: Decimal | None
    overlap: int
    judgements: int
    charge: Decimal
    base: int
    shares: list[ShareLine]

    @property
    def each(self) -> Decimal:
        """What a task costs in all, in major units."""
        return Money(self.quote.total, self.quote.currency).decimal() / max(self.quote.tasks, 1)


def priced(quote: Quote) -> Priced | None:
    """Every line of a quote; None for one without lines. One statement."""
    lines = cast("list[Mapping[str, str]]", quote.lines)
    base = next((line for line in lines if line["line"] == "base_pay"), None)
    if base is None:
        return None
    floors = Floor.objects.in_bulk([int(line["floor"]) for line in lines if line["line"] == "place"])
    charge = Decimal(base["charge"])
    return Priced(
        quote=quote,
        places=[_place(line, quote, floors) for line in lines if line["line"] == "place"],
        seconds=Decimal(base["seconds"]),
        answering=_measured(base, "answer_seconds"),
        shared=_measured(base, "shared_seconds"),
        overlap=int(base["overlap"]),
        judgements=int(base["judgements"]),
        charge=charge,
        base=int(base["amount"]),
        shares=[
            ShareLine(line["line"], Decimal(line["percent"]), int(line["of"]), int(line["amount"]))
            for line in lines
            if "percent" in line
        ],
    )


def _measured(base: Mapping[str, str], name: str) -> Decimal | None:
    return Decimal(base[name]) if name in base else None


def _place(line: Mapping[str, str], quote: Quote, floors: Mapping[int, Floor]) -> PlaceLine:
    rate = quote.rates[line["country"]]
    dearest = max(Decimal(each["charge"]) for each in quote.rates.values())
    return PlaceLine(
        country=line["country"],
        region=line["region"],
        currency=line["currency"],
        hourly=round(Decimal(line["hourly"]), 4),
        floor=floors.get(int(line["floor"])),
        exchange=Decimal(line["exchange"]),
        exchange_on=line["exchange_on"],
        exchange_source=line["exchange_source"],
        pay=Decimal(rate["pay"]),
        charge=Decimal(rate["charge"]),
        dearest=Decimal(rate["charge"]) == dearest,
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What so many answers a task cost, in minor units."""

    overlap: int
    total: int
    chosen: bool


def effects(project: Project, tasks: int, day: dt.date, overlaps: Sequence[int] = OVERLAPS) -> list[Effect]:
    """The smallest price of `tasks` tasks by answers a task, with the usual shares.

    Raises: NoEligiblePlace, NoFloor, NoExchangeRate.
    """
    places = places_of(project, day)
    chosen = sorted({*overlaps, project.overlap})
    return [
        Effect(
            overlap,
            estimate(
                places, Work(tasks, overlap, project.seconds_per_task, project.currency), Shares()
            ).total,
            overlap == project.overlap,
        )
        for overlap in chosen
    ]
