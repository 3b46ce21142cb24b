"""The floor: the least that a counted hour brings in one place, with where the figure comes from."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from django.db.models import Max, Min, Q, QuerySet

from palabre.pay.errors import NoFloor
from palabre.pay.models import Floor

WEEKS, MONTHS = 52, 12  # a month has weekly hours x 52 / 12 hours, never the rounded 173.33
CHECKED_FOR = dt.timedelta(days=365)
_DIGITS = Context(prec=28)


@dataclass(frozen=True, slots=True)
class HourlyFloor:
    """A floor with its hour. `exact` and `hourly` are major units of `floor.currency` an hour."""

    floor: Floor

    @property
    def exact(self) -> Fraction:
        return hourly_exact(self.floor)

    @property
    def hourly(self) -> Decimal:
        """`exact` to 28 digits, for people and prices; settlements count with `exact`."""
        exact = self.exact
        return _DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator))

    @property
    def currency(self) -> str:
        return self.floor.currency

    @property
    def from_press(self) -> bool:
        """Nobody has read the law itself: whoever uses the figure says so."""
        return self.floor.source_kind == "press"

    def holds_on(self, day: dt.date) -> bool:
        """Whether the figure is in force on a day; a day outside all figures of its place has the nearest."""
        return self.floor.valid_from <= day and (self.floor.valid_to is None or day <= self.floor.valid_to)

    def is_old(self, day: dt.date) -> bool:
        """Whether the source was last looked at more than a year before `day`."""
        return self.floor.checked_on + CHECKED_FOR < day


@dataclass(frozen=True, slots=True)
class PlaceFloor:
    """What holds in one place: both figures, and the higher of them, which is the one to pay."""

    legal_minimum: HourlyFloor | None
    living_tariff: HourlyFloor | None
    used: HourlyFloor

    @property
    def floor(self) -> Floor:
        return self.used.floor

    @property
    def hourly(self) -> Decimal:
        return self.used.hourly

    @property
    def exact(self) -> Fraction:
        return self.used.exact

    @property
    def currency(self) -> str:
        return self.used.currency

    @property
    def from_press(self) -> bool:
        return self.used.from_press


def hourly_exact(floor: Floor) -> Fraction:
    """Amount of an hour: as published, or a month's amount / (weekly hours x 52 / 12).

    Cameroon's 60000 a month at 40 hours a week: 60000 x 12 / (40 x 52) = 346.1538…
    """
    amount = Fraction(floor.amount)
    if floor.unit == "hour" or floor.weekly_hours is None:
        return amount
    return amount * MONTHS / (Fraction(floor.weekly_hours) * WEEKS)


def known_floors(at: dt.datetime | None = None) -> QuerySet[Floor]:
    """What is known of floors now, or what was known at an instant: an import that came later is not there."""
    if at is None:
        return Floor.objects.filter(known_to=None)
    return Floor.objects.filter(Q(known_to=None) | Q(known_to__gt=at), known_from__lte=at)


def floor_at(country: str, region: str, day: dt.date) -> PlaceFloor:
    """The floor of a place on a day, for work that no sector of its own is named for.

    The living tariff where one was imported, as long as it is not below the legal minimum. A
    region (ISO 3166-2) that has no figure of its own has its country's. One statement.

    Raises: NoFloor.
    """
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    # The region's own before the country's, then the newest: the first of each kind holds.
    rows = _of_place(country, region).filter(in_force).order_by("-region", "-valid_from")
    found = _best(rows)
    if found is None:
        raise NoFloor(country=country, region=region, day=day)
    return found


def nearest_floor(country: str, region: str, day: dt.date) -> PlaceFloor:
    """The same; for a day outside all figures of the place, those in force on the nearest day that has some.

    Before the first figure it is the first, after the end of the last the last, in between the one before.

    Raises: NoFloor, where the place has none at all.
    """
    try:
        return floor_at(country, region, day)
    except NoFloor:
        rows = _of_place(country, region)
        before = rows.filter(valid_to__lt=day).aggregate(last=Max("valid_to"))["last"]
        after = rows.filter(valid_from__gt=day).aggregate(first=Min("valid_from"))["first"]
        if before is None and after is None:
            raise
        return floor_at(country, region, before or after)


def _of_place(country: str, region: str) -> QuerySet[Floor]:
    return known_floors().filter(country=country, region__in={region, ""}, sector="")


def _best(rows: Iterable[Floor]) -> PlaceFloor | None:
    """The first of each kind, and the higher of them."""
    found: dict[str, HourlyFloor] = {}
    for row in rows:
        found.setdefault(row.kind, HourlyFloor(row))
    if not found:
        return None
    # An import refuses two currencies at one time in one country, so the two can be compared.
    used = max(found.values(), key=lambda one: one.exact)
    return PlaceFloor(found.get(Floor.Kind.LEGAL_MINIMUM), found.get(Floor.Kind.LIVING_TARIFF), used)


def plain(value: Decimal) -> str:
    """An amount as it was published: without the zeros that a column adds."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
