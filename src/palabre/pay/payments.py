"""Reads for who pays out: payouts by state, their history, and the floors and rates in force."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import F, Q, QuerySet, Sum

from palabre.pay.errors import PayoutNotFound
from palabre.pay.floors import HourlyFloor
from palabre.pay.models import ExchangeRate, Floor, Payout
from palabre.people.actor import Actor
from palabre.people.models import PersonalData
from palabre.people.permissions import Permission
from palabre.people.walls import only_here
from palabre.record.models import Event

State = Payout.State
OPEN = (State.PREPARED, State.SENT, State.ACCEPTED, State.PENDING, State.UNKNOWN)
# A person can only close these: of the others the provider is still to be asked.
TO_CLOSE = (State.PENDING, State.UNKNOWN)
# More than these wait only where nobody has looked for long; the sums are of all.
SHOWN = 200


def can_be_closed(payout: Payout) -> bool:
    return payout.state in TO_CLOSE


def on_their_way(by: Actor) -> list[Payout]:
    """Payouts that have not ended, those first that were asked for first. One statement."""
    return list(_seen(by).filter(state__in=OPEN).order_by("asked_at", "id")[:SHOWN])


def sums_on_their_way(by: Actor) -> dict[str, int]:
    """What they come to by currency. One statement."""
    open_ones = _seen(by).filter(state__in=OPEN).values_list("currency").order_by("currency")
    return {currency: int(amount) for currency, amount in open_ones.annotate(Sum("amount"))}


def ended(by: Actor, *, after: uuid.UUID | None, limit: int) -> list[Payout]:
    """Paid and failed payouts in the order of their ids. One statement."""
    found = _seen(by).exclude(state__in=OPEN)
    return list((found.filter(id__gt=after) if after else found).order_by("id")[:limit])


def payout_for(by: Actor, payout: uuid.UUID) -> Payout:
    """One payout of a member of the actor's organisation. Raises: PayoutNotFound."""
    found = _seen(by).filter(id=payout).first()
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
    in_force = Floor.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
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
    """Payouts of those whom the actor's organisation has or had, and no other operator."""
    return Payout.objects.filter(member__in=only_here(by.organisation).values("id"))
