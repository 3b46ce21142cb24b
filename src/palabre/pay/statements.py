"""The pay slip: one member's week, what she worked, what it brought and where the money is.

`statement_for` gathers it in six statements. As JSON it holds text and whole numbers only, so that it
can be signed; `statement_files` words it as CSV and PDF.
"""

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from palabre.pay.days import DayPay, days_of
from palabre.pay.errors import BadWeek, NotAMember
from palabre.pay.models import Payout, Settlement
from palabre.pay.worth import Worth, worth_of
from palabre.people.residences import residences_of
from palabre.record.canonical import Json
from palabre.record.credentials import credential, sign
from palabre.record.keys import SigningKey
from palabre.times import iso

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})", re.ASCII)
# Her payable accounts by what moved them; what came before the week is its opening balance.
_MONEY = """
SELECT a.currency, CASE WHEN t.at < %(start)s THEN '' ELSE t.kind END AS kind, sum(p.amount)::bigint
FROM pay_ledgeraccount a
JOIN pay_posting p ON p.account_id = a.id
JOIN pay_ledgertransaction t ON t.id = p.transaction_id
WHERE a.kind = 'payable' AND a.owner = %(member)s AND t.at < %(end)s
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week, Monday to Sunday, of the member's own days."""

    year: int
    number: int

    @property
    def days(self) -> list[dt.date]:
        return [dt.date.fromisocalendar(self.year, self.number, weekday) for weekday in range(1, 8)]

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"


def read_week(text: str) -> Week:
    """A week written as 2026-W05. Raises: BadWeek."""
    match = _WEEK.fullmatch(text)
    if match is None:
        raise BadWeek(path="week", value=text[:20])
    week = Week(int(match[1]), int(match[2]))
    try:
        # One day more must exist as well: the week's end is the start of the next.
        dt.date.fromisocalendar(week.year, week.number, 7) + dt.timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadWeek(path="week", value=text[:20]) from error
    return week


def week_of(day: dt.date) -> Week:
    year, number, _weekday = day.isocalendar()
    return Week(year, number)


def statement_for(member: uuid.UUID, week: Week, *, at: dt.datetime) -> dict[str, Json]:
    """A member's week as JSON; amounts are minor units of their currency, time is milliseconds.

    `days`: what each of her days was worth, whenever it was credited, and what is still added to it.
    `money`: what moved on her account during the week, so that opening + movements = closing. `final` is true
    once the week is over and each day of it settled; what comes later than that is a later statement's. The place is
    where she lived on its last day; each settlement names its own.

    Raises: NotAMember.
    """
    lived = residences_of(member)
    if lived is None:
        raise NotAMember()
    days = week.days
    start, end = (lived.day_end(day) for day in (days[0] - dt.timedelta(days=1), days[-1]))
    place = lived.on(days[-1])
    worked = days_of(member, days[0], days[-1])
    worths = worth_of(lived, worked)
    return {
        "member": str(member),
        "week": str(week),
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "timezone": place.timezone,
        "country": place.country,
        "region": place.region,
        "made_at": iso(at),
        "final": at >= end and not any(day.due for day in worked),
        "days": [_day(day, worths[day.day]) for day in worked if not day.is_empty],
        "money": _money(member, start, end),
        "payouts": _payouts(member, start, end),
    }


def sign_statement(statement: Mapping[str, Json], key: SigningKey, *, at: dt.datetime) -> dict[str, Json]:
    """The statement as a signed credential, which `palabre verify` checks without an installation."""
    subject = {"id": f"urn:uuid:{statement['member']}", **statement}
    return sign(credential("PayStatement", subject, issuer=key.did, valid_from=at), key, created=at)


def _day(day: DayPay, worths: Sequence[Worth]) -> dict[str, Json]:
    """`to_come`: what is still added when the day is settled, as it stands."""
    return {
        "day": day.day.isoformat(),
        "time": [{"kind": kind, "counted_ms": spent} for kind, spent in sorted(day.kinds.items())],
        "earned": [{"currency": one, "amount": amount} for one, amount in sorted(day.earned.items())],
        "settlements": [_top_up(settlement) for settlement in day.settlements],
        "to_come": [{"currency": one.currency, "amount": one.to_come} for one in worths if one.to_come],
    }


def _top_up(settlement: Settlement) -> dict[str, Json]:
    arithmetic = settlement.arithmetic
    return {
        "revision": settlement.revision,
        "settled_at": iso(settlement.settled_at),
        "counted_ms": settlement.counted_ms,
        "currency": settlement.currency,
        "due": settlement.due,
        "earned": settlement.earned,
        "topped_up_before": settlement.topped_up_before,
        "top_up": settlement.top_up,
        "hourly": arithmetic["hourly"],
        "due_exact": arithmetic["due_exact"],
        "floor": arithmetic["floor"],
        "floor_is_from_press": arithmetic["floor_is_from_press"],
        "floor_is_old": arithmetic["floor_is_old"],
    }


def _money(member: uuid.UUID, start: dt.datetime, end: dt.datetime) -> list[Json]:
    opening: dict[str, int] = defaultdict(int)
    moved: dict[str, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, {"member": member, "start": start, "end": end})
        for currency, kind, amount in cursor.fetchall():
            if kind:
                moved[currency][kind] = amount
            else:
                opening[currency] = amount
    return [
        {
            "currency": currency,
            "opening": opening[currency],
            "movements": [{"kind": kind, "amount": amount} for kind, amount in moved[currency].items()],
            "closing": opening[currency] + sum(moved[currency].values()),
        }
        for currency in sorted({*opening, *moved})
    ]


def _payouts(member: uuid.UUID, start: dt.datetime, end: dt.datetime) -> list[Json]:
    rows = Payout.objects.filter(member_id=member, asked_at__gte=start, asked_at__lt=end)
    return [
        {
            "reference": str(row.reference),
            "asked_at": iso(row.asked_at),
            "amount": row.amount,
            "currency": row.currency,
            "state": str(row.state),
        }
        for row in rows.order_by("asked_at", "id")
    ]
