"""The end of a project: what closing means, the ScoreCard, and what is given back."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from palabre.impact.actions import issue_scorecard
from palabre.impact.forms import CloseForm, RefundForm
from palabre.impact.queries.closing import newest_scorecard, still_open
from palabre.impact.queries.standing import standings
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import project_for
from palabre.work.actions.fund import refund_deposit
from palabre.work.actions.launch import close_project
from palabre.work.models import Project

P = Permission


@page(P.READ_PROJECTS)
def close(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """What closing means and what stands open; POST, by who manages projects, closes."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, P.READ_PROJECTS)
    form = form_of(lambda **more: CloseForm(found.texts("name").values(), **more), request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            close_project(project, by=by, at=at)
            return done(request, gettext("The project is closed."), "project-close", project=project)
    return _shown(request, found, form, RefundForm())


@page(P.MANAGE_PROJECTS)
def issue(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Sign the ScoreCard, or its next version."""
    project_for(actor_of(request), project, P.MANAGE_PROJECTS)
    if request.method == "POST":
        issue_scorecard(project, by=actor_of(request), at=at_of(request))
        return done(request, gettext("The ScoreCard is issued."), "project-close", project=project)
    return HttpResponseRedirect(reverse("project-close", kwargs={"project": project}))


@page(P.RECORD_DEPOSITS)
def refund(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Give back what is left of the deposit."""
    by, at = actor_of(request), at_of(request)
    found = project_for(by, project, P.RECORD_DEPOSITS)
    form = form_of(RefundForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            refund_deposit(project, form.cleaned_data["reference"], by=by, at=at)
            return done(
                request,
                gettext("The rest of the deposit is recorded as given back."),
                "project-close",
                project=project,
            )
    return _shown(request, found, CloseForm(found.texts("name").values()), form)


def _shown(request: HttpRequest, project: Project, form: CloseForm, refund: RefundForm) -> HttpResponse:
    by = actor_of(request)
    (standing,) = standings([project], at=at_of(request))
    context = {
        "project": project,
        "one": standing,
        "open": still_open(standing),
        "card": newest_scorecard(project),
        "may_close": by.may(P.MANAGE_PROJECTS)
        and project.state not in {Project.State.DRAFT, Project.State.CLOSED},
        "may_issue": by.may(P.MANAGE_PROJECTS),
        "may_refund": by.may(P.RECORD_DEPOSITS),
        "refund": refund,
    }
    return show(request, "impact/close.html", refund if refund.is_bound else form, closing=form, **context)
