"""Quality and price: how often each task is answered, every line of the quote, and the deposit."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.errors import NotFound, PalabreError
from palabre.pay.payments import operator_account
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import of_organisation
from palabre.work.actions.projects import edit_project, terms_of
from palabre.work.actions.quotes import accept_quote, quote_project
from palabre.work.forms.price import OperatorQuoteForm, QualityForm, QuoteForm
from palabre.work.models import Project, Quote
from palabre.work.pricing import Shares
from palabre.work.setup.effort import effort_of
from palabre.work.setup.prices import Effect, effects, priced
from palabre.work.setup.readiness import Readiness, readiness_of
from palabre.work.views.setup import about, asks_for, opened

MANAGE, READ = Permission.MANAGE_PROJECTS, Permission.READ_PROJECTS
# Prices are shown for so many tasks at least: the cents of a few would say nothing.
LEAST_SHOWN = 1_000


@page(READ)
def quality(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """How many answers a task gets, how long they take, and what that does to the price."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    stands = readiness_of(found)
    before = terms_of(found)
    initial = {name: getattr(before, name) for name in QualityForm.base_fields}
    initial["seconds_per_task"] = f"{before.seconds_per_task.normalize():f}"
    form = form_of(QualityForm, request, initial=initial)
    if form.is_bound and form.is_valid():
        with refusals(form):
            edit_project(project, form.terms(before), by=by, at=at)
            return done(request, gettext("Saved."), "setup-quote", project=project)
    tasks = max(stands.tasks, LEAST_SHOWN)
    rows, why_not = _effects(found, tasks, at)
    context = {**about(request, stands, "quality"), "tasks": tasks, "effects": rows, "why_not": why_not}
    return show(request, "work/setup/quality.html", form, **context)


def _effects(project: Project, tasks: int, at: dt.datetime) -> tuple[list[Effect], str]:
    """The prices by answers a task, or why there are none."""
    try:
        return effects(project, tasks, at.date()), ""
    except PalabreError as error:
        return [], str(error)


@page(READ)
def quote(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """The newest quote with every line, a form for another, and how to pay."""
    by, at = actor_of(request), at_of(request)
    found = opened(request, project)
    stands = readiness_of(found)
    newest = found.quotes.order_by("-quoted_at", "-id").first()
    form = _quote_form(request, by, found, newest, stands)
    if form.is_bound and form.is_valid():
        with refusals(form):
            price, tasks = form.cleaned_data["price"], form.cleaned_data["tasks"]
            quote_project(project, tasks, price=price, shares=form.shares(), by=by, at=at)
            return done(request, gettext("Here is the price."), "setup-quote", project=project)
    context = about(request, stands, "quote")
    manages = by.may(MANAGE)
    lines = priced(newest) if newest else None
    context |= {
        "quote": newest,
        "priced": lines,
        "effort": effort_of(newest, lines.judgements, lines.seconds) if newest and lines else None,
        "quotes_open": manages and _may_quote(found),
        "due": _due(stands),
        "account": operator_account(found.operator_id),
        "reference": f"PAL-{str(found.id)[-8:].upper()}",
    }
    return show(request, "work/setup/quote.html", form, **context)


@page(MANAGE)
def accept(request: HttpRequest, quote: uuid.UUID) -> HttpResponse:
    """Say yes to a quote. Sent by its form; looked at, it is the quote's own page."""
    by, at = actor_of(request), at_of(request)
    found = _quote_of(by, quote)
    if request.method == "POST" and asks_for(request, "accept"):
        accept_quote(quote, by=by, at=at)
        said = gettext("The price is accepted. The work can begin once the deposit is there.")
        return done(request, said, "setup-quote", project=found.project_id)
    return render(request, "work/setup/quote_sheet.html", _sheet(found))


@page(READ)
def quote_sheet(request: HttpRequest, quote: uuid.UUID) -> HttpResponse:
    """One quote by itself, to be printed or kept as a file."""
    return render(request, "work/setup/quote_sheet.html", _sheet(_quote_of(actor_of(request), quote)))


def _sheet(quote: Quote) -> dict[str, object]:
    return {"project": quote.project, "quote": quote, "priced": priced(quote)}


def _quote_of(by: Actor, quote: uuid.UUID) -> Quote:
    """Raises: NotFound."""
    one = Quote.objects.filter(id=quote, project__in=of_organisation(by))
    found = one.select_related("project__client", "project__operator").first()
    if found is None:
        raise NotFound()
    return found


def _quote_form(
    request: HttpRequest, by: Actor, project: Project, newest: Quote | None, stands: Readiness
) -> QuoteForm:
    # What she asked for before more of her data comes in, or all that is there by now.
    initial: dict[str, object] = {"tasks": max(stands.tasks, newest.tasks if newest else 0) or None}
    known: dict[str, Any] = {"currency": project.currency, "rows": stands.tasks}
    if by.organisation != project.operator_id:
        return form_of(QuoteForm, request, initial=initial, **known)
    usual = Shares()
    said = {
        line["line"]: Decimal(line["percent"])
        for line in (newest.lines if newest else [])
        if "percent" in line
    }
    initial |= {
        "platform": said.get("platform_share", usual.platform),
        "social": said.get("social_cover", usual.social),
        "reserve": said.get("topup_reserve", usual.reserve),
    }
    return form_of(OperatorQuoteForm, request, initial=initial, **known)


def _may_quote(project: Project) -> bool:
    """A draft's price is open, and so is that of a pilot once its times are measured."""
    measured = project.state == Project.State.PILOT and project.piloted_at is not None
    return project.state == Project.State.DRAFT or measured


def _due(stands: Readiness) -> int:
    """What is still to be paid in of the accepted price."""
    return max(stands.quote.total - stands.paid_in, 0) if stands.quote else 0
