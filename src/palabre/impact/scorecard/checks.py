"""The arithmetic of a signed ScoreCard, checked by anyone, offline: no Django, no database.

Importing this module registers the check for `palabre verify`.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from palabre.impact.scorecard.form import form_problems
from palabre.record.canonical import Json
from palabre.record.problems import Problem
from palabre.record.verify_file import checks
from palabre.words import Sentence
from palabre.words import gettext_lazy as _

TYPE = "ScoreCard"


def scorecard_problems(subject: Mapping[str, Json]) -> list[Problem]:
    """What in a ScoreCard is not of its form or, where it is, contradicts itself."""
    return form_problems(subject) or list(_contradictions(subject))


checks[TYPE] = scorecard_problems


def _contradictions(subject: Mapping[str, Json]) -> Iterator[Problem]:
    yield from _time(_part(subject, "time"))
    yield from _work(_part(subject, "work"))
    yield from _people(_part(subject, "people"))
    yield from _pay(_part(subject, "pay"))
    yield from _decisions(_part(subject, "decisions"), _part(subject, "questions"))


def _part(of: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """A part of a ScoreCard; empty where it is held back or none."""
    part = of[name]
    return part if isinstance(part, Mapping) and "suppressed" not in part else {}


def _time(time: Mapping[str, Json]) -> Iterator[Problem]:
    if not time:
        return
    for name in ("byKind", "bySource"):
        total = sum(_integer(row, "ms") for row in _rows(time, name))
        if total != time["totalMs"]:
            sentence = _("%(path)s: the parts add up to %(sum)s ms, the total says %(total)s ms.")
            yield _off("sum", sentence, path=f"time.{name}", sum=total, total=time["totalMs"])


def _work(work: Mapping[str, Json]) -> Iterator[Problem]:
    judgements = _part(work, "judgements")
    counted, extra = _integer(judgements, "counted"), _integer(judgements, "extra")
    if counted + extra != judgements["total"]:
        sentence = _("%(path)s: counted and extra judgements add up to %(sum)s, the total says %(total)s.")
        yield _off(
            "judgements", sentence, path="work.judgements", sum=counted + extra, total=judgements["total"]
        )
    if _integer(work, "judgedTasks") > _integer(work, "tasks"):
        yield _off("tasks", _("%(path)s: more tasks are judged than there are."), path="work.judgedTasks")
    for number, one in enumerate(_rows(work, "agreements")):
        yield from _rising(
            _part(one, "figure"), ("low", "alpha", "high"), f"work.agreements[{number}].figure"
        )


def _people(people: Mapping[str, Json]) -> Iterator[Problem]:
    members, elsewhere = people["members"], people["elsewhere"]
    if not isinstance(members, int) or not isinstance(elsewhere, int):
        return
    total = sum(_integer(place, "members") for place in _rows(people, "places")) + elsewhere
    if total != members:
        sentence = _("%(path)s: the places add up to %(sum)s members, the total says %(total)s.")
        yield _off("people", sentence, path="people.places", sum=total, total=members)


def _pay(pay: Mapping[str, Json]) -> Iterator[Problem]:
    per_hour = _part(pay, "perHour")
    for name in ("ofLegalMinimum", "ofLivingTariff"):
        yield from _rising(_part(per_hour, name), ("p10", "median", "p90"), f"pay.perHour.{name}")
    for number, place in enumerate(_rows(per_hour, "places")):
        path = f"pay.perHour.places[{number}].pay"
        yield from _rising(_part(place, "pay"), ("p10", "median", "p90"), path)
    yield from _rising(_part(pay, "creditSeconds"), ("median", "p90"), "pay.creditSeconds")
    yield from _money(_part(pay, "money"), pay["share"])
    yield from _floor(_part(pay, "floor"))


def _money(money: Mapping[str, Json], share: Json) -> Iterator[Problem]:
    if not money:
        return
    parts = sum(_integer(money, name) for name in ("toMembers", "socialCover", "platformShare"))
    if parts != money["spent"]:
        sentence = _("%(path)s: the parts of the price add up to %(sum)s, the price is %(total)s.")
        yield _off("price", sentence, path="pay.money.spent", sum=parts, total=money["spent"])
    left = _integer(money, "paidIn") - _integer(money, "spent") - _integer(money, "returned")
    if left != money["left"]:
        sentence = _("%(path)s: %(left)s is left by the sums, not %(stated)s.")
        yield _off("left", sentence, path="pay.money.left", left=left, stated=money["left"])
    if isinstance(share, str) and not _is_share(Decimal(share), money):
        sentence = _("%(path)s: the share is not what members got over the price.")
        yield _off("share", sentence, path="pay.share")


def _is_share(share: Decimal, money: Mapping[str, Json]) -> bool:
    spent = _integer(money, "spent")
    return spent > 0 and abs(Decimal(_integer(money, "toMembers")) / spent - share) <= Decimal("0.00005")


def _floor(floor: Mapping[str, Json]) -> Iterator[Problem]:
    settled, reached = floor["settledDays"], floor["atFloor"]
    if not isinstance(settled, int) or not isinstance(reached, int):
        return
    if reached > settled or floor["all"] != (settled == reached if settled else None):
        sentence = _("%(path)s: the days at the floor and the statement about all of them don't fit.")
        yield _off("floor", sentence, path="pay.floor")


def _decisions(decisions: Mapping[str, Json], questions: Mapping[str, Json]) -> Iterator[Problem]:
    if decisions and not _falls(decisions, ("againstMembers", "appealed", "reversed")):
        sentence = _("%(path)s: more decisions were reversed than contested, or contested than taken.")
        yield _off("decisions", sentence, path="decisions")
    if questions and not _falls(questions, ("asked", "answered")):
        yield _off("questions", _("%(path)s: more questions are answered than asked."), path="questions")


def _falls(of: Mapping[str, Json], names: Sequence[str]) -> bool:
    return all(_integer(of, one) >= _integer(of, other) for one, other in pairwise(names))


def _rising(of: Mapping[str, Json], names: Sequence[str], path: str) -> Iterator[Problem]:
    stated = [Decimal(value) for name in names if isinstance(value := of.get(name), str)]
    if stated != sorted(stated):
        sentence = _("%(path)s: %(names)s are not in rising order.")
        yield _off("order", sentence, path=path, names=", ".join(names))


def _rows(of: Mapping[str, Json], name: str) -> list[Mapping[str, Json]]:
    rows = of.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, Sequence) else []


def _integer(of: Mapping[str, Json], name: str) -> int:
    value = of[name]
    return value if isinstance(value, int) else 0


def _off(code: str, sentence: Sentence, **fields: object) -> Problem:
    return Problem(f"impact.scorecard_{code}", sentence, fields)
