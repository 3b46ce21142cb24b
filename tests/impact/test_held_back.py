"""No figure over fewer than five people is stated or follows; no statement is false or empty."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings

from palabre.impact.rendering.wording import sheet
from palabre.impact.scorecard.checks import scorecard_problems
from palabre.impact.scorecard.facts import Facts
from palabre.impact.scorecard.pay_per_hour import earned_by_member
from palabre.impact.scorecard.subject import SOURCES, subject_of
from palabre.people.small_groups import FEWEST
from tests.impact.attacker import derived
from tests.impact.campaigns import campaigns

NUMBER = "urn:uuid:0199a3f2-7c1e-7d55-8a10-3f6f0a1b2c3d"
NOBODY = frozenset[uuid.UUID]()


def stated(facts: Facts) -> Any:
    return subject_of(facts, number=NUMBER, version=1)


def secrets(facts: Facts) -> Iterator[tuple[str, Fraction]]:
    """The sums and counts over one to four people, by the name that the attacker gives them."""
    topped_up: dict[str, set[uuid.UUID]] = {}
    for row in facts.top_ups:
        for name in ("top_ups", f"top_ups.{row.currency}"):
            topped_up.setdefault(name, set()).add(row.member)
    for name, who in topped_up.items():
        if len(who) < FEWEST:
            of = [row for row in facts.top_ups if name in ("top_ups", f"top_ups.{row.currency}")]
            yield name, Fraction(sum(row.amount for row in of))
    paid = {row.member for row in facts.pay} | {row.member for row in facts.top_ups}
    if 0 < len(paid) < FEWEST:
        yield "to_members", Fraction(facts.money.to_members)
    if 0 < facts.days.below < FEWEST:
        yield "below", Fraction(facts.days.settled - facts.days.at_floor)
    yield from _secret_times(facts)


def _secret_times(facts: Facts) -> Iterator[tuple[str, Fraction]]:
    for parts, key in (("byKind", lambda row: row.kind), ("bySource", lambda row: SOURCES[row.source])):
        for name in {key(row) for row in facts.time}:
            rows = [row for row in facts.time if key(row) == name]
            if len({row.member for row in rows}) < FEWEST:
                ms = Fraction(sum(row.ms for row in rows))
                yield f"{parts}.{name}", ms
                yield f"{parts}.rest", ms
                yield f"{parts}.other", ms
                if name == "declared":
                    yield "declared", round(ms, -3)


@settings(max_examples=200, deadline=None)
@given(campaigns())
def test_nothing_over_few_follows(facts: Facts) -> None:
    subject = stated(facts)
    found = {(name, value) for name, value in derived(subject, facts.money.spent)}
    assert [secret for secret in secrets(facts) if secret in found] == []
    ways = dict(derived(subject, facts.money.spent))
    for name in ("ofLegalMinimum", "ofLivingTariff"):
        if f"{name}.members" in ways:
            _no_few_between(facts, subject, name)


def _no_few_between(facts: Facts, subject: Any, name: str) -> None:
    """Those over whom a multiple is stated, and whose place is not named: none, or five."""
    kind = {"ofLegalMinimum": "legal_minimum", "ofLivingTariff": "living_tariff"}[name]
    per_hour = subject["pay"]["perHour"]
    named = {one["country"] for one in per_hour["places"] if "suppressed" not in (one["pay"] or {})}
    with_figure = [
        one
        for one in earned_by_member(facts)
        if kind in facts.floors.get(one.place, {}) and facts.floors[one.place][kind].currency == one.currency
    ]
    rest = [one for one in with_figure if one.place[0] not in named]
    over = per_hour[name]["members"]
    assert over >= FEWEST
    assert over in (len(with_figure), len(with_figure) - len(rest))
    if over == len(with_figure):
        assert not 0 < len(rest) < FEWEST


@settings(max_examples=150, deadline=None)
@given(campaigns())
def test_no_statement_is_false_or_empty(facts: Facts) -> None:
    subject = stated(facts)
    assert scorecard_problems(subject) == []
    for one in subject["work"]["agreements"]:
        assert one["question"]
        assert one["figure"].get("alpha", one["figure"].get("suppressed")) is not None
    floor = subject["pay"]["floor"]
    assert (floor["all"] is None) == (facts.days.settled == 0)
    if floor["all"] is True:
        assert facts.days.at_floor == facts.days.settled > 0
    asked = {one.question for one in facts.work.agreements} | set(facts.work.unmeasured)
    told = {one["question"] for one in subject["work"]["agreements"]}
    told |= {one["question"] for one in subject["unknown"] if "question" in one}
    assert asked == told
    codes = [one["code"] for one in subject["unknown"]]
    assert ("small_group" in codes) == any(_held_back(part) for part in subject.values())
    assert ("days_without_floor" in codes) == (facts.days.never_settled > 0)


def _held_back(value: object) -> bool:
    if isinstance(value, Mapping):
        return "suppressed" in value or any(map(_held_back, value.values()))
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(_held_back, value))


@pytest.mark.parametrize("language", ["en", "fr"])
@settings(max_examples=50, deadline=None)
@given(facts=campaigns())
def test_in_words_too(language: str, facts: Facts) -> None:
    subject = stated(facts)
    with translation.override(language):
        shown = sheet({"credentialSubject": subject, "issuer": {"id": "did:key:z6Mk"}}, language)
    of = {label: value for listing in shown.listings for label, value in listing.rows}
    said = " ".join([shown.promise.text, *shown.unknown, *of.keys(), *of.values()])
    assert "None" not in said
    assert "%(" not in said
    assert "0 of 0" not in said
    assert "0 sur 0" not in said
    assert "small_group" not in said
    for country in subject["people"]["together"]:
        if isinstance(subject["people"]["elsewhere"], int) and subject["people"]["elsewhere"]:
            assert len(country) == 2
