"""Corrections of working time that wait for a person."""

import datetime as dt
import uuid
from decimal import Decimal
from math import ceil

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.timesheet.actions import answer_correction
from palabre.timesheet.models import Correction
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.forms.coordinator import CorrectionForm
from palabre.work.models import Project
from palabre.work.queries.books import books_of
from palabre.work.queries.waiting import correction_for, counted_here, waiting_corrections

PAGE = 50


@page(Permission.CORRECT_TIME)
def corrections(request: HttpRequest) -> HttpResponse:
    """What is due first at the top."""
    rows = waiting_corrections(actor_of(request), after=_after(request), limit=PAGE + 1)
    context = {
        "corrections": rows[:PAGE],
        "last": rows[PAGE - 1] if len(rows) > PAGE else None,
        "at": at_of(request),
    }
    return render(request, "work/coordinator/corrections.html", context)


@page(Permission.CORRECT_TIME)
def correction(request: HttpRequest, correction: uuid.UUID) -> HttpResponse:
    """One correction beside what was counted that day; answer it."""
    by, at = actor_of(request), at_of(request)
    found = correction_for(by, correction)
    form = form_of(CorrectionForm, request)
    if form.is_bound and form.is_valid():
        accept = form.cleaned_data["accept"] == "yes"
        with refusals(form):
            answer_correction(found.id, accept, form.cleaned_data["answer"], by=by, at=at)
            said = (
                gettext("The time is counted.")
                if accept
                else gettext("Refused, with your reason. She can contest it.")
            )
            return done(request, said, "corrections-waiting")
    waits = found.state == Correction.State.WAITING
    project = Project.objects.filter(escrow=found.charge, operator=by.organisation).first()
    counted = counted_here(by, found.member_id, found.day)
    context = {
        "correction": found,
        "waits": waits,
        "stretches": counted,
        "counted_ms": sum(one.counted_ms for one in counted),
        "project": project,
        "cost": _cost(project, found) if waits and project else None,
        "at": at,
    }
    return show(request, "work/coordinator/correction.html", form, **context)


def _cost(project: Project, asked: Correction) -> dict[str, int] | None:
    """What a yes takes of the deposit, in answers: the time is paid as if she had answered in it."""
    if asked.delta_ms <= 0 or not project.rates:
        return None
    answers = ceil(Decimal(asked.delta_ms) / 1000 / project.seconds_per_task)
    return {"answers": answers, "left": books_of(project).affordable()}


def _after(request: HttpRequest) -> tuple[dt.datetime, uuid.UUID] | None:
    """Where the last page ended. Raises: NotFound."""
    place = request.GET.get("after", "")
    try:
        due, last = place.split("|") if place else ("", "")
        return (dt.datetime.fromisoformat(due).astimezone(dt.UTC), uuid.UUID(last)) if place else None
    except ValueError:
        raise NotFound from None
