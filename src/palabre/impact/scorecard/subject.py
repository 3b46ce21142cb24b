"""From facts to the signed statement: `credentialSubject` of a ScoreCard. Pure.

Amounts are integers in minor units beside their currency, times integers in milliseconds, every other figure
is decimal text. Nothing is worded here: what is unknown is a code with fields, so that the same signed
statement is read in any language.
"""

from collections.abc import Iterable
from fractions import Fraction
from uuid import UUID

from palabre.impact.scorecard.facts import AgreementFacts, DayFacts, Facts
from palabre.impact.scorecard.pay_per_hour import per_hour
from palabre.impact.scorecard.percentiles import decimal_text
from palabre.impact.scorecard.suppression import SUPPRESSED, few, fewest_of, parted, published
from palabre.impact.scorecard.unknowns import held_back, unknown
from palabre.record.canonical import Json
from palabre.times import iso

TYPE = "ScoreCard"
# Raised when the meaning of a figure changes, so that old ScoreCards keep theirs.
METHOD = "palabre-scorecard-1"
SOURCES = {"device": "measured", "server": "measured", "correction": "corrected", "declared": "declared"}


def subject_of(facts: Facts, *, number: str, version: int) -> dict[str, Json]:
    """The statement, without personal data. `number` is its URN, `version` counts those of the project."""
    members = len(facts.places)
    subject: dict[str, Json] = {
        "id": number,
        "type": TYPE,
        "method": METHOD,
        "version": version,
        "asOf": iso(facts.as_of),
        "project": _project(facts),
        "work": _work(facts),
        "people": _people(facts),
        "time": published(_time(facts), fewest_of(members, len({row.member for row in facts.time}))),
        "pay": _pay(facts),
        "decisions": published(_decisions(facts), members),
        "questions": published(
            {"asked": facts.questions.asked, "answered": facts.questions.answered}, members
        ),
        "record": {
            "seal": facts.seal.number,
            "root": facts.seal.root,
            "sealedAt": iso(facts.seal.sealed_at),
        },
    }
    return {**subject, "unknown": [*unknown(facts), *held_back([subject, unknown(facts)])]}


def _project(facts: Facts) -> dict[str, Json]:
    project = facts.project
    return {
        "id": f"urn:uuid:{project.id}",
        "name": project.name,
        "purpose": project.purpose,
        "client": project.client,
        "operator": project.operator,
        "currency": project.currency,
        "countries": list(project.countries),
        "launchedAt": iso(project.launched_at),
        "closedAt": iso(project.closed_at),
    }


def _work(facts: Facts) -> dict[str, Json]:
    work = facts.work
    counted = work.judgements - work.extra
    return {
        "tasks": work.tasks,
        "judgedTasks": work.judged_tasks,
        "overlap": facts.project.overlap,
        "judgements": {"total": work.judgements, "counted": counted, "extra": work.extra},
        "agreements": [_agreement(one) for one in work.agreements if one.agreed.alpha is not None],
    }


def _agreement(one: AgreementFacts) -> dict[str, Json]:
    """How far the members agreed on one question. Where that is not defined, `unknown` says so of the question."""
    agreed = one.agreed
    figure: dict[str, Json] = {
        "measure": "krippendorff_alpha_nominal",
        "alpha": _six(agreed.alpha),
        "low": _six(agreed.low),
        "high": _six(agreed.high),
        "level": "0.95",
        "tasks": agreed.tasks,
        "judgements": agreed.judgements,
    }
    return {"question": one.question, "figure": published(figure, one.members)}


def _six(value: float | None) -> str | None:
    return None if value is None else f"{value:.6f}"


def _people(facts: Facts) -> dict[str, Json]:
    members = len(facts.places)
    by_country = {
        country: frozenset(who for who, place in facts.places.items() if place[0] == country)
        for country in sorted({place[0] for place in facts.places.values()})
    }
    parts = parted(by_country)
    rest = sum(len(by_country[country]) for country in parts.merged)
    return {
        "members": published(members, members),
        "countries": published(len(by_country), members),
        "places": [{"country": country, "members": len(by_country[country])} for country in parts.named],
        # Of these, the places that everybody knows the project was open to.
        "together": [country for country in parts.merged if country in facts.project.countries],
        "elsewhere": published(rest, rest),
    }


def _time(facts: Facts) -> dict[str, Json]:
    """Counted time by kind and by source. Groups of fewer than five people are added up as `other`."""
    return {
        "totalMs": sum(row.ms for row in facts.time),
        "byKind": _grouped((row.kind, row.member, row.ms) for row in facts.time),
        "bySource": _grouped((SOURCES[row.source], row.member, row.ms) for row in facts.time),
    }


def _grouped(rows: Iterable[tuple[str, UUID, int]]) -> list[dict[str, Json]]:
    sums: dict[str, int] = {}
    people: dict[str, set[UUID]] = {}
    for key, member, ms in rows:
        sums[key] = sums.get(key, 0) + ms
        people.setdefault(key, set()).add(member)
    largest_first = sorted(sums, key=lambda key: (-sums[key], key))
    parts = parted({key: frozenset(people[key]) for key in largest_first})
    named: list[dict[str, Json]] = [{"name": key, "ms": sums[key]} for key in parts.named]
    rest = sum(sums[key] for key in parts.merged)
    return [*named, {"name": "other", "ms": rest}] if parts.merged else named


def _pay(facts: Facts) -> dict[str, Json]:
    members = len(facts.places)
    paid = fewest_of(members, len({row.member for row in facts.pay} | {row.member for row in facts.top_ups}))
    given_away = few_topped_up(facts)
    return {
        "perHour": per_hour(facts),
        "money": SUPPRESSED if given_away else published(_money(facts), paid),
        "share": published(_share(facts, 2 if given_away else 4), paid),
        "creditSeconds": published(_credit(facts), members),
        # Over those who got one; that nobody did is a figure over all.
        "topUps": published(_top_ups(facts), len({row.member for row in facts.top_ups}) or members),
        "floor": _floor(facts.days, members),
    }


def few_topped_up(facts: Facts) -> bool:
    """Whether top-ups went to so few, all together or in one currency, that their sum is held back.

    Base pay follows from the work and its price, or from social cover and its share: what members got besides
    would be those top-ups. So the parts of the price are held back with them, and its share is in whole percent.
    """
    topped_up: dict[str, set[UUID]] = {}
    for row in facts.top_ups:
        topped_up.setdefault(row.currency, set()).add(row.member)
    return any(few(len(who)) for who in [*topped_up.values(), set().union(*topped_up.values())])


def _money(facts: Facts) -> dict[str, Json]:
    """The client's money by the ledger, in the project's currency: what was spent is the price of the work
    done, what is left is still the client's. Top-ups that the platform bore are not in it. Base pay and
    top-ups are one sum, since few members may have been topped up."""
    money = facts.money
    return {
        "currency": facts.project.currency,
        "quoted": money.quoted,
        "quotedJudgements": money.quoted_judgements,
        "paidIn": money.paid_in,
        "toMembers": money.to_members,
        "socialCover": money.social_cover,
        "platformShare": money.platform_share,
        "spent": money.spent,
        "left": money.paid_in - money.spent - money.returned,
        "returned": money.returned,
    }


def _share(facts: Facts, decimals: int) -> str | None:
    """Of each unit of the price of the work done, what went to members; None where nothing was spent."""
    money = facts.money
    return decimal_text(Fraction(money.to_members, money.spent), decimals) if money.spent > 0 else None


def _credit(facts: Facts) -> dict[str, Json] | None:
    """Seconds from an answer to the moment when it was credited, over all answers."""
    if facts.work.credit_ms is None:
        return None
    middle, slow = facts.work.credit_ms
    return {
        "median": decimal_text(Fraction(middle, 1000), 3),
        "p90": decimal_text(Fraction(slow, 1000), 3),
        "judgements": facts.work.judgements,
    }


def _top_ups(facts: Facts) -> dict[str, Json]:
    return {
        "count": sum(row.count for row in facts.top_ups),
        "members": len({row.member for row in facts.top_ups}),
        "sums": SUPPRESSED
        if few_topped_up(facts)
        else _by_currency((row.currency, row.amount) for row in facts.top_ups),
    }


def _by_currency(amounts: Iterable[tuple[str, int]]) -> list[dict[str, Json]]:
    sums: dict[str, int] = {}
    for currency, amount in amounts:
        sums[currency] = sums.get(currency, 0) + amount
    return [{"currency": currency, "amount": sums[currency]} for currency in sorted(sums)]


def _floor(days: DayFacts, members: int) -> dict[str, Json]:
    """`all` is None where no day could be settled: then there is nothing that could have reached a floor."""
    return {
        "settledDays": published(days.settled, members),
        "atFloor": SUPPRESSED if few(days.below) else published(days.at_floor, members),
        "all": days.settled == days.at_floor if days.settled else None,
    }


def _decisions(facts: Facts) -> dict[str, Json]:
    decisions = facts.decisions
    return {
        "againstMembers": decisions.taken,
        "appealed": decisions.appealed,
        "reversed": decisions.reversed,
        "open": decisions.open,
    }
