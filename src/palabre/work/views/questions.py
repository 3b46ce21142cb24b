"""Questions of members: the open ones, similar ones together, answered once for all concerned."""

import uuid
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, at_of
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.work.access import project_for
from palabre.work.actions.questions import answer_questions
from palabre.work.forms.coordinator import AnswerForm
from palabre.work.models import Question
from palabre.work.queries.questions import (
    MOST,
    answered_questions,
    is_full,
    open_questions,
    questions_to_answer,
)


@page(Permission.ANSWER_QUESTIONS)
def questions(request: HttpRequest) -> HttpResponse:
    """Open questions of all projects, the oldest first."""
    by = actor_of(request)
    groups = open_questions(by)
    context = {"groups": groups, "at": at_of(request), "most": MOST if is_full(groups) else 0}
    return render(request, "work/coordinator/questions.html", context)


@page(Permission.READ_PROJECTS)
def project_questions(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Questions of one project: the open ones, and the answers."""
    by = actor_of(request)
    found = project_for(by, project, Permission.READ_PROJECTS)
    groups = open_questions(by, found.id)
    context = {
        "project": found,
        "groups": groups,
        "answered": answered_questions(by, found.id),
        "may_answer": by.may(Permission.ANSWER_QUESTIONS),
        "at": at_of(request),
        "most": MOST if is_full(groups) else 0,
    }
    return render(request, "work/coordinator/project_questions.html", context)


@page(Permission.ANSWER_QUESTIONS)
def answer(request: HttpRequest) -> HttpResponse:
    """Answer those that the address names (`q`), and further ones of the same project that are ticked."""
    by, at = actor_of(request), at_of(request)
    named = questions_to_answer(by, _ids(request.GET.getlist("q")))
    project = named[0].project
    others = [
        one
        for group in open_questions(by, project.id)
        for one in group.questions
        if one.id not in {question.id for question in named}
    ]
    initial = {"questions": [str(one.id) for one in named], "answer": named[0].answer}
    form = form_of(AnswerForm, request, initial=initial, asked=[*named, *others])
    if form.is_bound and form.is_valid():
        with refusals(form):
            answered = answer_questions(form.chosen(), form.cleaned_data["answer"], by=by, at=at)
            return _after(request, answered, to_guideline=form.cleaned_data["guideline"])
    for_client = project.operator_id != by.organisation
    context = {"project": project, "named": named, "at": at, "for_client": for_client}
    return show(request, "work/coordinator/answer.html", form, **context)


def _after(request: HttpRequest, answered: Sequence[Question], *, to_guideline: bool) -> HttpResponse:
    """On to the guideline, with question and answer in it already, or back to the project's questions."""
    project, said = answered[0].project_id, len(answered)
    sentence = ngettext(
        "Answered. Everybody who works on the project sees it.",
        "%(n)d questions answered at once. Everybody who works on the project sees it.",
        said,
    ) % {"n": said}
    response = done(request, sentence, "project-questions", project=project)
    if to_guideline:
        example = f"> {answered[0].text}\n\n{answered[0].answer}"
        address = reverse("setup-guideline", kwargs={"project": project})
        return HttpResponseRedirect(f"{address}?{urlencode({'add': example})}")
    return response


def _ids(texts: Sequence[str]) -> list[uuid.UUID]:
    """Raises: NotFound."""
    try:
        return [uuid.UUID(text) for text in texts[:MOST]]
    except ValueError:
        raise NotFound from None
