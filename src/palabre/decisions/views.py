"""Decisions about oneself: each with its why, and one button to contest it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.decisions import queries
from palabre.decisions.access import end_access_for
from palabre.decisions.actions import ANSWER_WITHIN, appeal
from palabre.decisions.forms import AppealForm, EndAccessForm
from palabre.decisions.kinds import kind_of
from palabre.decisions.models import Decision
from palabre.people.permissions import Permission
from palabre.people.queries import names_of, person
from palabre.web.access import SIGNED_IN, actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page


@page(SIGNED_IN)
def my_decisions(request: HttpRequest) -> HttpResponse:
    """What was decided about her, the newest first."""
    found = queries.newest_about(actor_of(request))
    rows = [{"decision": one, "kind": kind_of(one.kind)} for one in found]
    return render(request, "decisions/list.html", {"rows": rows, "at": at_of(request)})


@page(SIGNED_IN)
def decision(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """One decision: what, by which rule, on what evidence, by whom, until when it can be contested, the answer."""
    by, at = actor_of(request), at_of(request)
    found = queries.decision(decision, by)
    form = form_of(AppealForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            appeal(decision, form.cleaned_data["reason"], by=by, at=at)
            return done(request, gettext("Your appeal is noted."), "decision", decision=decision)
    said = getattr(found, "appeal", None)
    context = {
        "decision": found,
        "kind": kind_of(found.kind),
        "facts": _facts(found),
        "appeal": said,
        "hers": found.member_id == by.account,
        "open": said is None and at <= found.contest_until,
        "names": names_of([one for one in (found.decided_by, said and said.answered_by) if one]),
        "answer_days": ANSWER_WITHIN.days,
    }
    return show(request, "decisions/decision.html", form, **context)


@page(Permission.MANAGE_PEOPLE)
def end_access(request: HttpRequest, account: uuid.UUID) -> HttpResponse:
    """Take every role from somebody, with a why; what she did and what she earned stays."""
    by = actor_of(request)
    found = person(account, by)
    form = form_of(EndAccessForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            end_access_for(account, form.cleaned_data["why"], by=by, at=at_of(request))
            return done(request, gettext("Her access has ended."), "person", account=account)
    return show(request, "decisions/end_access.html", form, person=found)


def _facts(decision: Decision) -> list[tuple[str, str]]:
    explain = kind_of(decision.kind).explain
    return list(explain(decision)) if explain else []
