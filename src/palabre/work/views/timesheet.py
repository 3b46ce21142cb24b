"""A member's time: a week at a time, each day to its entries, and her corrections."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from palabre.pay.actions import open_account
from palabre.pay.days import days_of
from palabre.pay.floors import floor_at
from palabre.pay.models import LedgerAccount
from palabre.pay.paper.figures import Figures
from palabre.pay.paper.names import FLOORS, TIME
from palabre.pay.picture import picture
from palabre.pay.queries import floor_of, lived_by, oneself
from palabre.pay.statements import read_week, week_of
from palabre.pay.worth import together, worth, worth_of
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.residences import Lived, Residences
from palabre.timesheet.actions import ask_correction
from palabre.timesheet.actions.waiting import ANSWER_WITHIN
from palabre.timesheet.days import read_day
from palabre.timesheet.figures import LONGEST, figures
from palabre.timesheet.forms import CorrectionForm
from palabre.timesheet.models import Correction
from palabre.timesheet.queries import corrections, entries
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import page
from palabre.work.queries.day_sheet import DaySheet, day_sheet
from palabre.work.queries.her_work import charged, handed_to
from palabre.work.spoken import reads

_WEEK = dt.timedelta(days=7)
_NONE = 0


@page(Permission.WORK)
def week(request: HttpRequest) -> HttpResponse:
    """Seven days, with what was measured, counted and earned on each."""
    lived = lived_by(oneself(actor_of(request)))
    today = lived.day_of(at_of(request))
    shown = read_week(request.GET["week"]) if "week" in request.GET else week_of(today)
    days = days_of(lived.account_id, shown.days[0], shown.days[-1])
    worths = worth_of(lived, days)
    context = {
        "days": [(day, worths[day.day]) for day in days],
        "first": days[0].day,
        "last": days[-1].day,
        "picture": picture(days, today),
        "counted_ms": sum(day.counted_ms for day in days),
        "measured_ms": sum(day.measured_ms for day in days),
        "worth": together(worths.values()),
        "today": today,
        "week": str(shown),
        "before": str(week_of(shown.days[0] - _WEEK)),
        "after": str(week_of(shown.days[0] + _WEEK)) if shown.days[-1] < today else "",
        "corrections": corrections(lived.account_id, shown.days[0], shown.days[-1]),
    }
    return render(request, "work/member/week.html", context)


@page(Permission.WORK)
def day(request: HttpRequest) -> HttpResponse:
    """One day: every kind of time, what it brought, and the form of a correction."""
    by, at = actor_of(request), at_of(request)
    lived = lived_by(oneself(by))
    shown = _day_in(request, lived)
    sheet = day_sheet(lived, shown)
    form = form_of(CorrectionForm, request, charges=_charges(sheet, by))
    if form.is_bound and form.is_valid():
        with refusals(form):
            return _corrected(request, form, lived.on(shown), shown, by)
    return show(request, "work/member/day.html", form, **_day_context(sheet, lived, at))


@page(Permission.WORK)
def day_entries(request: HttpRequest) -> HttpResponse:
    """Every entry of one day, as it was measured and as it counts."""
    lived = lived_by(oneself(actor_of(request)))
    shown = _day_in(request, lived)
    after = request.GET.get("after", "")
    found = entries(lived.account_id, shown, after=_row(after))
    context = {
        "day": shown,
        "entries": found,
        "names": charged({one.charge for one in found}),
        "kinds": TIME,
        "next": found[-1].id if len(found) == 100 else None,
    }
    return render(request, "work/member/entries.html", context)


def _row(text: str) -> int | None:
    """The number of an entry as an address writes it; anything else is nowhere, which is the beginning."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) else None


def _day_in(request: HttpRequest, lived: Residences) -> dt.date:
    if "date" in request.GET:
        return read_day(request.GET["date"])
    return lived.day_of(at_of(request))


def _charges(sheet: DaySheet, by: Actor) -> list[tuple[int, str]]:
    """What corrected time may be for: projects of that day, those that she had work of, or none in particular."""
    of_the_day = [one.charged for one in sheet.lines]
    names = {
        one.account: one.project.said("name", reads()).text
        for one in (*of_the_day, *handed_to(by))
        if one.project
    }
    return [*names.items(), (_NONE, gettext("No project in particular"))]


def _corrected(
    request: HttpRequest, form: CorrectionForm, place: Lived, shown: dt.date, by: Actor
) -> HttpResponse:
    charge = form.cleaned_data["charge"] or _operators_own(place, shown, by)
    made = ask_correction(shown, form.kind, charge, form.delta_ms, form.worded, by=by, at=at_of(request))
    if made.state == Correction.State.WAITING:
        said = gettext("Noted. A person answers you within %(days)s days; until then nothing changes.")
        messages.info(request, said % {"days": ANSWER_WITHIN.days})
    else:
        messages.success(request, gettext("Done: your word counts. The day is settled again tonight."))
    return HttpResponseRedirect(f"{reverse('timesheet-day')}?date={shown}")


def _operators_own(place: Lived, shown: dt.date, by: Actor) -> int:
    """The account that bears time which belongs to no project."""
    currency = floor_at(place.country, place.region, shown).currency
    return open_account(LedgerAccount.Kind.PLATFORM, by.organisation, currency).id


def _day_context(sheet: DaySheet, lived: Residences, at: dt.datetime) -> dict[str, object]:
    today = lived.day_of(at)
    shown = sheet.day.day
    floor = floor_of(lived.on(shown), shown)
    return {
        "sheet": sheet,
        "kinds": TIME,
        "floors": FLOORS,
        "today": today,
        "floor": floor,
        "worth": worth(sheet.day, floor),
        "settlement": sheet.day.settlement,
        "foreseen": sheet.day.foreseen(floor.exact, floor.currency) if floor else None,
        "exactly": _exactly(sheet, lived.on(shown)),
        "before": shown - dt.timedelta(days=1),
        "after": shown + dt.timedelta(days=1) if shown < today else None,
        "week": str(week_of(shown)),
        "n": figures(),
        "answer_days": ANSWER_WITHIN.days,
        "longest_hours": LONGEST // dt.timedelta(hours=1),
    }


def _exactly(sheet: DaySheet, place: Lived) -> str:
    """The counted time of the last settlement or of now, to the millisecond: to redo the sum by hand."""
    figures = Figures(get_language() or "en", ZoneInfo(place.timezone))
    settled = sheet.day.settlement
    return figures.time(settled.counted_ms if settled and not sheet.day.due else sheet.day.counted_ms)
