"""What the settlement of one day did: for whom, from which deposits, and what it could not do."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from palabre.errors import NotFound
from palabre.pay.errors import NoFloor
from palabre.pay.floors import nearest_floor
from palabre.pay.models import Accrual, LedgerAccount, Settlement
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.residences import known_zone
from palabre.people.walls import ONLY_HERE, only_here
from palabre.times import day_end
from palabre.timesheet.models import TimeEntry
from palabre.work.access import charges_of, of_organisation
from palabre.work.queries.night_parts import Part, is_shared, part_of

# Who bore which part of the day's top-ups: each settlement keeps its shares.
_BORNE = """
SELECT (part ->> 'charge')::bigint, part ->> 'why_platform', part ->> 'currency',
    count(*), sum((part ->> 'amount')::bigint)::bigint
FROM pay_settlement s CROSS JOIN LATERAL jsonb_array_elements(s.arithmetic -> 'shares') part
WHERE s.day = %(day)s AND (part ->> 'charge')::bigint = ANY(%(charges)s)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# Days that accounts of somebody else bear too.
_SHARED = """
SELECT s.id FROM pay_settlement s WHERE s.day = %(day)s AND EXISTS (
    SELECT FROM jsonb_array_elements(
        (s.arithmetic -> 'counted') || (s.arithmetic -> 'earned') || (s.arithmetic -> 'shares')) x
    WHERE (x ->> 'charge')::bigint <> ALL(%(charges)s))
"""
# Days that are over where the member lives and that nothing has settled.
_WAITING = f"""
SELECT due.member_id, due.day, place.country, place.region, place.timezone, coalesce(p.name, '')
FROM pay_dueday due
LEFT JOIN people_lived place
    ON place.account_id = due.member_id AND due.day >= place.from_day AND due.day < place.until
LEFT JOIN people_personaldata p ON p.account_id = due.member_id
WHERE (due.member_id IN {ONLY_HERE} OR EXISTS (SELECT FROM timesheet_timeentry t
    WHERE t.member_id = due.member_id AND t.day = due.day AND t.charge = ANY(%(charges)s)))
  AND due.day <= %(day)s
ORDER BY due.day, due.member_id LIMIT %(limit)s
"""  # noqa: S608 - text of our own


@dataclass(frozen=True, slots=True)
class Sums:
    """The day's newest settlements in one currency, in minor units."""

    currency: str
    members: int
    counted_ms: int
    due: int
    earned: int
    top_up: int


@dataclass(frozen=True, slots=True)
class Charged:
    """What one account was charged for the day. `why`: why the platform bears it instead, or empty."""

    account: int
    project: uuid.UUID | None
    currency: str
    base_pay: int
    top_up: int
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A day that is over and not settled. `country` is None where it is not known where she lives."""

    member: uuid.UUID
    name: str
    day: dt.date
    country: str | None
    has_floor: bool


def settlements(by: Actor) -> QuerySet[Settlement]:
    """Settlements of days that the actor's organisation bears, and of members whom nobody else has. Raises: NotAllowed."""
    by.require(Permission.READ_MONEY)
    if by.account is None:
        return Settlement.objects.all()
    borne = TimeEntry.objects.filter(member=OuterRef("member"), day=OuterRef("day"))
    ours = borne.filter(charge__in=charges_of(by.organisation).values("id"))
    return Settlement.objects.filter(Q(member__in=only_here(by.organisation).values("id")) | Q(Exists(ours)))


def settlement(by: Actor, number: int) -> Part:
    """The operator's own part of one of them. Raises: NotAllowed, NotFound."""
    found = settlements(by).select_related("floor").filter(id=number).first()
    if found is None:
        raise NotFound
    return parts(by.organisation, [found])[0]


def settled(by: Actor, day: dt.date, *, after: int | None, limit: int) -> list[Part]:
    """Its own part of a day's settlements, in the order in which they were made. Three statements at most."""
    found = settlements(by).filter(day=day, id__gt=after or 0).select_related("floor")
    return parts(by.organisation, list(found.order_by("id")[:limit]))


def parts(operator: uuid.UUID | None, found: Sequence[Settlement]) -> list[Part]:
    """What an operator bears of each. Two statements at most."""
    charges = set(_charges(operator))
    again = [one for one in found if one.revision > 1 and is_shared(one, charges)]
    days = Settlement.objects.filter(
        member__in=[one.member_id for one in again], day__in=[one.day for one in again]
    )
    earlier = list(days.order_by("revision")) if again else []
    return [
        part_of(
            one,
            charges,
            [
                said
                for said in earlier
                if (said.member_id, said.day) == (one.member_id, one.day) and said.revision < one.revision
            ],
        )
        for one in found
    ]


def sums_of(by: Actor, day: dt.date) -> list[Sums]:
    """The day by currency: time, due and earned by the newest revision of each member, top-ups of all; of a day that
    others bear too, the operator's own part."""
    every = settlements(by).filter(day=day)
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, {"day": day, "charges": _charges(by.organisation)})
        ids = [row[0] for row in cursor.fetchall()]
    shared = every.filter(id__in=ids).order_by("member", "revision")
    return _together(_alone(every.exclude(id__in=ids)), parts(by.organisation, list(shared)) if ids else [])


def _together(alone: list[Sums], shared: Sequence[Part]) -> list[Sums]:
    sums = {one.currency: one for one in alone}
    newest = {one.settlement.member_id: one for one in shared}
    for one in shared:
        currency, last = one.settlement.currency, newest[one.settlement.member_id] is one
        had = sums.get(currency, Sums(currency, 0, 0, 0, 0, 0))
        counted = (1, one.counted_ms, one.due, one.earned) if last else (0, 0, 0, 0)
        sums[currency] = Sums(
            currency,
            had.members + counted[0],
            had.counted_ms + counted[1],
            had.due + counted[2],
            had.earned + counted[3],
            had.top_up + one.top_up,
        )
    return [sums[currency] for currency in sorted(sums)]


def _alone(found: QuerySet[Settlement]) -> list[Sums]:
    newest = found.order_by("member", "-revision").distinct("member").values("id")
    whole = Settlement.objects.filter(id__in=newest).values_list("currency").order_by("currency")
    rows = whole.annotate(Count("member"), Sum("counted_ms"), Sum("due"), Sum("earned"))
    topped_up = dict(found.values_list("currency").order_by("currency").annotate(Sum("top_up")))
    return [
        Sums(currency, members, counted_ms, due, earned, topped_up[currency])
        for currency, members, counted_ms, due, earned in rows
    ]


def charged(by: Actor, day: dt.date) -> list[Charged]:
    """Base pay and top-ups of a day by charged account. Five statements."""
    with connection.cursor() as cursor:
        cursor.execute(_BORNE, {"day": day, "charges": _charges(by.organisation)})
        borne = cursor.fetchall()
    projects = of_organisation(by).filter(escrow__isnull=False).values_list("escrow_id", "id")
    by_escrow: Mapping[int, uuid.UUID] = dict(projects)
    base = dict(
        Accrual.objects.filter(charge__in=list(by_escrow), day=day)
        .values_list("charge")
        .annotate(Sum("charged"))
    )
    currency = dict(LedgerAccount.objects.filter(id__in=list(base)).values_list("id", "currency"))
    found = [
        Charged(account, by_escrow.get(account), currency[account], int(amount), _paid(borne, account), "")
        for account, amount in sorted(base.items())
    ]
    alone = [row for row in borne if row[1] or row[0] not in base]
    return found + [Charged(row[0], by_escrow.get(row[0]), row[2], 0, row[4], row[1] or "") for row in alone]


def _paid(borne: Sequence[tuple[int, str | None, str, int, int]], account: int) -> int:
    """Top-ups that the account itself paid."""
    return sum(row[4] for row in borne if row[0] == account and not row[1])


def waiting(by: Actor, at: dt.datetime, limit: int = 50) -> list[Waiting]:
    """Days that are over and were not settled, the oldest first, with what is known of why.

    Two statements, and one for each place. Raises: NotAllowed.
    """
    by.require(Permission.READ_MONEY)
    with connection.cursor() as cursor:
        asked = {
            "here": by.organisation,
            "charges": _charges(by.organisation),
            "day": at.date(),
            "limit": limit,
        }
        cursor.execute(_WAITING, asked)
        # Whether a day is over where she lived is asked here: a time zone that the database doesn't know stops nobody.
        rows = [row for row in cursor.fetchall() if day_end(row[1], known_zone(row[4] or "UTC")) <= at]
    known = {place: _has_floor(*place) for place in {(row[2], row[3], row[1]) for row in rows if row[2]}}
    return [
        Waiting(member, name, day, country, known.get((country, region, day), False))
        for member, day, country, region, _timezone, name in rows
    ]


def _charges(operator: uuid.UUID | None) -> list[int]:
    return list(charges_of(operator).values_list("id", flat=True))


def _has_floor(country: str, region: str, day: dt.date) -> bool:
    try:
        nearest_floor(country, region, day)
    except NoFloor:
        return False
    return True
