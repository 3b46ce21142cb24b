"""A reviewer's pages: what waits, one task to decide, what she has decided; and what members see of it."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from palabre.errors import Invalid, NotFound, WrongState
from palabre.people.permissions import Permission
from palabre.quality.actions import lease_review, submit_review, undo_review
from palabre.quality.queries.reviews import (
    Chosen,
    Opened,
    Reviewed,
    my_reviews,
    opened_review,
    review_time,
    reviews_of_my_answers,
    reviews_waiting,
    undoable_review,
)
from palabre.quality.review_form import GiveBackForm, ReviewForm, said, said_before
from palabre.times import day_of
from palabre.web.access import actor_of, at_of
from palabre.web.addresses import row_in
from palabre.web.forms import form_of, refusals, show
from palabre.web.page import done, page
from palabre.web.sign_in import viewer_in
from palabre.work.access import project_for
from palabre.work.actions.reviews import LONGEST_LOOK, return_review
from palabre.work.media import sign_link
from palabre.work.models import LabelSchema, Review
from palabre.work.queries.versions import result_form_of
from palabre.work.schemas import form_of as schema_form
from palabre.work.schemas.form import Form
from palabre.work.spoken import reads
from palabre.work.undo import Undo, offered

PAGE = 30
LOOK_MINUTES = LONGEST_LOOK // dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing of a task: a text, or the address of a picture."""

    title: str
    text: str
    picture: str
    language: str


@page(Permission.REVIEW)
def reviews(request: HttpRequest) -> HttpResponse:
    """Projects with tasks in dispute that she may decide, and her last reviews."""
    by, viewer = actor_of(request), viewer_in(request)
    before = request.GET.get("before", "")
    past = my_reviews(by, before=row_in(before), limit=PAGE + 1)
    today = day_of(at_of(request), viewer.timezone if viewer else "UTC")
    context = {
        "waiting": reviews_waiting(by),
        "past": past[:PAGE],
        "more": past[PAGE - 1].id if len(past) > PAGE else None,
        "counted": review_time(by, today - dt.timedelta(days=today.weekday())),
        "minutes": LOOK_MINUTES,
        "undo": _undo(request),
    }
    return render(request, "quality/reviews.html", context)


@page(Permission.REVIEW)
def next_review(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Take the next task in dispute. Only by the button: looking at the address shows the list."""
    by = actor_of(request)
    if request.method != "POST":
        project_for(by, project, Permission.WORK)
        return HttpResponseRedirect(reverse("reviews"))
    review = lease_review(project, by=by, at=at_of(request))
    return HttpResponseRedirect(reverse("review", kwargs={"review": review.id}))


@page(Permission.REVIEW)
def review(request: HttpRequest, review: int) -> HttpResponse:
    """One task with the different answers, without who gave them; decide it."""
    by, at = actor_of(request), at_of(request)
    opened = opened_review(review, by)
    form = form_of(ReviewForm, request, schema=opened.form, initial=said_before(opened.form, opened.review))
    if form.is_bound and form.is_valid():
        alone = _alone(opened, form)
        if alone and request.POST.get("alone") != alone:
            return _show(request, opened, form, GiveBackForm(), alone=alone)
        with refusals(form):
            submit_review(review, form.result(), form.cleaned_data["reason"], by=by, at=at)
            return _onward(request, opened)
    return _show(request, opened, form, GiveBackForm())


@page(Permission.REVIEW)
def give_back(request: HttpRequest, review: int) -> HttpResponse:
    """Leave a task undecided, with a reason."""
    by, at = actor_of(request), at_of(request)
    opened = opened_review(review, by)
    form = form_of(GiveBackForm, request)
    if form.is_bound and form.is_valid():
        with refusals(form):
            return_review(review, form.cleaned_data["back"], by=by, at=at)
            return done(request, gettext("Given back. Your time counts all the same."), "reviews")
    return _show(request, opened, ReviewForm(schema=opened.form), form)


@page(Permission.REVIEW)
def undo(request: HttpRequest, review: int) -> HttpResponse:
    """Take back her last review. Only by the button: looking at the address shows the review."""
    by = actor_of(request)
    opened_review(review, by)
    if request.method == "POST":
        undo_review(review, by=by, at=at_of(request))
        told = gettext("Undone. The task is in your hands again, with what you had written.")
        return done(request, told, "review", review=review)
    return HttpResponseRedirect(reverse("review", kwargs={"review": review}))


def _undo(request: HttpRequest) -> Undo | None:
    """The offer to undo her last review, on each of her pages."""
    last = undoable_review(actor_of(request), at_of(request))
    if last is None or last.submitted_at is None:
        return None
    decided = last.state == Review.State.SUBMITTED
    sentence = (
        gettext("You decided task %(task)s of %(project)s.")
        if decided
        else gettext("You gave back task %(task)s of %(project)s.")
    )
    told = sentence % {"task": last.task_id, "project": last.project.said("name", reads()).text}
    return offered(last.id, told, last.submitted_at, reverse("review-undo", kwargs={"review": last.id}))


def _onward(request: HttpRequest, opened: Opened) -> HttpResponse:
    """To the next task, when she asked for it and there is one."""
    thanks = gettext("Thank you. Your decision stands, and your time counts.")
    if request.POST.get("then") == "next":
        try:
            following = lease_review(opened.project.id, by=actor_of(request), at=at_of(request))
        except (WrongState, Invalid, NotFound):
            return done(request, thanks, "reviews")
        return done(request, thanks, "review", review=following.id)
    return done(request, thanks, "reviews")


def _alone(opened: Opened, form: ReviewForm) -> str:
    """The answer, where no member gave it: she is asked once before it decides. Empty where somebody did."""
    known = result_form_of(opened.project.id, opened.review.schema_version)
    chosen = known.labels(form.result()) if known else {}
    given = [{name: tuple(one.get(name, ())) for name in chosen} for one in opened.answers]
    return "" if chosen in given else json.dumps(chosen)


def _show(
    request: HttpRequest, opened: Opened, form: ReviewForm, back: GiveBackForm, *, alone: str = ""
) -> HttpResponse:
    failed = form if form.is_bound else back
    context = {
        "opened": opened,
        "review": opened.review,
        "decidable": opened.review.state in (Review.State.OPEN, Review.State.EXPIRED),
        "blocks": _blocks(request, opened),
        "answers": [_in_words(opened.form, one) for one in opened.answers],
        "decided": _decided(opened),
        "back": back,
        "alone": alone,
        "minutes": LOOK_MINUTES,
        "undo": _undo(request),
    }
    response = show(request, "quality/review.html", form, **context)
    if alone or (failed.is_bound and failed.errors):
        response.status_code = 422
    return response


def _blocks(request: HttpRequest, opened: Opened) -> list[Shown]:
    task, by = opened.review.task, actor_of(request)
    picture = ""
    if task.media_id and by.account:
        picture = f"/media/{sign_link(task.media_id, by=by, at=at_of(request)).token}"
    return [
        Shown(
            title="",
            text=str(task.payload.get(block.field, "")) if block.type != "image" else "",
            picture=picture if block.type == "image" else "",
            language=block.lang or "",
        )
        for block in opened.form.shows
    ]


def _in_words(form: Form, chosen: Chosen) -> list[str]:
    """The titles of the labels, in the order of the questions; a question without one says so."""
    return [_titles(form, question.name, chosen.get(question.name, ())) for question in form.choices]


def _titles(form: Form, name: str, values: Sequence[str]) -> str:
    question = next(one for one in form.choices if one.name == name)
    titles: Mapping[str, str] = {one.value: said(one.title, one.value) for one in question.labels}
    return ", ".join(titles.get(value, value) for value in values) or gettext("none of the labels")


def _decided(opened: Opened) -> list[str]:
    """What she decided, once she has."""
    if opened.review.state not in (Review.State.SUBMITTED, Review.State.EXTRA):
        return []
    named = {
        item["from_name"]: item["value"]["choices"]
        for item in opened.review.result
        if item["type"] == "choices"
    }
    return _in_words(opened.form, named)


# -- what members see -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """A reviewed task in words."""

    row: Reviewed
    text: str
    answered: list[str]
    decided: list[str]


@page(Permission.WORK)
def reviewed_answers(request: HttpRequest) -> HttpResponse:
    """Tasks of hers that a reviewer decided, and why. For information: nothing is taken."""
    before = request.GET.get("before", "")
    by = actor_of(request)
    rows = reviews_of_my_answers(by, before=row_in(before), limit=PAGE + 1)
    forms = _newest_forms({row.project.id for row in rows})
    context = {
        "told": [_told(row, forms[row.project.id]) for row in rows[:PAGE]],
        "more": rows[PAGE - 1].annotation if len(rows) > PAGE else None,
    }
    return render(request, "quality/reviewed_answers.html", context)


def _newest_forms(projects: set[uuid.UUID]) -> dict[uuid.UUID, Form]:
    newest = (
        LabelSchema.objects.filter(project__in=projects).order_by("project", "-version").distinct("project")
    )
    return {one.project_id: schema_form(one.body) for one in newest}


def _told(row: Reviewed, form: Form) -> Told:
    texts = [str(row.payload.get(block.field, "")) for block in form.shows if block.type == "text"]
    return Told(row, " · ".join(texts)[:300], _in_words(form, row.answered), _in_words(form, row.decided))
