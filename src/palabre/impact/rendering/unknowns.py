"""The sentences for what a ScoreCard does not know."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from palabre.impact.rendering.figures import Figures
from palabre.record.canonical import Json

# Entries that say the same of several places are told once, with all of the places.
_OF_PLACES = ("no_legal_minimum", "no_living_tariff", "floor_from_press", "floor_old")


def sentences(entries: Sequence[Mapping[str, Json]], figures: Figures) -> list[str]:
    """One sentence for each thing that is not known, in the order of the statement."""
    told: dict[tuple[Json, ...], list[Mapping[str, Json]]] = {}
    for entry in entries:
        code = entry["code"]
        key = (code, entry.get("kind"), entry.get("checkedOn")) if code in _OF_PLACES else (code, len(told))
        told.setdefault(key, []).append(entry)
    return [_sentence(str(same[0]["code"])) % _fields(same, figures) for same in told.values()]


def _fields(same: Sequence[Mapping[str, Json]], figures: Figures) -> dict[str, str]:
    entry = same[0]
    fields = {name: figures.number(entry[name]) for name in ("days", "count", "fewest") if name in entry}
    if isinstance(entry.get("share"), str):
        fields["share"] = figures.percent(str(entry["share"]), 1)
    if "checkedOn" in entry:
        fields["date"] = figures.date(str(entry["checkedOn"]))
    if "kind" in entry:
        fields["kind"] = _kind(str(entry["kind"]))
    countries = sorted({figures.country(str(one["country"])) for one in same if "country" in one})
    return {**fields, "question": str(entry.get("question", "")), "places": ", ".join(countries)}


def _kind(kind: str) -> str:
    return _("living tariff") if kind == "living_tariff" else _("legal minimum")


def _sentence(code: str) -> str:
    """`%%` aside, its places are filled by `_fields`. A code of a later version is shown as it is."""
    words = {
        "times_declared": _("Times were declared, not measured, for %(share)s of the counted time."),
        "campaign_replayed": _(
            "The work was done elsewhere and taken over from a file: who the people are, where they live and"
            " what they were paid then was not checked. Pay is what the rules here come to."
        ),
        "no_pilot": _(
            "There was no pilot: the time that an answer takes was guessed when the price was made, and no"
            " member said beforehand whether the guideline was clear."
        ),
        "corrections_waiting": _("Corrections of time that still wait for an answer: %(count)s."),
        "no_legal_minimum": _("No legal minimum is known here for: %(places)s."),
        "no_living_tariff": _("No living tariff is known here for: %(places)s."),
        "floor_from_press": _(
            "Taken from the press, nobody here has read the law itself: the %(kind)s of %(places)s."
        ),
        "floor_old": _("Last compared with its source on %(date)s: the %(kind)s of %(places)s."),
        "times_partly_declared": _("Some times were declared, not measured."),
        "days_without_floor": _(
            "Days of members that nobody could settle, because no floor is known for the place: %(days)s."
        ),
        "no_quote": _("No quote was accepted, so there is no price to compare with."),
        "no_hourly_pay": _("Some members have no pay per hour that could be stated."),
        "agreement_undefined": _("On “%(question)s”, agreement is not defined for these judgements."),
        "agreement_unmeasured": _("On “%(question)s”, agreement was not measured."),
        "small_group": _(
            "Figures over fewer than %(fewest)s people, and those that would give them away, are held back."
        ),
        "own_costs": _(
            "What members spend themselves (connection, electricity, equipment, taxes) is not known."
        ),
        "payouts": _("Pay is what was credited to members’ accounts; when they drew it is not stated here."),
    }
    return words.get(code, code.replace("_", " ").replace("%", "%%"))
