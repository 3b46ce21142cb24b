"""What an hour brought, over members, beside what the law and a living ask for in their places. Pure.

An hour's pay of a member is all that she was credited for the project (base pay and top-ups), before any cost
of her own, divided by all her counted time for it, of every kind.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from palabre.impact.scorecard.facts import Facts, FloorFacts, Place
from palabre.impact.scorecard.percentiles import decimal_text, spread
from palabre.impact.scorecard.suppression import SUPPRESSED, parted, published, without_few
from palabre.money import minor_units
from palabre.people.small_groups import FEWEST
from palabre.record.canonical import Json

HOUR_MS = 3_600_000
LEGAL_MINIMUM, LIVING_TARIFF = "legal_minimum", "living_tariff"


@dataclass(frozen=True, slots=True)
class Earned:
    """One member: major units of `currency` an hour, exact; `place` is where she lives."""

    member: UUID
    place: Place
    currency: str
    hourly: Fraction


def earned_by_member(facts: Facts) -> list[Earned]:
    """Members with counted time and pay in one currency; others have no pay per hour that could be stated."""
    hours = counted_ms(facts)
    paid: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in facts.pay:
        paid[row.member][row.currency] += row.credited
    for top_up in facts.top_ups:
        paid[top_up.member][top_up.currency] += top_up.amount
    return [
        _earned(member, place, paid[member], hours[member])
        for member, place in sorted(facts.places.items())
        if hours.get(member, 0) > 0 and len(paid[member]) == 1
    ]


def counted_ms(facts: Facts) -> Mapping[UUID, int]:
    sums: dict[UUID, int] = defaultdict(int)
    for row in facts.time:
        sums[row.member] += row.ms
    return sums


def per_hour(facts: Facts) -> dict[str, Json]:
    """Pay per hour by place in its currency, and over all members as a multiple of their places' figures.

    Every place that the project was open to has its legal minimum and living tariff; the pay of its members
    only where five or more live there.
    """
    earned = earned_by_member(facts)
    by_place: dict[Place, list[Earned]] = defaultdict(list)
    for one in earned:
        by_place[one.place].append(one)
    members_of = {place: frozenset(one.member for one in who) for place, who in sorted(by_place.items())}
    named = parted(members_of).named
    stated = frozenset[UUID]().union(*(members_of[place] for place in named))
    open_to = {(country, "") for country in facts.project.countries}
    return {
        "members": published(len(earned), len(earned)),
        "ofLegalMinimum": _multiples(facts, earned, stated, LEGAL_MINIMUM),
        "ofLivingTariff": _multiples(facts, earned, stated, LIVING_TARIFF),
        "places": [
            _place(place, by_place[place] if place in named else [], facts)
            for place in sorted({*named, *open_to})
        ],
    }


def _earned(member: UUID, place: Place, paid: Mapping[str, int], ms: int) -> Earned:
    ((currency, amount),) = paid.items()
    return Earned(member, place, currency, Fraction(amount * HOUR_MS, ms * 10 ** minor_units(currency)))


def _multiples(facts: Facts, earned: Sequence[Earned], stated: frozenset[UUID], kind: str) -> Json:
    """Each member's hour over her own place's figure; None where no place has one in her currency.

    Those whose place is not named are left out where they are so few that the places' own figures give them away.
    """
    figures = [(one, facts.floors.get(one.place, {}).get(kind)) for one in earned]
    found = {
        one.member: one.hourly / floor.hourly
        for one, floor in figures
        if floor and floor.currency == one.currency
    }
    if not found:
        return None
    over = without_few(frozenset(found), stated)
    ratios = [ratio for member, ratio in found.items() if member in over]
    if len(ratios) < FEWEST:
        return SUPPRESSED
    return {**spread(ratios, 2), "members": len(ratios)}


def _place(place: Place, earned: Sequence[Earned], facts: Facts) -> dict[str, Json]:
    floors = facts.floors.get(place, {})
    country, region = place
    return {
        "country": country,
        "region": region,
        "pay": _pay(earned) if earned else SUPPRESSED,
        "legalMinimum": _floor(floors.get(LEGAL_MINIMUM)),
        "livingTariff": _floor(floors.get(LIVING_TARIFF)),
    }


def _pay(earned: Sequence[Earned]) -> Json:
    currencies = {one.currency for one in earned}
    if len(currencies) > 1:
        return None
    (currency,) = currencies
    figures = spread([one.hourly for one in earned], minor_units(currency) or 1)
    stated: dict[str, Json] = {"currency": currency, "members": len(earned), **figures}
    return published(stated, len(earned))


def _floor(floor: FloorFacts | None) -> Json:
    if floor is None:
        return None
    return {
        "hourly": decimal_text(floor.hourly, max(minor_units(floor.currency), 2)),
        "currency": floor.currency,
        "published": {"amount": floor.amount, "unit": floor.unit, "weeklyHours": floor.weekly_hours},
        "validFrom": floor.valid_from.isoformat(),
        "legalReference": floor.legal_ref,
        "source": floor.source,
        "confidence": floor.source_kind,
        "licence": floor.licence,
        "checkedOn": floor.checked_on.isoformat(),
    }
