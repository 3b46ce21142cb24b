"""The published figures of the places that a project was open to, and where its members live."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from palabre.impact.scorecard.facts import FloorFacts, Place, ProjectFacts
from palabre.pay.floors import hourly_exact, known_floors
from palabre.pay.models import Floor


def floors_of(
    project: ProjectFacts, places: Mapping[uuid.UUID, Place], as_of: dt.datetime
) -> dict[Place, dict[str, FloorFacts]]:
    """Legal minimum and living tariff in force when the project closed, as known at `as_of`, by place and kind.

    One statement.

    A region without a figure of its own has its country's, as `pay.floors.floor_at` says.
    """
    wanted = {(country, "") for country in project.countries} | set(places.values())
    day = min(project.closed_at, as_of).date()
    rows = known_floors(as_of).filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        valid_from__lte=day,
        country__in={country for country, _ in wanted},
        sector="",
    )
    held = _newest(rows.order_by("-valid_from"))
    return {place: held[place[0], ""] | held[place] for place in sorted(wanted) if place[0]}


def _newest(rows: Iterable[Floor]) -> defaultdict[Place, dict[str, FloorFacts]]:
    held: defaultdict[Place, dict[str, FloorFacts]] = defaultdict(dict)
    for row in rows:
        held[row.country, row.region].setdefault(row.kind, _facts(row))
    return held


def _facts(row: Floor) -> FloorFacts:
    return FloorFacts(
        kind=row.kind,
        country=row.country,
        region=row.region,
        hourly=hourly_exact(row),
        amount=_plain(f"{row.amount:f}"),
        unit=row.unit,
        weekly_hours=None if row.weekly_hours is None else _plain(f"{row.weekly_hours:f}"),
        currency=row.currency,
        valid_from=row.valid_from,
        legal_ref=row.legal_ref,
        source=row.source,
        source_kind=row.source_kind,
        licence=row.licence,
        checked_on=row.checked_on,
    )


def _plain(text: str) -> str:
    """Without the zeros that the column adds."""
    return text.rstrip("0").rstrip(".") if "." in text else text
