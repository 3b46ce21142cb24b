"""The settlement of a day: by default that of last night."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from palabre.money import Money
from palabre.pay.paper.names import FLOORS, TIME
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.times import iso
from palabre.web.access import actor_of, at_of
from palabre.web.csv_files import csv_file
from palabre.web.keyset import rows_of
from palabre.web.page import page
from palabre.web.sign_in import viewer_in
from palabre.web.templatetags.palabre import locale
from palabre.work.access import of_organisation
from palabre.work.queries import ledger, nights
from palabre.work.queries.night_parts import Part

SEE = Permission.READ_MONEY


@page(SEE)
def settlements(request: HttpRequest) -> HttpResponse:
    """Members settled, top-ups, what each project was charged, what is still waiting; then every row."""
    by, at, day = actor_of(request), at_of(request), _day(request)
    rows = rows_of(
        request,
        int,
        lambda after, limit: nights.settled(by, day, after=after, limit=limit),
        lambda row: row.settlement.id,
    )
    charged = nights.charged(by, day)
    context = {
        "day": day,
        "before": day - dt.timedelta(days=1),
        "next": day + dt.timedelta(days=1),
        "sums": nights.sums_of(by, day),
        "charged": charged,
        "charged_sums": {
            currency: (
                sum(one.base_pay for one in charged if one.currency == currency),
                sum(one.top_up for one in charged if one.currency == currency),
            )
            for currency in sorted({one.currency for one in charged})
        },
        "waiting": nights.waiting(by, at),
        "projects": ledger.project_names(by),
        "listing": rows,
    }
    return render(request, "work/money/settlements.html", context)


@page(SEE)
def settlement(request: HttpRequest, settlement: int) -> HttpResponse:
    """One settlement with its arithmetic, so that a person can do the sum again by hand."""
    by = actor_of(request)
    found = nights.settlement(by, settlement)
    charges = {part["charge"] for name in ("counted", "earned", "shares") for part in found.arithmetic[name]}
    context = {
        "settlement": found.settlement,
        "part": found,
        "arithmetic": found.arithmetic,
        "exact": {name: _exact(found.arithmetic[name]) for name in ("hourly", "due_exact")},
        "published": _exact(found.arithmetic["floor"]["amount"]),
        "times": TIME,
        "floors": FLOORS,
        "before": found.earned + found.topped_up_before,
        "of": dict(of_organisation(by).filter(escrow__in=charges).values_list("escrow_id", "name")),
    }
    return render(request, "work/money/settlement.html", context)


@page(SEE)
def settlements_csv(request: HttpRequest) -> HttpResponseBase:
    """A day's settlements as a table."""
    by, day = actor_of(request), _day(request)
    header = ["settlement", "member", "day", "revision", "counted_milliseconds", "per_hour",
              "currency", "due", "earned", "topped_up_before", "top_up", "settled_at",
              "transaction"]  # fmt: skip
    return csv_file(f"settlements-{day}.csv", header, _rows(by, day))


def _rows(by: Actor, day: dt.date) -> Iterator[list[object]]:
    after: int | None = None
    while rows := nights.settled(by, day, after=after, limit=1000):
        yield from (_row(one) for one in rows)
        after = rows[-1].settlement.id


def _row(part: Part) -> list[object]:
    one = part.settlement
    major = [
        Money(minor, one.currency).decimal()
        for minor in (part.due, part.earned, part.topped_up_before, part.top_up)
    ]
    head = [one.id, one.member_id, one.day, one.revision, part.counted_ms, one.hourly, one.currency]
    return [*head, *major, iso(one.settled_at), one.transaction_id]


def _day(request: HttpRequest) -> dt.date:
    """The day that was asked for; else, and for what is no day, last night's."""
    return _date(request.GET.get("day", "")) or last_night(request)


def last_night(request: HttpRequest) -> dt.date:
    """Yesterday where the operator is."""
    viewer = viewer_in(request)
    zone = ZoneInfo(viewer.place.timezone if viewer else "UTC")
    return at_of(request).astimezone(zone).date() - dt.timedelta(days=1)


def _date(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 3000 else None


def _exact(text: str) -> str:
    """Decimal text with all its digits, as the reader's language writes it."""
    return str(format_decimal(Decimal(text), "#,##0.############", locale=locale()))
