"""Floors and exchange rates come from files that name their sources."""

import datetime as dt
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palabre.pay.floors import known_floors
from palabre.pay.models import ExchangeRate, Floor
from palabre.pay.tables import CellProblem, Cells, read_table, refuse_if
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record

FLOOR_COLUMNS = [
    "kind",
    "country",
    "region",
    "sector",
    "amount",
    "currency",
    "unit",
    "weekly_hours",
    "hours_source",
    "valid_from",
    "valid_to",
    "legal_ref",
    "source",
    "source_kind",
    "licence",
    "checked_on",
]
RATE_COLUMNS = ["base", "quote", "rate", "on", "source"]
SOURCE_KINDS = ("law", "public_body", "press", "study")
# What a floor amounts to: never changed once it is there, since days were settled by it.
_FIGURES = ("amount", "currency", "unit", "weekly_hours")
_BESIDES = ("hours_source", "valid_to", "legal_ref", "source", "source_kind", "licence", "checked_on")
_TWO_CURRENCIES = """
SELECT a.country, a.currency, b.currency FROM pay_floor a JOIN pay_floor b
ON a.country = b.country AND a.currency < b.currency
AND a.known_to IS NULL AND b.known_to IS NULL
AND a.valid_from <= coalesce(b.valid_to, 'infinity') AND b.valid_from <= coalesce(a.valid_to, 'infinity')
ORDER BY 1 LIMIT 1
"""


class Imported(NamedTuple):
    """Rows that are new, and rows that were there already."""

    added: int
    known: int


@transaction.atomic
def import_floors(data: bytes, *, by: Actor, at: dt.datetime) -> Imported:
    """Take a table of floors (UTF-8 CSV with FLOOR_COLUMNS), all of it or nothing.

    `region` is an ISO 3166-2 code or empty for the whole country; `sector` is empty for the rate
    that holds where no other is named; a month needs its weekly hours and where they come from.
    A row that is there already is refreshed (checked_on, valid_to, source), its figure never changes:
    a new figure has a new `valid_from`. What was known before stays, with the instant until which it was.

    Raises: NotAllowed, TableRefused (each wrong cell by line and column).
    """
    by.require(Permission.MANAGE_FLOORS)
    problems: list[CellProblem] = []
    lines = [(cells, _floor(cells, at)) for cells in read_table(data, FLOOR_COLUMNS, problems)]
    refuse_if(problems)
    added = [floor for cells, floor in lines if _store_floor(cells, floor)]
    refuse_if(problems)
    _check_currencies()
    _note("pay.floors.imported", "floors", data, [floor.id for floor in added], len(lines), by=by, at=at)
    return Imported(len(added), len(lines) - len(added))


@transaction.atomic
def import_rates(data: bytes, *, by: Actor, at: dt.datetime) -> Imported:
    """Take a table of exchange rates (UTF-8 CSV with RATE_COLUMNS), all of it or nothing.

    Raises: NotAllowed, TableRefused (each wrong cell by line and column; also a rate that is there
    already with another value).
    """
    by.require(Permission.MANAGE_FLOORS)
    problems: list[CellProblem] = []
    lines = [(cells, _rate(cells)) for cells in read_table(data, RATE_COLUMNS, problems)]
    refuse_if(problems)
    added = [rate for cells, rate in lines if _store_rate(cells, rate)]
    refuse_if(problems)
    _note("pay.rates.imported", "rates", data, [rate.pk for rate in added], len(lines), by=by, at=at)
    return Imported(len(added), len(lines) - len(added))


def load_fixture(*, by: Actor, at: dt.datetime) -> Imported:
    """Take the floors and fixed parities that come with the program. A repeat changes nothing."""
    folder = files("palabre.pay") / "data"
    floors = import_floors((folder / "floors.csv").read_bytes(), by=by, at=at)
    rates = import_rates((folder / "exchange_rates.csv").read_bytes(), by=by, at=at)
    return Imported(floors.added + rates.added, floors.known + rates.known)


def _floor(cells: Cells, at: dt.datetime) -> Floor:
    floor = Floor(
        kind=cells.choice("kind", Floor.Kind.values),
        country=cells.take("country", _country, "XX", gettext_lazy("must be two capital letters such as SN")),
        region=cells.cells["region"],
        sector=cells.take("sector", _sector, "", gettext_lazy("must be empty or a word in small letters")),
        amount=cells.number("amount", decimals=6),
        currency=cells.currency("currency"),
        unit=cells.choice("unit", ("hour", "month")),
        weekly_hours=cells.optional("weekly_hours", lambda name: cells.number(name, decimals=2, most=168)),
        hours_source=cells.cells["hours_source"],
        valid_from=cells.date("valid_from"),
        valid_to=cells.optional("valid_to", cells.date),
        legal_ref=cells.cells["legal_ref"],
        source=cells.text("source"),
        source_kind=cells.choice("source_kind", SOURCE_KINDS),
        licence=cells.text("licence"),
        checked_on=cells.date("checked_on"),
        known_from=at,
    )
    _check_together(cells, floor, at.date())
    return floor


def _check_together(cells: Cells, floor: Floor, today: dt.date) -> None:
    """What one cell says about another."""
    if floor.region and not (floor.region.startswith(f"{floor.country}-") and _region(floor.region)):
        cells.refuse("region", gettext_lazy("must be empty or a region of the country such as KE-30"))
    if floor.unit == "month" and floor.weekly_hours is None:
        cells.refuse("weekly_hours", gettext_lazy("must not be empty: a month needs its weekly hours"))
    if floor.weekly_hours is not None and not floor.hours_source:
        cells.refuse("hours_source", gettext_lazy("must say where the weekly hours come from"))
    if floor.valid_to is not None and floor.valid_to < floor.valid_from:
        cells.refuse("valid_to", gettext_lazy("must not be before valid_from"))
    if floor.checked_on > today:
        cells.refuse("checked_on", gettext_lazy("must not be in the future"))


def _country(cell: str) -> str | None:
    return cell if len(cell) == 2 and cell.isascii() and cell.isalpha() and cell.isupper() else None


def _region(cell: str) -> bool:
    part = cell[3:]
    return 1 <= len(part) <= 3 and part.isascii() and part.isalnum() and part.upper() == part


def _sector(cell: str) -> str | None:
    plain = cell.replace("_", "")
    return cell if not cell or (plain.isascii() and plain.isalpha() and plain.islower()) else None


def _store_floor(cells: Cells, floor: Floor) -> bool:
    """Whether it is new. A known one is refreshed, or a problem when its figure differs."""
    known = (
        known_floors()
        .filter(
            kind=floor.kind,
            country=floor.country,
            region=floor.region,
            sector=floor.sector,
            valid_from=floor.valid_from,
        )
        .first()
    )
    if known is None:
        floor.save()
        return True
    for name in _FIGURES:
        if getattr(known, name) != getattr(floor, name):
            what = _(
                "differs from what is there from the same day: %(known)s. A new figure has a new valid_from."
            )
            cells.refuse(name, what % {"known": getattr(known, name)})
    if any(getattr(known, name) != getattr(floor, name) for name in _BESIDES):
        known.known_to = floor.known_from
        known.save(update_fields=["known_to"])
        floor.save()
    return False


def _check_currencies() -> None:
    """Two figures of one place can only be compared in one currency."""
    with connection.cursor() as cursor:
        cursor.execute(_TWO_CURRENCIES)
        row = cursor.fetchone()
    if row:
        what = _(
            "%(country)s has floors in %(first)s and %(second)s at the same time: give the older a valid_to"
        )
        fields = dict(zip(("country", "first", "second"), row, strict=True))
        refuse_if([CellProblem(1, "", "", what % fields)])


def _rate(cells: Cells) -> ExchangeRate:
    rate = ExchangeRate(
        base=cells.currency("base"),
        quote=cells.currency("quote"),
        rate=cells.number("rate", decimals=12),
        on=cells.date("on"),
        source=cells.text("source"),
    )
    if rate.base == rate.quote and cells.cells["base"] == cells.cells["quote"]:
        cells.refuse("quote", gettext_lazy("must be another currency than base"))
    return rate


def _store_rate(cells: Cells, rate: ExchangeRate) -> bool:
    known = ExchangeRate.objects.filter(base=rate.base, quote=rate.quote, on=rate.on).first()
    if known is None:
        rate.save()
        return True
    if known.rate != rate.rate:
        cells.refuse("rate", _("differs from what is there: %(known)s") % {"known": f"{known.rate:f}"})
    return False


def _note(
    code: str, subject: str, data: bytes, added: Sequence[int], lines: int, *, by: Actor, at: dt.datetime
) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"table:{subject}",
        organisation=by.organisation,
        data={"sha256": sha256(data).hexdigest(), "added": list(added), "lines": lines},
    )
