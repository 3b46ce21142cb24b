"""What a ScoreCard does not know, or was told rather than measured: stated beside what it does know. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from palabre.impact.scorecard.facts import Facts, FloorFacts
from palabre.impact.scorecard.pay_per_hour import LEGAL_MINIMUM, LIVING_TARIFF, earned_by_member
from palabre.impact.scorecard.percentiles import decimal_text
from palabre.impact.scorecard.suppression import few, fewest_of, published
from palabre.people.small_groups import FEWEST
from palabre.record.canonical import Json

CHECKED_FOR = dt.timedelta(days=365)


def unknown(facts: Facts) -> list[dict[str, Json]]:
    """Each entry is a code with the fields that its sentence needs; the sentences are in `rendering.unknowns`."""
    return [{"code": code, **fields} for code, fields in _entries(facts)]


def held_back(statement: Json) -> list[dict[str, Json]]:
    """What is said where anything in a statement is held back."""
    return [{"code": "small_group", "fewest": FEWEST}] if _holds_back(statement) else []


def _holds_back(value: Json) -> bool:
    if isinstance(value, Mapping):
        return "suppressed" in value or any(_holds_back(one) for one in value.values())
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(_holds_back, value))


def _entries(facts: Facts) -> Iterator[tuple[str, dict[str, Json]]]:
    yield from _about_times(facts)
    yield from _about_floors(facts)
    yield from _about_money(facts)
    for one in facts.work.agreements:
        if one.agreed.alpha is None:
            yield "agreement_undefined", {"question": one.question}
    for question in facts.work.unmeasured:
        yield "agreement_unmeasured", {"question": question}
    yield "own_costs", {}
    yield "payouts", {}


def _about_times(facts: Facts) -> Iterator[tuple[str, dict[str, Json]]]:
    total = sum(row.ms for row in facts.time)
    declared = sum(row.ms for row in facts.time if row.source == "declared")
    if facts.project.declared_times or declared:
        yield _declared(facts, declared, total)
    if facts.project.declared_times:
        yield "campaign_replayed", {}
    if not facts.project.piloted:
        yield "no_pilot", {}
    if facts.corrections_waiting:
        yield "corrections_waiting", {"count": published(facts.corrections_waiting, len(facts.places))}


def _declared(facts: Facts, declared: int, total: int) -> tuple[str, dict[str, Json]]:
    """Which share of the time: of all, or of five people's or more, with five or more besides."""
    if total == declared and total > 0:
        return "times_declared", {"share": "1.0000"}
    groups = {
        told: frozenset(row.member for row in facts.time if (row.source == "declared") is told)
        for told in (True, False)
    }
    if total <= 0 or any(few(len(who)) for who in groups.values()) or few(len(facts.places)):
        return "times_partly_declared", {}
    return "times_declared", {"share": decimal_text(Fraction(declared, total), 4)}


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
    if facts.days.never_settled:
        days = published(facts.days.never_settled, fewest_of(members, facts.days.unsettled))
        yield "days_without_floor", {"days": days}
    if not facts.money.quoted_judgements:
        yield "no_quote", {}
    if len(earned_by_member(facts)) < members:
        yield "no_hourly_pay", {}
