"""Somebody who has a ScoreCard and knows the prices, and works out what it holds back.

Each way gives figures that follow exactly from what is stated, by subtraction or division. What he may know besides:
the shares of the quote, since they stand in it, and what one judgement is paid.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.impact.campaigns import PLATFORM, SOCIAL

Subject = Mapping[str, Any]


def derived(subject: Subject, spent: int) -> Iterator[tuple[str, Fraction]]:
    """Names and values that follow. `spent`: the client knows what it paid, whatever the card says."""
    yield from _money(subject, spent)
    yield from _time(subject)
    yield from _places(subject)
    yield from _floor(subject)


def _stated(value: Any) -> bool:
    return not (isinstance(value, Mapping) and "suppressed" in value) and value is not None


def _money(subject: Subject, spent: int) -> Iterator[tuple[str, Fraction]]:
    pay = subject["pay"]
    money, share, top_ups = pay["money"], pay["share"], pay["topUps"]
    if _stated(top_ups) and _stated(top_ups["sums"]):
        yield "top_ups", Fraction(sum(one["amount"] for one in top_ups["sums"]))
        for one in top_ups["sums"]:
            yield f"top_ups.{one['currency']}", Fraction(one["amount"])
    if _stated(money):
        yield "to_members", Fraction(money["toMembers"])
        for part, percent in (("socialCover", SOCIAL), ("platformShare", PLATFORM)):
            base = Fraction(money[part] * 100, percent)
            # The share was rounded down: base pay lies in the one unit's worth above.
            for more in range(100 // percent + 1):
                yield "top_ups", money["toMembers"] - base - more
    if _stated(share):
        # To the last digit that is stated: the amount itself, where the digits are many enough.
        step = Decimal(10) ** -len(share.partition(".")[2])
        low, high = (Fraction(Decimal(share) + sign * step / 2) * spent for sign in (-1, 1))
        if high - low < 1:
            yield "to_members", Fraction(round((low + high) / 2))


def _time(subject: Subject) -> Iterator[tuple[str, Fraction]]:
    time = subject["time"]
    if not _stated(time):
        return
    for parts in ("byKind", "bySource"):
        for row in time[parts]:
            yield f"{parts}.{row['name']}", Fraction(row["ms"])
        yield f"{parts}.rest", Fraction(time["totalMs"] - sum(row["ms"] for row in time[parts]))
    for entry in subject["unknown"]:
        if entry["code"] == "times_declared" and isinstance(entry.get("share"), str):
            yield "declared", round(Fraction(Decimal(entry["share"])) * time["totalMs"], -3)


def _places(subject: Subject) -> Iterator[tuple[str, Fraction]]:
    people = subject["people"]
    if _stated(people["members"]):
        named = sum(one["members"] for one in people["places"])
        yield "members.rest", Fraction(people["members"] - named)
    per_hour = subject["pay"]["perHour"]
    for name in ("ofLegalMinimum", "ofLivingTariff"):
        if _stated(per_hour[name]):
            named = sum(one["pay"]["members"] for one in per_hour["places"] if _stated(one["pay"]))
            yield f"{name}.members", Fraction(per_hour[name]["members"])
            yield f"{name}.named", Fraction(named)


def _floor(subject: Subject) -> Iterator[tuple[str, Fraction]]:
    floor = subject["pay"]["floor"]
    if _stated(floor["settledDays"]) and _stated(floor["atFloor"]):
        yield "below", Fraction(floor["settledDays"] - floor["atFloor"])
