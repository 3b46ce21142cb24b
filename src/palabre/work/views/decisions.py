"""Decisions about members: taken with their why, contested, answered."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.decisions.actions import ANSWER_WITHIN, CONTEST_WITHIN, answer_appeal
from palabre.decisions.kinds import kind_of
from palabre.decisions.models import Decision
from palabre.decisions.queries import decision as decision_for
from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.queries import belongs, names_of
from palabre.timesheet.models import Correction
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import project_for
from palabre.work.actions.ended import end_work
from palabre.work.forms.coordinator import AppealAnswerForm, EndWorkForm
from palabre.work.models import Project
from palabre.work.queries.waiting import counted_here, team_decisions

PAGE = 50


@page(Permission.DECIDE, Permission.ANSWER_APPEALS)
def decisions(request: HttpRequest) -> HttpResponse:
    """Open appeals first, then every decision, the newest first."""
    by = actor_of(request)
    before = request.GET.get("before", "")
    rows = team_decisions(by, before=_id(before) if before else None, limit=PAGE + 1)
    context = {
        "appeals": _rows(team_decisions(by, open_appeals=True)),
        "decisions": _rows(rows[:PAGE]),
        "last": rows[PAGE - 1] if len(rows) > PAGE else None,
        "at": at_of(request),
    }
    return render(request, "work/coordinator/decisions.html", context)


@page(Permission.DECIDE, Permission.ANSWER_APPEALS)
def decision(request: HttpRequest, decision: uuid.UUID) -> HttpResponse:
    """One decision with all that it stands on; whoever may, answers its appeal."""
    by, at = actor_of(request), at_of(request)
    found = decision_for(decision, by)
    form = form_of(AppealAnswerForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            reverse = form.cleaned_data["reverse"] == "yes"
            answer_appeal(found.id, form.cleaned_data["answer"], reverse=reverse, by=by, at=at)
            return done(
                request,
                gettext("Answered. She sees it on her first page."),
                "team-decision",
                decision=found.id,
            )
    return show(request, "work/coordinator/decision.html", form, **_shown(found, by), at=at)


@page(Permission.DECIDE)
def decide(request: HttpRequest, project: uuid.UUID, member: uuid.UUID) -> HttpResponse:
    """Give a member no more tasks of a project, with rule, what was seen and the guideline's version."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, Permission.ASSIGN_TASKS)
    if not belongs(member, found.operator_id):
        raise NotFound
    guidelines = list(found.guidelines.order_by("-version").only("version"))
    form = form_of(EndWorkForm, request, guidelines=guidelines)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        with refusals(form):
            taken = end_work(
                found.id,
                member,
                rule=said["rule"],
                seen=said["seen"],
                guideline_version=said["guideline_version"],
                tasks=said["tasks"],
                by=by,
                at=at,
            )
            return done(
                request,
                gettext("Decided. She reads why, and can contest it."),
                "team-decision",
                decision=taken.id,
            )
    context = {
        "project": found,
        "member": member,
        "name": names_of([member]).get(member, ""),
        "contest_days": CONTEST_WITHIN.days,
        "answer_days": ANSWER_WITHIN.days,
    }
    return show(request, "work/coordinator/decide.html", form, **context)


def _shown(found: Decision, by: Actor) -> dict[str, object]:
    kind, said = kind_of(found.kind), getattr(found, "appeal", None)
    people = [found.member_id, found.decided_by, said.answered_by if said else None]
    return {
        "decision": found,
        "kind": kind,
        "facts": kind.explain(found) if kind.explain else [],
        "appeal": said,
        "names": names_of([one for one in people if one]),
        "project": Project.objects.filter(id__in=[found.project]).first() if found.project else None,
        "may_answer": by.may(Permission.ANSWER_APPEALS)
        and by.account not in (found.member_id, found.decided_by),
        **_matter(found, by),
    }


def _matter(found: Decision, by: Actor) -> dict[str, object]:
    """What it was taken about: her day, as who answers an appeal must see it; and the ways to where it was taken."""
    evidence = found.evidence
    asked = Correction.objects.filter(id=evidence.get("correction")).first()
    counted = counted_here(by, asked.member_id, asked.day) if asked else []
    return {
        "correction": asked,
        "stretches": counted,
        "counted_ms": sum(one.counted_ms for one in counted),
        "tasks": evidence.get("tasks", []) if by.may(Permission.READ_RESULTS) else [],
        "sees_corrections": by.may(Permission.CORRECT_TIME),
        "sees_members": by.may(Permission.ASSIGN_TASKS) and belongs(found.member_id, found.organisation_id),
    }


def _rows(found: list[Decision]) -> list[dict[str, object]]:
    return [
        {"decision": one, "kind": kind_of(one.kind), "appeal": getattr(one, "appeal", None)} for one in found
    ]


def _id(text: str) -> uuid.UUID:
    """Raises: NotFound."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None
