"""What a ScoreCard does not know, or was told rather than measured: stated beside what it does know. Pure."""

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from palabre.impact.scorecard.facts import Facts, FloorFacts
from palabre.impact.scorecard.pay_per_hour import LEGAL_MINIMUM, LIVING_TARIFF, earned_by_member
from palabre.impact.scorecard.percentiles import decimal_text
from palabre.impact.scorecard.suppression import published
from palabre.people.small_groups import FEWEST
from palabre.record.canonical import Json

CHECKED_FOR = dt.timedelta(days=365)


def unknown(facts: Facts) -> list[dict[str, Json]]:
    """Each entry is a code with the fields that its sentence needs; the sentences are in `wording`."""
    return [{"code": code, **fields} for code, fields in _entries(facts)]


def _entries(facts: Facts) -> Iterator[tuple[str, dict[str, Json]]]:
    yield from _about_times(facts)
    yield from _about_floors(facts)
    yield from _about_money(facts)
    if facts.work.agreement is None or facts.work.agreement.alpha is None:
        yield "agreement_undefined", {}
    if _has_small_group(facts):
        yield "small_group", {"fewest": FEWEST}
    yield "own_costs", {}
    yield "payouts", {}


def _has_small_group(facts: Facts) -> bool:
    countries = {place[0] for place in facts.places.values()}
    living = [sum(1 for place in facts.places.values() if place[0] == country) for country in countries]
    return any(people < FEWEST for people in living)


def _about_times(facts: Facts) -> Iterator[tuple[str, dict[str, Json]]]:
    total = sum(row.ms for row in facts.time)
    declared = sum(row.ms for row in facts.time if row.source == "declared")
    if facts.project.declared_times or declared:
        share = decimal_text(Fraction(declared, total), 4) if total > 0 else None
        yield "times_declared", {"share": share}
    if facts.project.declared_times:
        yield "campaign_replayed", {}
    if not facts.project.piloted:
        yield "no_pilot", {}
    if facts.corrections_waiting:
        yield "corrections_waiting", {"count": published(facts.corrections_waiting, len(facts.places))}


def _about_floors(facts: Facts) -> Iterator[tuple[str, dict[str, Json]]]:
    for country in facts.project.countries:
        floors = facts.floors.get((country, ""), {})
        for kind, missing in ((LEGAL_MINIMUM, "no_legal_minimum"), (LIVING_TARIFF, "no_living_tariff")):
            if kind in floors:
                yield from _about_source(floors[kind], facts.as_of.date())
            else:
                yield missing, {"country": country}


def _about_source(floor: FloorFacts, day: dt.date) -> Iterator[tuple[str, dict[str, Json]]]:
    if floor.source_kind == "press":
        yield "floor_from_press", {"country": floor.country, "kind": floor.kind}
    if floor.checked_on + CHECKED_FOR < day:
        checked_on = floor.checked_on.isoformat()
        yield "floor_old", {"country": floor.country, "kind": floor.kind, "checkedOn": checked_on}


def _about_money(facts: Facts) -> Iterator[tuple[str, dict[str, Json]]]:
    members = len(facts.places)
    if facts.days.not_over:
        yield "days_not_over", {"days": published(facts.days.not_over, members)}
    if not facts.money.quoted_judgements:
        yield "no_quote", {}
    if len(earned_by_member(facts)) < members:
        yield "no_hourly_pay", {}
