"""Reads for who pays out: payouts by state, their history, and the floors and rates in force."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from palabre.pay.errors import BatchNotFound, PayoutNotFound
from palabre.pay.floors import HourlyFloor, known_floors
from palabre.pay.models import ExchangeRate, Floor, OperatorAccount, Payout, PayoutBatch, PayoutWay
from palabre.people.actor import Actor
from palabre.people.models import PersonalData
from palabre.people.permissions import Permission
from palabre.record.models import Event

State = Payout.State
ENDED = (State.PAID, State.FAILED, State.TAKEN_BACK)
# More than these wait only where nobody has looked for long; the sums are of all.
SHOWN = 200


class Open(NamedTuple):
    """Payouts that have not ended: those that wait for somebody, and those in somebody's hands."""

    to_carry: list[Payout]
    in_hands: list[Payout]


def open_payouts(by: Actor) -> Open:
    """What has not ended, those first that were asked for first. One statement."""
    rows = _seen(by).exclude(state__in=ENDED).select_related("destination", "batch")
    found = list(rows.order_by("asked_at", "id")[:SHOWN])
    return Open(
        [row for row in found if row.state == State.PREPARED],
        [row for row in found if row.state != State.PREPARED],
    )


def sums_open(by: Actor) -> dict[str, int]:
    """What has not ended comes to, by currency. One statement."""
    open_ones = _seen(by).exclude(state__in=ENDED).values_list("currency").order_by("currency")
    return {currency: int(amount) for currency, amount in open_ones.annotate(Sum("amount"))}


def batches(by: Actor, limit: int) -> list[PayoutBatch]:
    """The batches of the actor's organisation with how many payouts each has and how many are open. One statement."""
    is_open = ~Q(payout__state__in=ENDED) & Q(payout__isnull=False)
    counted = PayoutBatch.objects.filter(operator=by.organisation).annotate(
        payouts=Count("payout"), left=Count("payout", filter=is_open)
    )
    return list(counted.order_by("-taken_at", "id")[:limit])


def batch_for(by: Actor, batch: uuid.UUID) -> PayoutBatch:
    """One batch of the actor's organisation. Raises: BatchNotFound."""
    found = PayoutBatch.objects.filter(operator=by.organisation, id=batch).first()
    if found is None:
        raise BatchNotFound
    return found


def ways(by: Actor) -> list[PayoutWay]:
    """How the actor's organisation carries money. One statement."""
    return list(PayoutWay.objects.filter(operator=by.organisation).order_by("way"))


def operator_account(operator: uuid.UUID | None) -> OperatorAccount | None:
    """Which account an operator pays from and is paid into. One statement."""
    return OperatorAccount.objects.filter(operator=operator).first()


def payouts_in(batch: PayoutBatch) -> list[Payout]:
    """What a batch holds, in the order in which it was asked for. One statement."""
    held = Payout.objects.filter(batch=batch).select_related("destination")
    return list(held.order_by("asked_at", "id"))


def ended(by: Actor, *, after: uuid.UUID | None, limit: int) -> list[Payout]:
    """Paid and failed payouts in the order of their ids. One statement."""
    found = _seen(by).filter(state__in=ENDED).select_related("destination")
    return list((found.filter(id__gt=after) if after else found).order_by("id")[:limit])


def payout_for(by: Actor, payout: uuid.UUID) -> Payout:
    """One payout of a member of the actor's organisation. Raises: PayoutNotFound."""
    found = _seen(by).select_related("destination", "batch").filter(id=payout).first()
    if found is None:
        raise PayoutNotFound
    return found


def history(payout: Payout) -> list[Event]:
    """What the record says of it, in order. One statement."""
    return list(Event.objects.filter(subject=f"payout:{payout.id}").order_by("seq"))


def names(by: Actor, members: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of those to be paid, for who pays them; nobody's for anybody else. One statement at most."""
    if not by.may(Permission.PAY_OUT):
        return {}
    return dict(PersonalData.objects.filter(account__in=set(members)).values_list("account_id", "name"))


def floors_in_force(day: dt.date, *, after: int | None, limit: int) -> list[HourlyFloor]:
    """Floors that hold on a day, in the order of their ids: of each place, kind and sector the newest.

    One statement.
    """
    in_force = known_floors().filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    newest = (
        in_force.order_by("kind", "country", "region", "sector", "-valid_from")
        .distinct("kind", "country", "region", "sector")
        .values("id")
    )
    rows = Floor.objects.filter(id__in=newest, id__gt=after or 0).order_by("id")[:limit]
    return [HourlyFloor(row) for row in rows]


def newest_rates(day: dt.date) -> list[ExchangeRate]:
    """The newest rate of each pair on or before a day. One statement."""
    known = ExchangeRate.objects.filter(on__lte=day)
    return list(known.order_by("base", "quote", F("on").desc()).distinct("base", "quote"))


def _seen(by: Actor) -> QuerySet[Payout]:
    """Payouts that the actor's organisation pays."""
    return Payout.objects.filter(operator=by.organisation)
