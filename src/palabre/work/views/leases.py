"""Tasks in members' hands: what is late, more time, giving back, and handing out by name."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.people.queries import belongs, names_of
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import project_for
from palabre.work.actions.leases import assign_tasks
from palabre.work.actions.stuck import extend_leases, return_leases
from palabre.work.errors import WorkEnded
from palabre.work.forms.coordinator import AssignForm, MoreTimeForm
from palabre.work.models import Project
from palabre.work.queries.handing import SHOWN, LeftOut, left_out, tasks_to_hand
from palabre.work.queries.held import After, held

PAGE = 50
# What `WorkEnded` says to the member herself, said to somebody else.
_ENDED = _("By a decision about her, this project gives her no more tasks.")


@page(Permission.ASSIGN_TASKS)
def leases(request: HttpRequest) -> HttpResponse:
    """What members hold, by member and project, what ends first at the top."""
    by, at = actor_of(request), at_of(request)
    stuck = request.GET.get("show") != "all"
    rows = held(by, at, stuck=stuck, after=_after(request), limit=PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {"held": rows[:PAGE], "last": last, "stuck": stuck, "at": at}
    return render(request, "work/coordinator/leases.html", context)


@page(Permission.ASSIGN_TASKS)
def member_leases(request: HttpRequest, project: uuid.UUID, member: uuid.UUID) -> HttpResponse:
    """What one member holds of a project: give her more time, or give it back."""
    by, at = actor_of(request), at_of(request)
    found, name = _of_team(request, project, member)
    form = form_of(MoreTimeForm, request)
    if request.POST.get("do") == "return":
        tasks = return_leases(found.id, member, by=by, at=at)
        said = ngettext("%(n)d task given back.", "%(n)d tasks given back.", tasks) % {"n": tasks}
        return done(request, said, "leases")
    if form.is_bound and form.is_valid():
        with refusals(form):
            tasks = extend_leases(found.id, member, form.cleaned_data["hours"], by=by, at=at)
            said = ngettext("More time for %(n)d task.", "More time for %(n)d tasks.", tasks) % {"n": tasks}
            return done(request, said, "leases")
    rows = held(by, at, project=found.id, member=member, limit=1)
    context = {"project": found, "member": member, "name": name, "one": rows[0] if rows else None, "at": at}
    return show(request, "work/coordinator/member_leases.html", form, **context)


@page(Permission.ASSIGN_TASKS)
def assign(request: HttpRequest, project: uuid.UUID, member: uuid.UUID) -> HttpResponse:
    """Hand tasks to a member: those that are ticked in the list, and others by their numbers."""
    by, at = actor_of(request), at_of(request)
    found, name = _of_team(request, project, member)
    form = form_of(AssignForm, request)
    refused: dict[int, LeftOut] = {}
    if form.is_bound and form.is_valid():
        wanted, where = set(form.cleaned_data["tasks"]), {"project": found.id, "member": member}
        with refusals(form):
            try:
                given = {
                    one.task for one in assign_tasks(found.id, member, sorted(wanted), by=by, at=at).tasks
                }
            except WorkEnded:
                form.add_error(None, str(_ENDED))
            else:
                refused = left_out(found.id, member, wanted - given)
                if given:
                    return done(request, _handed(len(given), refused), "member-leases", **where)
                form.add_error(None, gettext("None of these can be handed to her. Beside each stands why."))
    everything = request.GET.get("show") == "all"
    rows = tasks_to_hand(by, found.id, member, everything=everything, after=_place(request), limit=SHOWN + 1)
    context = {
        "project": found,
        "member": member,
        "name": name,
        "tasks": [(one, WHY[one.why] if one.why else "") for one in rows[:SHOWN]],
        "ticked": set(request.POST.getlist("pick")),
        "refused": [(task, WHY[why]) for task, why in refused.items()],
        "everything": everything,
        "last": rows[SHOWN - 1] if len(rows) > SHOWN else None,
    }
    return show(request, "work/coordinator/assign.html", form, **context)


WHY = {
    LeftOut.NO_PRICE: _("this project has no price for where she lives"),
    LeftOut.ELSEWHERE: _("no task of this project"),
    LeftOut.TAKEN_OUT: _("taken out: nobody gets it any more"),
    LeftOut.HOLDS: _("she holds it already"),
    LeftOut.DONE: _("she has answered it"),
    LeftOut.HAD: _("she had it before, and left it or its time was over"),
    LeftOut.CLOSED: _("its batch is not open"),
    LeftOut.NOT_COVERED: _("the money does not cover it"),
    LeftOut.FULL: _("it is full: others hold it or have answered it"),
}


def _handed(given: int, refused: Mapping[int, LeftOut]) -> str:
    """How many she got; each that she didn't, with why."""
    said = ngettext("%(n)d task is in her hands.", "%(n)d tasks are in her hands.", given) % {"n": given}
    left = "; ".join(f"{task}: {WHY[why]}" for task, why in refused.items())
    return f"{said} {gettext('Not handed to her: %(tasks)s.') % {'tasks': left}}" if left else said


def _place(request: HttpRequest) -> tuple[int, int]:
    """After which task the list goes on. Raises: NotFound."""
    parts = request.GET.get("after", "0-0").split("-")
    if len(parts) != 2 or not all(re.fullmatch(r"[0-9]{1,9}", part) for part in parts):
        raise NotFound
    return int(parts[0]), int(parts[1])


def _of_team(request: HttpRequest, project: uuid.UUID, member: uuid.UUID) -> tuple[Project, str]:
    """The project, and the member's name. Raises: NotAllowed, NotFound."""
    found = project_for(actor_of(request), project, Permission.ASSIGN_TASKS)
    if not belongs(member, found.operator_id):
        raise NotFound
    return found, names_of([member]).get(member, "")


def _after(request: HttpRequest) -> After | None:
    """Where the last page ended. Raises: NotFound."""
    place = request.GET.get("after", "")
    try:
        return _read(place.split("|")) if place else None
    except ValueError:
        raise NotFound from None


def _read(parts: list[str]) -> After:
    expires, member, project = parts
    at = dt.datetime.fromisoformat(expires)
    return After(at if at.tzinfo else at.replace(tzinfo=dt.UTC), uuid.UUID(member), uuid.UUID(project))
