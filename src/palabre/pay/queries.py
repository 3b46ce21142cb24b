"""Reads of the ledger, of payouts and of floors."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from palabre.errors import NotFound
from palabre.pay.models import Balance, Floor, LedgerAccount, Payout
from palabre.people.actor import Actor
from palabre.people.models import Grant, PersonalData


def balance(account_id: int) -> int:
    """What stands on a ledger account, in minor units: the sum of at most 16 rows."""
    return balances([account_id])[account_id]


def balances(account_ids: Iterable[int]) -> dict[int, int]:
    """The same for many accounts in one statement; an account without movements has 0."""
    wanted = list(account_ids)
    rows = Balance.objects.filter(account_id__in=wanted).values_list("account_id").annotate(Sum("amount"))
    return dict.fromkeys(wanted, 0) | {number: int(total) for number, total in rows}


def member_balances(member: uuid.UUID) -> dict[str, int]:
    """What a member may take out, by currency. One statement."""
    rows = (
        LedgerAccount.objects.filter(kind=LedgerAccount.Kind.PAYABLE, owner=member)
        .order_by("currency")
        .values_list("currency")
        .annotate(Sum("balances__amount"))
    )
    return {currency: int(amount or 0) for currency, amount in rows}


def oneself(by: Actor) -> uuid.UUID:
    """The account that is asking. Raises: NotFound, for the program itself."""
    if by.account is None:
        raise NotFound()
    return by.account


def member_of(account: uuid.UUID, by: Actor) -> uuid.UUID:
    """`account`, when it has or had a role in the actor's organisation. Raises: NotFound."""
    if by.organisation is None or not _grants(by).filter(account_id=account).exists():
        raise NotFound()
    return account


def name_of(member: uuid.UUID) -> str:
    """Her name, or nothing once she is erased."""
    return PersonalData.objects.filter(account_id=member).values_list("name", flat=True).first() or ""


def payouts_of(member: uuid.UUID, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Payout]:
    """A member's payouts in the order of their ids."""
    return _page(Payout.objects.filter(member_id=member), after, limit)


def payouts(by: Actor, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Payout]:
    """The payouts of those who have or had a role in the actor's organisation."""
    return _page(Payout.objects.filter(member__in=_grants(by).values("account_id")), after, limit)


def _grants(by: Actor) -> QuerySet[Grant]:
    return Grant.objects.filter(organisation=by.organisation)


def _page(rows: QuerySet[Payout], after: uuid.UUID | None, limit: int) -> list[Payout]:
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.order_by("id")[:limit])


def floors(*, after: int | None = None, limit: int = 200) -> list[Floor]:
    """Every floor in the order of its id."""
    return list(Floor.objects.filter(id__gt=after or 0).order_by("id")[:limit])
