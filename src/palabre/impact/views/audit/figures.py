"""From a figure of a project to the rows that it is computed from."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palabre.impact.audit import rows as audit
from palabre.impact.audit.stated import stated_figures, unknown_in
from palabre.impact.models import ScoreCard
from palabre.money import Money
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.times import iso
from palabre.web.access import actor_of
from palabre.web.csv_files import csv_file
from palabre.web.keyset import Rows, rows_of
from palabre.web.page import page
from palabre.web.templatetags.palabre import day, duration, moment, money, number, short
from palabre.work.models import Project
from palabre.work.queries.projects import projects as projects_after

READ = Permission.READ_RECORD
ROWS = gettext_lazy("Rows")


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` as people read it; `link`: where it leads, or empty."""

    text: str
    is_number: bool
    is_code: bool = False
    full: str = ""
    link: str = ""


@page(READ)
def projects(request: HttpRequest) -> HttpResponse:
    """The projects of the operator, with the ScoreCards that were issued."""
    by = actor_of(request)
    found = rows_of(
        request,
        uuid.UUID,
        lambda after, limit: projects_after(by, after=after, limit=limit),
        lambda row: row.id,
    )
    cards = ScoreCard.objects.filter(project__in=[one.id for one in found.items]).order_by("version")
    newest = {card.project_id: card for card in cards.defer("credential")}
    rows = [(one, newest.get(one.id)) for one in found.items]
    return render(request, "impact/audit/projects.html", {"listing": found, "rows": rows})


@page(READ)
def figures(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """What the newest ScoreCard states, each figure with the rows behind it, and those rows counted now."""
    found = audit.audited(actor_of(request), project)
    card = ScoreCard.objects.filter(project=found).order_by("-version").first()
    context = {
        "project": found,
        "card": card,
        "figures": stated_figures(card.credential["credentialSubject"]) if card else [],
        "unknown": unknown_in(card.credential["credentialSubject"]) if card else [],
        "kinds": audit.KINDS.values(),
    }
    return render(request, "impact/audit/figures.html", context)


@page(READ)
def rows(request: HttpRequest, project: uuid.UUID, rows: str) -> HttpResponse:
    """One kind of row, page by page, with the sums of all of them."""
    by = actor_of(request)
    found, kind = audit.audited(by, project), audit.kind_named(rows)
    listed = _listed(request, kind, found)
    context = {
        "project": found,
        "kind": kind,
        "kinds": audit.KINDS.values(),
        "listing": listed,
        "cells": [[_linked(kind, name, row, by) for name in kind.names] for row in listed.items],
        "sums": _sums(kind, audit.sums_of_kind(kind, found)),
        "numbers": [name in kind.money or name in kind.durations for name in kind.names],
    }
    return render(request, "impact/audit/rows.html", context)


def _listed(request: HttpRequest, kind: audit.Kind, project: Project) -> Rows[audit.Row]:
    def fetch(after: int | uuid.UUID | None, limit: int) -> list[audit.Row]:
        return audit.rows_of_kind(kind, project, after=after, limit=limit)

    if kind.unique is int:
        return rows_of(request, int, fetch, _key)
    return rows_of(request, uuid.UUID, fetch, _key)


@page(READ)
def rows_csv(request: HttpRequest, project: uuid.UUID, rows: str) -> HttpResponseBase:
    """All of them as a table for a spreadsheet; instants in UTC, money in major units."""
    found, kind = audit.audited(actor_of(request), project), audit.kind_named(rows)
    return csv_file(f"{kind.name}-{short(found.id)}.csv", kind.names, _csv_rows(kind, found))


def _csv_rows(kind: audit.Kind, project: Project) -> Iterator[Sequence[object]]:
    after: int | uuid.UUID | None = None
    while found := audit.rows_of_kind(kind, project, after=after, limit=2000):
        for row in found:
            yield [_plain(kind, name, row) for name in kind.names]
        after = _key(found[-1])


def _plain(kind: audit.Kind, name: str, row: audit.Row) -> object:
    value = row[name]
    if isinstance(value, dt.datetime):
        return iso(value)
    if name in kind.money and isinstance(value, int):
        return Money(value, str(row[kind.money[name]])).decimal()
    return value


def _linked(kind: audit.Kind, name: str, row: audit.Row, by: Actor) -> Cell:
    """A cell that leads on, where the reader may go there: from a member to her events, from money to its books."""
    cell, value = _cell(kind, name, row), row[name]
    if isinstance(value, uuid.UUID) and (name == "member" or kind.name == "members"):
        return replace(cell, link=f"{reverse('record-events')}?subject=member:{value}")
    if name in kind.links and by.may(Permission.READ_MONEY):
        view, place = kind.links[name]
        return replace(cell, link=reverse(view, kwargs={place: value}))
    return cell


def _cell(kind: audit.Kind, name: str, row: audit.Row) -> Cell:
    value: Any = row[name]
    if value is None:
        return Cell("–", is_number=False)
    if name in kind.money:
        return Cell(money(value, str(row[kind.money[name]])), is_number=True)
    if name in kind.durations:
        return Cell(duration(value), is_number=True)
    if name in kind.words:
        return Cell(str(kind.words[name].get(value, value)), is_number=False)
    return _plain_cell(value)


def _plain_cell(value: Any) -> Cell:
    match value:
        case bool():
            cell = Cell(_("yes") if value else _("no"), is_number=False)
        case uuid.UUID():
            cell = Cell(short(value), is_number=False, is_code=True, full=str(value))
        case dt.datetime():
            cell = Cell(moment(value), is_number=False)
        case dt.date():
            cell = Cell(day(value), is_number=False)
        case Decimal():
            cell = Cell(f"{value.normalize():f}", is_number=True)
        case _:
            cell = Cell(str(value), is_number=isinstance(value, int))
    return cell


def _sums(kind: audit.Kind, found: audit.Row) -> list[tuple[str | Promise, str]]:
    """(what, how much) over all rows."""
    titles: Mapping[str, str | Promise] = {"rows": ROWS, **dict(kind.columns)}
    shown: list[tuple[str | Promise, str]] = []
    for name, value in found.items():
        if name in kind.money.values() or not isinstance(value, int):
            continue
        if name in kind.money:
            shown.append((titles[name], money(value, str(found[kind.money[name]]))))
        else:
            shown.append((titles[name], duration(value) if name in kind.durations else number(value)))
    return shown


def _key(row: audit.Row) -> Any:
    return row["id"]
