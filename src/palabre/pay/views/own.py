"""A member's own money: what she has, what came in, her statements, what she takes out."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from palabre.money import Money
from palabre.pay import queries
from palabre.pay.actions import in_use, payer_of, request_payout, take_back_payout
from palabre.pay.days import days_of
from palabre.pay.destinations import called, masked
from palabre.pay.errors import NotEnoughMoney
from palabre.pay.forms import PayoutForm
from palabre.pay.models import Destination, Payout
from palabre.pay.paper.days import days_in_words
from palabre.pay.paper.figures import Figures
from palabre.pay.paper.names import FLOORS, MOVEMENTS
from palabre.pay.paper.slip import slip
from palabre.pay.statements import read_week, statement_for, week_of
from palabre.pay.ways import terms_of
from palabre.pay.worth import together, worth_of
from palabre.people.actor import Actor
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page

# Four weeks are shown on the first page; all that came before is in the statements.
_DAYS = 28
_WEEK = dt.timedelta(days=7)


@page(SIGNED_IN)
def pay(request: HttpRequest) -> HttpResponse:
    """Her balance and how it came about, day by day."""
    by, at = actor_of(request), at_of(request)
    lived = queries.lived_by(queries.oneself(by))
    today = lived.day_of(at)
    days = days_of(lived.account_id, today - dt.timedelta(days=_DAYS - 1), today)
    floor = queries.floor_of(lived.on(today), today)
    worths = worth_of(lived, days)
    context = {
        "to_come": [one for one in together(worths.values()) if one.to_come],
        "accounts": queries.accounts_of(lived.account_id),
        "movements": MOVEMENTS,
        "days": [(day, worths[day.day]) for day in reversed(days) if not day.is_empty],
        "today": today,
        "floor": floor,
        "floors": FLOORS,
        "rates": queries.rates_into(floor.currency, today) if floor else [],
        "payouts": shown_payouts(queries.newest_payouts(lived.account_id, 3)),
        "there": _where(lived.account_id, at),
        "week": str(week_of(today)),
        "last_week": str(week_of(today - _WEEK)),
    }
    return render(request, "pay/member/pay.html", context)


@page(SIGNED_IN)
def statement(request: HttpRequest) -> HttpResponse:
    """Her pay slip of a week, as on paper, with the files to keep."""
    at = at_of(request)
    member = queries.oneself(actor_of(request))
    lived = queries.lived_by(member)
    today = lived.day_of(at)
    week = read_week(request.GET["week"]) if "week" in request.GET else week_of(today)
    made = statement_for(member, week, at=at)
    language = (get_language() or "en")[:2]
    worded = slip(made, language, queries.name_of(member))
    context = {
        "slip": worded,
        "days": list(days_in_words(made, worded, Figures(language, ZoneInfo(str(made["timezone"]))))),
        "together": list(zip(worded.days.head[2:], worded.days.total[2:], strict=True)),
        "week": str(week),
        "before": str(week_of(week.days[0] - _WEEK)),
        "after": str(week_of(week.days[0] + _WEEK)) if week.days[-1] < today else "",
    }
    return render(request, "pay/member/statement.html", context)


@page(SIGNED_IN)
def payouts(request: HttpRequest) -> HttpResponse:
    """What she took out and what became of it; where it goes; the form that asks for more."""
    by, at = actor_of(request), at_of(request)
    member = queries.oneself(by)
    owed = [one for one in queries.owed_to(member) if one.amount > 0]
    payer = _payer(request, owed, by)
    balances = {one.currency: one.amount for one in owed if one.operator == payer}
    there = in_use(member, at)
    form = form_of(PayoutForm, request, balances=balances)
    if form.is_bound and form.is_valid():
        with refusals(form):
            asked, key = form.money, form.cleaned_data["payout"]
            _ask(key, asked, payer if balances else None, by, at)
            said = gettext("Noted: the money is set aside for you and waits to be carried.")
            return done(request, said, "payouts")
    made = queries.newest_payouts(member, 50)
    context = {
        "balances": balances,
        "elsewhere": [one for one in owed if one.operator != payer],
        "there": there and masked(there),
        "told": there and _told(payer, there, balances, at),
        "payer": next((one.name for one in owed if one.operator == payer), ""),
        "payouts": shown_payouts(made),
    }
    return show(request, "pay/member/payouts.html", form, **context)


@page(SIGNED_IN)
def take_back(request: HttpRequest, payout: uuid.UUID) -> HttpResponse:
    """A payout that nobody carries yet comes back to her account."""
    by = actor_of(request)
    found = queries.own_payout(queries.oneself(by), payout)
    if request.method == "POST":
        take_back_payout(found.id, by=by, at=at_of(request))
        return done(request, gettext("Taken back: the money is on your account again."), "payouts")
    return HttpResponseRedirect(reverse("payouts"))


def shown_payouts(made: list[Payout]) -> list[tuple[Payout, str]]:
    """Each with where it goes, as much of it as she needs to know it again."""
    return [(one, masked(one.destination) if one.destination else "") for one in made]


def _where(member: uuid.UUID, at: dt.datetime) -> str:
    there = in_use(member, at)
    return masked(there) if there else ""


def _payer(request: HttpRequest, owed: list[queries.Owed], by: Actor) -> uuid.UUID | None:
    """The operator of the address, where it owes her something; else the one that she acts for."""
    named = {str(one.operator): one.operator for one in owed}
    return named.get(request.GET.get("operator", ""), payer_of(by))


def _told(
    payer: uuid.UUID | None, there: Destination, balances: dict[str, int], at: dt.datetime
) -> dict[str, object]:
    """What she knows before she asks: the likely day, and what the service takes of everything she has."""
    terms = terms_of(payer, there)
    day = queries.lived_by(there.member_id).day_of(at)
    fees = [(currency, terms.fee(held), held) for currency, held in balances.items()]
    return {
        "likely_on": terms.likely_on(day),
        "service": called(there),
        "fees": [(currency, fee, held - fee) for currency, fee, held in fees if fee is not None],
    }


def _ask(key: uuid.UUID, asked: Money, operator: uuid.UUID | None, by: Actor, at: dt.datetime) -> None:
    """What the account can't give is said beside the amount."""
    try:
        request_payout(key, asked.minor, asked.currency, operator=operator, by=by, at=at)
    except NotEnoughMoney as error:
        raise NotEnoughMoney(path="amount") from error
