"""Reads of the ledger, of payouts and of floors."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum

from palabre.errors import NotFound
from palabre.pay.errors import NoFloor, NotAMember, PayoutNotFound
from palabre.pay.floors import HourlyFloor, PlaceFloor, floor_at, known_floors
from palabre.pay.models import (
    Balance,
    Destination,
    DueDay,
    ExchangeRate,
    Floor,
    LedgerAccount,
    LedgerTransaction,
    Payout,
    Posting,
    Settlement,
)
from palabre.pay.paper.names import MOVEMENTS
from palabre.pay.stuck import SETTLEABLE
from palabre.people.actor import Actor
from palabre.people.models import Organisation, PersonalData
from palabre.people.residences import Lived, Residences, residences_of
from palabre.people.walls import only_here

# Changes of where her money goes in one page: nobody makes more in years.
_SHOWN = 20


def balance(account_id: int) -> int:
    """What stands on a ledger account, in minor units: the sum of at most 16 rows."""
    return balances([account_id])[account_id]


def balances(account_ids: Iterable[int]) -> dict[int, int]:
    """The same for many accounts in one statement; an account without movements has 0."""
    wanted = list(account_ids)
    rows = Balance.objects.filter(account_id__in=wanted).values_list("account_id").annotate(Sum("amount"))
    return dict.fromkeys(wanted, 0) | {number: int(total) for number, total in rows}


_DAYS_DUE = """
SELECT count(*) FROM pay_dueday due
WHERE (EXISTS (SELECT FROM pay_accrual a
        WHERE a.member_id = due.member_id AND a.day = due.day AND a.charge_id = %(charge)s)
    OR EXISTS (SELECT FROM timesheet_timeentry t
        WHERE t.member_id = due.member_id AND t.day = due.day AND t.charge = %(charge)s))
    AND """


def days_due(charge: int) -> int:
    """Members' days with time or pay charged to an account that are going to be settled. One statement.

    A day of a place without any floor holds up nothing: the operator bears what it brings once there is one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DAYS_DUE + SETTLEABLE, {"charge": charge})
        return int(cursor.fetchone()[0])


def last_day(member: uuid.UUID, first: dt.date) -> dt.date | None:
    """The last of a member's days, from `first` on, with time or pay: each is due for settlement or settled."""
    rows = (
        model.objects.filter(member_id=member, day__gte=first).aggregate(last=Max("day"))["last"]
        for model in (DueDay, Settlement)
    )
    return max((day for day in rows if day is not None), default=None)


def deposit_of(project_id: uuid.UUID, number: int) -> LedgerTransaction:
    """One deposit of a project. Raises: NotFound."""
    deposits = LedgerTransaction.objects.filter(kind="deposit", data__project=str(project_id))
    found = deposits.filter(id=number).first()
    if found is None:
        raise NotFound()
    return found


def reversal_of(project_id: uuid.UUID, deposit: int) -> LedgerTransaction | None:
    """What took a deposit back."""
    return LedgerTransaction.objects.filter(key=reversal_key(project_id, deposit)).first()


def reversals_of(deposits: Iterable[LedgerTransaction]) -> dict[int, int]:
    """Of many deposits: the ledger transaction that took each back. One statement."""
    keys = [reversal_key(one.data.get("project"), one.id) for one in deposits]
    found = LedgerTransaction.objects.filter(key__in=keys).only("data")
    return {one.data["reverses"]: one.id for one in found}


def reversal_key(project_id: uuid.UUID | str | None, deposit: int) -> str:
    """The key of what takes a deposit back: there can be one."""
    return f"deposit:{project_id}:reversed:{deposit}"


def member_balances(member: uuid.UUID) -> dict[str, int]:
    """What a member has earned and may take out, by currency, whoever owes it. One statement."""
    sums: dict[str, int] = defaultdict(int)
    for owed in owed_to(member):
        sums[owed.currency] += owed.amount
    return dict(sums)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one operator owes a member in one currency. `name` is the operator's."""

    operator: uuid.UUID | None
    name: str
    currency: str
    amount: int


def owed_to(member: uuid.UUID) -> list[Owed]:
    """What each operator owes a member: she takes it out where it is owed. One statement."""
    called = Organisation.objects.filter(id=OuterRef("owed_by")).values("name")
    rows = (
        LedgerAccount.objects.filter(kind=LedgerAccount.Kind.PAYABLE, owner=member)
        .annotate(called=Subquery(called))
        .order_by("currency", "called")
        .values_list("owed_by", "called", "currency")
        .annotate(Sum("balances__amount"))
    )
    return [
        Owed(operator, name or "", currency, int(amount or 0)) for operator, name, currency, amount in rows
    ]


def oneself(by: Actor) -> uuid.UUID:
    """The account that is asking. Raises: NotFound, for the program itself."""
    if by.account is None:
        raise NotFound()
    return by.account


def lived_by(member: uuid.UUID) -> Residences:
    """Where a member lives and lived. One statement. Raises: NotAMember."""
    lived = residences_of(member)
    if lived is None:
        raise NotAMember()
    return lived


def floor_of(place: Lived, day: dt.date) -> PlaceFloor | None:
    """The floor of her place on a day; None where nobody has imported one. One statement."""
    try:
        return floor_at(place.country, place.region, day)
    except NoFloor:
        return None


def member_of(account: uuid.UUID, by: Actor) -> uuid.UUID:
    """`account`, when it is of the actor's organisation and no other operator has or had it. Raises: NotFound."""
    if by.organisation is None or not only_here(by.organisation).filter(id=account).exists():
        raise NotFound()
    return account


def name_of(member: uuid.UUID) -> str:
    """Her name, or nothing once she is erased."""
    return PersonalData.objects.filter(account_id=member).values_list("name", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """A member's money in one currency, by what moved it: their sum is the balance."""

    currency: str
    moved: dict[str, int]

    @property
    def balance(self) -> int:
        return sum(self.moved.values())


def accounts_of(member: uuid.UUID) -> list[OwnAccount]:
    """Everything that ever moved on a member's accounts, summed by kind. One statement."""
    rows = (
        Posting.objects.filter(account__kind=LedgerAccount.Kind.PAYABLE, account__owner=member)
        .values_list("currency", "transaction__kind")
        .annotate(Sum("amount"))
        .order_by("currency", "transaction__kind")
    )
    moved: dict[str, dict[str, int]] = defaultdict(dict)
    for currency, kind, amount in rows:
        moved[currency][kind] = int(amount)
    return [
        OwnAccount(currency, dict(sorted(sums.items(), key=_in_order))) for currency, sums in moved.items()
    ]


def _in_order(moved: tuple[str, int]) -> tuple[int, str]:
    """What came in, then what was taken out, then anything else."""
    known = list(MOVEMENTS)
    return (known.index(moved[0]) if moved[0] in known else len(known), moved[0])


def newest_payouts(member: uuid.UUID, limit: int) -> list[Payout]:
    """A member's payouts, the newest first. One statement."""
    hers = Payout.objects.filter(member_id=member).select_related("destination", "batch")
    return list(hers.order_by("-asked_at", "id")[:limit])


def own_payout(member: uuid.UUID, payout: uuid.UUID) -> Payout:
    """A payout of hers. Raises: PayoutNotFound."""
    found = Payout.objects.filter(member_id=member, id=payout).first()
    if found is None:
        raise PayoutNotFound
    return found


def destinations_of(member: uuid.UUID) -> list[Destination]:
    """Where her money went and goes, the newest first. One statement."""
    return list(Destination.objects.filter(member_id=member).order_by("-named_at", "id")[:_SHOWN])


def rates_into(currency: str, day: dt.date) -> list[ExchangeRate]:
    """The newest rate on or before a day between a currency and each other one. One statement."""
    pair = Q(base=currency) | Q(quote=currency)
    rows = ExchangeRate.objects.filter(pair, on__lte=day).order_by("base", "quote", "-on")
    return list(rows.distinct("base", "quote"))


def payouts_of(member: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Payout]:
    """A member's payouts in the order of their ids."""
    return _page(Payout.objects.filter(member_id=member), after, limit)


def payouts(by: Actor, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Payout]:
    """The payouts that the actor's organisation pays."""
    return _page(Payout.objects.filter(operator=by.organisation), after, limit)


def _page(rows: QuerySet[Payout], after: uuid.UUID | None, limit: int) -> list[Payout]:
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.select_related("destination").order_by("id")[:limit])


def floors(*, after: int | None = None, limit: int = 200) -> list[Floor]:
    """Every floor that is known now, in the order of its id."""
    return list(known_floors().filter(id__gt=after or 0).order_by("id")[:limit])


def places_with_floors(day: dt.date) -> list[HourlyFloor]:
    """What an hour brings at least in each country on a day: the higher of its figures. One statement."""
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    found: dict[tuple[str, str], HourlyFloor] = {}
    rows = known_floors().filter(in_force, sector="", region="")
    for row in rows.order_by("country", "kind", "-valid_from"):
        found.setdefault((row.country, row.kind), HourlyFloor(row))
    best: dict[str, HourlyFloor] = {}
    for (country, _kind), one in found.items():
        held = best.get(country)
        if held is None or one.exact > held.exact:
            best[country] = one
    return list(best.values())
