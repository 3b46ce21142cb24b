"""What waits for somebody to look at it: marked and skipped tasks, what nobody could read, two answers to one task."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals
from palabre.web.page import done, page
from palabre.work.access import project_for
from palabre.work.actions.choices import choose_answer, undo_choice
from palabre.work.actions.flags import settle_flags, undo_flags
from palabre.work.actions.unread import settle_unread, undo_unread
from palabre.work.forms.looks import ChoiceForm, FlagsForm, UndoForm, UnreadForm
from palabre.work.models import Flag
from palabre.work.queries.looks import (
    MOST,
    choice_to_undo,
    flagged_tasks,
    flags_to_undo,
    two_answers,
    unread_to_undo,
    unread_waiting,
)
from palabre.work.undo import Undo, offered

REASONS = {
    Flag.Reason.HARMFUL: _("harmful"),
    Flag.Reason.PERSONAL: _("shows who somebody is"),
    Flag.Reason.WRONG: _("something is wrong"),
    Flag.Reason.HARD: _("hard to decide"),
    Flag.Reason.UNCLEAR: _("unclear"),
    Flag.Reason.BROKEN: _("broken: it can’t be seen or read"),
    Flag.Reason.LANGUAGE: _("in a language that she doesn’t read"),
    Flag.Reason.OTHER: _("another reason"),
}
_SETTLED = {
    Flag.Outcome.TAKEN_OUT: _("The task is taken out: nobody gets it any more. What was done of it is paid."),
    Flag.Outcome.STAYS: _("The task stays."),
    Flag.Outcome.ANSWERED: _("Whoever marked or left the task reads your answer."),
}


@page(Permission.MANAGE_PROJECTS)
def flags(request: HttpRequest) -> HttpResponse:
    """Tasks that members marked or left with a reason, of all projects or of the one that the address names."""
    by, at = actor_of(request), at_of(request)
    project = _project(request)
    if "undo" in request.POST:
        return _undone(request, undo_flags, "flags")
    form = form_of(FlagsForm, request)
    if form.is_bound and form.is_valid():
        outcome = Flag.Outcome(form.cleaned_data["outcome"])
        with refusals(form):
            settle_flags(form.cleaned_data["task"], outcome, form.cleaned_data["word"], by=by, at=at)
            return done(request, str(_SETTLED[outcome]), "flags")
    tasks, last = flagged_tasks(by, project), flags_to_undo(by, at)
    context = {"tasks": tasks, "reasons": REASONS, "form": form, "at": at, "full": len(tasks) == MOST}
    if last is not None:
        context["undo"] = _offer(last.task_id, last.task_id, last.settled_at or at)
    return render(request, "work/looks/flags.html", context, status=422 if form.errors else 200)


@page(Permission.CORRECT_TIME)
def unread(request: HttpRequest) -> HttpResponse:
    """What members sent and nobody could read, as it was sent."""
    by, at = actor_of(request), at_of(request)
    if "undo" in request.POST:
        return _undone(request, undo_unread, "unread")
    form = form_of(UnreadForm, request)
    if form.is_bound and form.is_valid():
        taken = form.cleaned_data["outcome"] == "taken"
        with refusals(form):
            settle_unread(form.cleaned_data["row"], taken, form.cleaned_data["word"], by=by, at=at)
            return done(request, gettext("Done. She sees what came of it."), "unread")
    rows, last = unread_waiting(by), unread_to_undo(by, at)
    context = {"rows": rows, "form": form, "at": at, "full": len(rows) == MOST}
    if last is not None:
        context["undo"] = offered(
            last.id, gettext("You have just settled one of these."), last.looked_at or at
        )
    return render(request, "work/looks/unread.html", context, status=422 if form.errors else 200)


@page(Permission.WORK)
def choices(request: HttpRequest) -> HttpResponse:
    """Two answers of one member to one task: she chooses, or a reviewer."""
    by, at = actor_of(request), at_of(request)
    if "undo" in request.POST:
        return _undone(request, undo_choice, "two-answers")
    form = form_of(ChoiceForm, request)
    if form.is_bound and form.is_valid():
        take = form.cleaned_data["take"] == "other"
        with refusals(form):
            choose_answer(form.cleaned_data["row"], take, by=by, at=at)
            return done(
                request, gettext("Done. The answer that you chose stands; both are kept."), "two-answers"
            )
    context = {"pairs": two_answers(by), "form": form, "hers": by.account, "at": at}
    last = choice_to_undo(by, at)
    if last is not None:
        context["undo"] = _offer(last.id, last.annotation.task_id, last.settled_at or at)
    return render(request, "work/looks/two_answers.html", context, status=422 if form.errors else 200)


def _offer(row: int, task: int, decided_at: dt.datetime) -> Undo:
    return offered(row, gettext("You have just decided about task %(task)s.") % {"task": task}, decided_at)


def _undone(request: HttpRequest, undo: Callable[..., object], back: str) -> HttpResponse:
    """Take back her last look. Raises: NotFound, and what the action raises."""
    form = form_of(UndoForm, request)
    if not form.is_valid():
        raise NotFound
    undo(form.cleaned_data["undo"], by=actor_of(request), at=at_of(request))
    return done(request, gettext("Undone. It waits again, as before."), back)


def _project(request: HttpRequest) -> uuid.UUID | None:
    """Raises: NotAllowed, NotFound."""
    named = request.GET.get("project", "")
    try:
        found = uuid.UUID(named) if named else None
    except ValueError:
        raise NotFound from None
    if found is not None:
        project_for(actor_of(request), found, Permission.MANAGE_PROJECTS)
    return found
