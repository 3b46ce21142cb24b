"""What of a settled day is one operator's: a day is settled as one, and each reads only what its own accounts bear."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from palabre.pay.arithmetic import Charge, digits, reckon
from palabre.pay.models import Settlement

_PARTS = ("counted", "earned", "shares")


@dataclass(frozen=True, slots=True)
class Part:
    """The sum over an operator's own accounts. `shared`: others bear the day too, and `top_up` is its share of all."""

    settlement: Settlement
    arithmetic: dict[str, Any]
    counted_ms: int
    due: int
    earned: int
    topped_up_before: int
    top_up: int
    shared: bool


def is_shared(one: Settlement, charges: Collection[int]) -> bool:
    """Whether accounts of somebody else bear some of it."""
    return any(part["charge"] not in charges for name in _PARTS for part in one.arithmetic[name])


def part_of(one: Settlement, charges: Collection[int], earlier: Iterable[Settlement]) -> Part:
    """The part of these accounts; all of it where they bear it alone. `earlier`: the day's revisions before it."""
    if not is_shared(one, charges):
        sums = (one.counted_ms, one.due, one.earned, one.topped_up_before, one.top_up)
        return Part(one, one.arithmetic, *sums, shared=False)
    own = {name: [part for part in one.arithmetic[name] if part["charge"] in charges] for name in _PARTS}
    counted = sum(part["counted_ms"] for part in own["counted"])
    earned = sum(part["credited"] for part in own["earned"] if part["counts"])
    before = sum(_share(said, charges) for said in earlier if said.currency == one.currency)
    reckoned = reckon(
        [Charge(0, counted, earned, before)], Fraction(one.arithmetic["hourly_fraction"]), one.currency
    )
    arithmetic = {**one.arithmetic, **own, "due_exact": digits(reckoned.due_exact)}
    return Part(one, arithmetic, counted, reckoned.due, earned, before, _share(one, charges), shared=True)


def _share(one: Settlement, charges: Collection[int]) -> int:
    return sum(part["share"] for part in one.arithmetic["shares"] if part["charge"] in charges)
