"""Once a member's day is over: what its hours must bring, less what she has, is added."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum

from palabre.pay.actions.ledger import post
from palabre.pay.actions.top_up import Paid, pay_shares
from palabre.pay.arithmetic import Charge, Reckoning, digits, reckon, six_decimals
from palabre.pay.errors import DayNotOver, NoResidence
from palabre.pay.floors import HourlyFloor, nearest_floor, plain
from palabre.pay.models import Accrual, DueDay, Floor, Settlement
from palabre.people.actor import SYSTEM
from palabre.people.models import Residence
from palabre.people.residences import Lived, Residences, residences_of
from palabre.record.actions import record
from palabre.record.canonical import Json
from palabre.timesheet.models import TimeEntry
from palabre.transactions import retried


@dataclass(frozen=True, slots=True)
class _Day:
    """Everything that a settlement reads of one member and day."""

    by_kind: list[tuple[int, str, int]]  # charge, kind, counted milliseconds
    accruals: list[tuple[int, str, int]]  # charge, currency, credited
    earlier: list[Settlement]

    @property
    def is_empty(self) -> bool:
        return not (self.by_kind or self.accruals or self.earlier)


@retried
@transaction.atomic
def settle_day(member: uuid.UUID, day: dt.date, *, at: dt.datetime) -> Settlement | None:
    """Top up one member's day to the floor of the place where she lived on it.

    All her counted time of the day, of every kind and for whomever, times the floor, less the base
    pay credited for the day in the same currency and less earlier top-ups. Time or pay that comes
    later makes the day due again and leads to the next revision; a top-up is never taken back.
    The same state settled twice makes no second revision. An account's share that its deposit
    can't bear, or that no exchange rate reaches, is borne by the operator behind it. A day
    outside the figures of its place has the nearest of them, and says so. A day that was settled keeps its
    floor, whatever was imported since.

    None when the day has neither time nor pay. The day is no longer due afterwards.

    Raises: NoResidence, DayNotOver, NoFloor.
    """
    lived = _lock(member)
    if at < lived.day_end(day):
        raise DayNotOver(day=day)
    DueDay.objects.filter(member_id=member, day=day).delete()
    found = _read(member, day)
    if found.is_empty:
        return None
    floor = _floor(lived.on(day), day, found.earlier)
    sums = reckon(_charges(found, floor.currency), floor.exact, floor.currency)
    if found.earlier and _same(found.earlier[-1], sums, floor):
        return found.earlier[-1]
    return _settle(member, day, found, floor, sums, at=at)


def _lock(member: uuid.UUID) -> Residences:
    """Hold her residence row, as whoever counts time or credits pay for her does; where she lives and lived."""
    held = Residence.objects.select_for_update().filter(account_id=member).first()
    lived = residences_of(held.account_id) if held else None
    if lived is None:
        raise NoResidence()
    return lived


def _read(member: uuid.UUID, day: dt.date) -> _Day:
    entries = TimeEntry.objects.filter(member_id=member, day=day)
    accruals = Accrual.objects.filter(member_id=member, day=day).order_by("charge_id", "currency")
    return _Day(
        list(entries.values_list("charge", "kind").annotate(Sum("counted_ms")).order_by("charge", "kind")),
        list(accruals.values_list("charge_id", "currency", "credited")),
        list(
            Settlement.objects.filter(member_id=member, day=day).select_related("floor").order_by("revision")
        ),
    )


def _floor(place: Lived, day: dt.date, earlier: list[Settlement]) -> HourlyFloor:
    """The one that the day was settled by before, as long as it is of the place. Raises: NoFloor."""
    if earlier and (earlier[-1].floor.country, earlier[-1].floor.region) in {
        (place.country, place.region),
        (place.country, ""),
    }:
        return HourlyFloor(earlier[-1].floor)
    return nearest_floor(place.country, place.region, day).used


def _charges(found: _Day, currency: str) -> list[Charge]:
    counted: dict[int, int] = defaultdict(int)
    earned: dict[int, int] = defaultdict(int)
    topped_up: dict[int, int] = defaultdict(int)
    for charge, _kind, milliseconds in found.by_kind:
        counted[charge] += milliseconds
    for charge, accrued_in, credited in found.accruals:
        earned[charge] += credited if accrued_in == currency else 0
    for settlement in found.earlier:
        for part in settlement.arithmetic["shares"] if settlement.currency == currency else []:
            topped_up[part["charge"]] += part["share"]
    accounts = sorted({*counted, *earned, *topped_up})
    return [Charge(one, counted[one], earned[one], topped_up[one]) for one in accounts]


def _same(last: Settlement, sums: Reckoning, floor: HourlyFloor) -> bool:
    """Whether nothing that the last revision rests on has changed."""
    then = (last.counted_ms, last.earned, last.due, last.currency, last.floor_id)
    return sums.top_up == 0 and then == (
        sums.counted_ms,
        sums.earned,
        sums.due,
        sums.currency,
        floor.floor.id,
    )


def _settle(
    member: uuid.UUID, day: dt.date, found: _Day, floor: HourlyFloor, sums: Reckoning, *, at: dt.datetime
) -> Settlement:
    revision = len(found.earlier) + 1
    moves, paid = pay_shares(member, day, sums)
    key = f"top_up:{member}:{day}:{revision}"
    details: dict[str, Json] = {"member": str(member), "day": day.isoformat()}
    settlement = Settlement.objects.create(
        member_id=member,
        day=day,
        revision=revision,
        counted_ms=sums.counted_ms,
        floor=floor.floor,
        hourly=six_decimals(floor.exact),
        currency=sums.currency,
        due=sums.due,
        earned=sums.earned,
        topped_up_before=sums.topped_up_before,
        top_up=sums.top_up,
        arithmetic=_arithmetic(found, floor, sums, paid, day),
        settled_at=at,
        transaction_id=post(key, "top_up", moves, by=SYSTEM, at=at, data=details) if moves else None,
    )
    _note(settlement, at)
    return settlement


def _arithmetic(
    found: _Day, floor: HourlyFloor, sums: Reckoning, paid: list[Paid], day: dt.date
) -> dict[str, Json]:
    """Every number of the sum, so that a person can do it again by hand. Amounts are minor units."""
    return {
        "rule": "counted hours x floor - earned - topped up before = top-up, rounded up once",
        "counted": [
            {"charge": charge, "kind": kind, "counted_ms": milliseconds}
            for charge, kind, milliseconds in found.by_kind
        ],
        "floor": _floor_words(floor.floor),
        "floor_is_from_press": floor.from_press,
        "floor_is_old": floor.is_old(day),
        "floor_is_nearest": not floor.holds_on(day),
        "hourly": digits(floor.exact),
        "hourly_fraction": str(floor.exact),
        "due_exact": digits(sums.due_exact),
        "earned": [
            {
                "charge": charge,
                "currency": currency,
                "credited": credited,
                "counts": currency == sums.currency,
            }
            for charge, currency, credited in found.accruals
        ],
        "share_rule": "in proportion to what each account lacks; whole units by largest remainder",
        "shares": [one.words() for one in paid],
    }


def _floor_words(floor: Floor) -> dict[str, Json]:
    return {
        "id": floor.id,
        "kind": str(floor.kind),
        "country": floor.country,
        "region": floor.region,
        "amount": plain(floor.amount),
        "currency": floor.currency,
        "unit": floor.unit,
        "weekly_hours": None if floor.weekly_hours is None else plain(floor.weekly_hours),
        "valid_from": floor.valid_from.isoformat(),
        "legal_ref": floor.legal_ref,
        "source": floor.source,
        "source_kind": floor.source_kind,
        "checked_on": floor.checked_on.isoformat(),
    }


def _note(settlement: Settlement, at: dt.datetime) -> None:
    record(
        "pay.day.settled",
        by=None,
        at=at,
        subject=f"member:{settlement.member_id}",
        data={
            "settlement": settlement.id,
            "day": settlement.day.isoformat(),
            "revision": settlement.revision,
            "counted_ms": settlement.counted_ms,
            "floor": settlement.floor_id,
            "hourly": f"{settlement.hourly:f}",
            "currency": settlement.currency,
            "due": settlement.due,
            "earned": settlement.earned,
            "topped_up_before": settlement.topped_up_before,
            "top_up": settlement.top_up,
            "transaction": settlement.transaction_id,
        },
    )
