"""A client's project as a member sees it: what it is for, what was agreed, the guideline, her own figures."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from palabre.pay.paper.names import FLOORS
from palabre.pay.queries import floor_of, lived_by, oneself
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.quality.forms import QuestionForm
from palabre.quality.queries import figures_of
from palabre.quality.queries.members import ENOUGH
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import WORKED_ON
from palabre.work.actions.handouts import hand_guideline
from palabre.work.actions.questions import ask_question
from palabre.work.models import Project
from palabre.work.queries.her_work import MOST_LEFT, her_project, her_questions, open_work, own_figures


@page(Permission.WORK)
def member_project(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Everything about one project that concerns her, and the form of a question."""
    by, at = actor_of(request), at_of(request)
    found = her_project(by, project)
    form = form_of(QuestionForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            ask_question(project, form.cleaned_data["text"], by=by, at=at)
            said = gettext("Your question is on its way. The answer appears here and on your first page.")
            return done(request, said, "member-project", project=project)
    read = _read(by, found)
    if newest := read["guideline"]:
        hand_guideline(newest, by=by, at=at)
    lived = lived_by(oneself(by))
    today = lived.day_of(at)
    context = {
        "project": found,
        "rate": found.rates.get(lived.on(today).country),
        "floor": floor_of(lived.on(today), today),
        "floors": FLOORS,
        "most_left": MOST_LEFT,
        **read,
    }
    return show(request, "quality/member/project.html", form, **context)


def _read(by: Actor, project: Project) -> dict[str, Any]:
    """The project's versions and questions, and what is hers."""
    guidelines = list(project.guidelines.order_by("-version"))
    return {
        "offer": next((one for one in open_work(by) if one.offer.project.id == project.id), None),
        "guideline": guidelines[0] if guidelines else None,
        "versions": guidelines[:10],
        "figures": own_figures(by, project),
        "agreement": figures_of(oneself(by), project.id, by),
        "least_compared": ENOUGH,
        "questions": her_questions(by, project),
        "can_ask": project.state in WORKED_ON,
    }
