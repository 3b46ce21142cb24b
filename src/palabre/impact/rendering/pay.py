"""Pay per hour beside the figures of each place, worded and drawn."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from palabre.impact.rendering.figures import Figures, is_stated
from palabre.impact.rendering.sheet import Pay, Place, Strip, permille

SPREAD = ("p10", "median", "p90")
FLOORS = ("legalMinimum", "livingTariff")
# The end of a strip lies this much beyond the largest figure on it.
BEYOND = Decimal("1.06")


def pay_of(per_hour: Mapping[str, Any], figures: Figures) -> Pay:
    head = [
        _("Place"),
        _("Lowest tenth"),
        _("Median"),
        _("Highest tenth"),
        _("Legal minimum"),
        _("Living tariff"),
    ]
    places = per_hour["places"]
    return Pay(
        title=_("What a counted hour brought"),
        note=_("Base pay and top-ups over all counted hours, before members’ own costs."),
        head=head,
        places=[_place(place, head, figures) for place in places],
        legend=[
            ("range", _("from the lowest to the highest tenth of members")),
            ("middle", _("median")),
            ("legal", _("legal minimum")),
            ("living", _("living tariff")),
        ],
        sources_title=_("Sources of the figures of places"),
        sources=_sources(places, figures),
    )


def _place(place: Mapping[str, Any], head: Sequence[str], figures: Figures) -> Place:
    pay = place["pay"]
    name = figures.country(place["country"])
    name = f"{name} ({place['region']})" if place["region"] else name
    if is_stated(pay):
        spread = [figures.hourly(str(pay[part]), str(pay["currency"])) for part in SPREAD]
    else:
        spread = ["", figures.held_back() if pay else "—", ""]
    floors = [_floor(place[part], figures) for part in FLOORS]
    cells = list(zip(head[1:], [*spread, *floors], strict=True))
    return Place(name, cells, _strip(place) if is_stated(pay) else None)


def _floor(floor: Mapping[str, Any] | None, figures: Figures) -> str:
    return _("not known") if floor is None else figures.hourly(floor["hourly"], floor["currency"])


def _strip(place: Mapping[str, Any]) -> Strip:
    pay = place["pay"]
    low, middle, high = (Decimal(pay[part]) for part in SPREAD)
    legal, living = (_in_currency(place[part], pay["currency"]) for part in FLOORS)
    end = max(high, legal or high, living or high) * BEYOND or Decimal(1)
    return Strip(
        low=permille(float(low / end)),
        middle=permille(float(middle / end)),
        high=permille(float(high / end)),
        legal=None if legal is None else permille(float(legal / end)),
        living=None if living is None else permille(float(living / end)),
    )


def _in_currency(floor: Mapping[str, Any] | None, currency: str) -> Decimal | None:
    return Decimal(floor["hourly"]) if floor and floor["currency"] == currency else None


def _sources(places: Sequence[Mapping[str, Any]], figures: Figures) -> list[str]:
    """Each figure of a place with its law or source, how sure it is and when it was looked at."""
    return [
        _source(place["country"], part, place[part], figures)
        for place in places
        for part in FLOORS
        if place[part] is not None
    ]


def _source(country: str, part: str, floor: Mapping[str, Any], figures: Figures) -> str:
    kind = _("legal minimum") if part == "legalMinimum" else _("living tariff")
    names = [name for name in (floor["legalReference"], floor["source"]) if name]
    return _(
        "%(place)s, %(kind)s: %(source)s (%(confidence)s), since %(since)s, looked at on %(checked)s"
    ) % {
        "place": figures.country(country),
        "kind": kind,
        "source": ", ".join(names),
        "confidence": _confidence(floor["confidence"]),
        "since": figures.date(floor["validFrom"]),
        "checked": figures.date(floor["checkedOn"]),
    }


def _confidence(confidence: str) -> str:
    words = {
        "law": _("from the law"),
        "public_body": _("from a public body"),
        "press": _("from the press"),
        "study": _("from a study"),
    }
    return words.get(confidence, confidence)
