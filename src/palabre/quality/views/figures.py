"""Quality of a project: how far members agree, on what they don't, and the tasks behind each figure."""

import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from palabre.people.permissions import Permission
from palabre.quality.models import CLEAR
from palabre.quality.queries import agreement_of
from palabre.quality.queries.disputed import Disputed, TaskSeen, chosen_in, disputed_tasks, task_seen
from palabre.quality.queries.figures import question_figures, sure_bands, titles_of
from palabre.web.access import actor_of, at_of
from palabre.web.errors import BadCursor
from palabre.web.keyset import Rows, query_with
from palabre.web.page import page
from palabre.work.access import project_for
from palabre.work.media import sign_link
from palabre.work.models import Project
from palabre.work.queries.versions import schema_of
from palabre.work.schemas.form import Form, form_of

P = Permission
FIRST_DISPUTED = 5
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@page(P.READ_RESULTS)
def quality(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Alpha, labels, confusion, how sure the consensus is, and the most disputed tasks."""
    by = actor_of(request)
    found = project_for(by, project, P.READ_RESULTS)
    agreement = agreement_of(project)
    context: dict[str, object] = {"project": found, "agreement": agreement}
    if agreement is not None:
        shown = disputed_tasks(by, project, limit=FIRST_DISPUTED)
        context |= {
            "questions": question_figures(agreement),
            "bands": sure_bands(agreement),
            "clear": CLEAR,
            "disputed": _told(shown.items, _form(request, found)),
            "more_disputed": shown.next is not None,
        }
    return render(request, "quality/project.html", context)


@page(P.READ_RESULTS)
def tasks(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
    """Tasks that members don't agree on; `?label=` (twice for a pair) shows those whose answers name it."""
    by = actor_of(request)
    found = project_for(by, project, P.READ_RESULTS)
    labels = request.GET.getlist("label")[:2]
    shown = disputed_tasks(by, project, labels=labels, after=_after(request))
    form = _form(request, found)
    more = query_with(request, f"{shown.next[0]!r}~{shown.next[1]}") if shown.next else ""
    start = query_with(request, "") if "cursor" in request.GET else ""
    titles = titles_of(form.choices[0] if form and form.choices else None)
    context = {
        "project": found,
        "tasks": _told(shown.items, form),
        "labels": [titles.get(label, label) for label in labels],
        "listing": Rows(shown.items, more, start),
    }
    return render(request, "quality/tasks.html", context)


@page(P.READ_RESULTS)
def task(request: HttpRequest, project: uuid.UUID, task: int) -> HttpResponse:
    """One task with its answers, without who gave them."""
    by = actor_of(request)
    seen = task_seen(by, project, task)
    context = {
        "project": project_for(by, project, P.READ_RESULTS),
        "task": seen.task,
        "blocks": _blocks(request, seen),
        "answers": _answers(seen),
        "consensus": seen.consensus and _words(seen.consensus.labels, seen.form),
        "confidence": seen.consensus and seen.consensus.confidence,
        "nobody": _nobody_gave(seen),
        "decided": seen.review and _words(chosen_in(seen.review.result), seen.form),
        "why": seen.review and seen.review.reason,
    }
    return render(request, "quality/task.html", context)


def _form(request: HttpRequest, project: Project) -> Form | None:
    if not project.schemas.exists():
        return None
    return form_of(schema_of(actor_of(request), project.id).body)


def _after(request: HttpRequest) -> tuple[float, int] | None:
    """Raises: BadCursor."""
    text = request.GET.get("cursor")
    if text is None:
        return None
    try:
        confidence, task = text[:60].split("~")
        after = float(confidence), int(task)
    except ValueError:
        raise BadCursor(path="query.cursor") from None
    if not 0 <= after[0] <= 1 or not 0 <= after[1] < 2**63:
        raise BadCursor(path="query.cursor")
    return after


def _told(items: Sequence[Disputed], form: Form | None) -> list[dict[str, object]]:
    """What a list shows of each task: an excerpt, and how often each answer was given."""
    return [_one_told(item, form) for item in items]


def _one_told(item: Disputed, form: Form | None) -> dict[str, object]:
    counts: dict[str, int] = {}
    for given in item.answers:
        words = _words(given, form)
        counts[words] = counts.get(words, 0) + 1
    fields = [block.field for block in form.shows if block.type != "image"] if form else []
    text = " ".join(str(item.task.payload.get(name, "")) for name in fields)
    return {
        "id": item.task.id,
        "name": item.task.external_id or "",
        "text": text or item.task.external_id or "",
        "votes": sorted(counts.items(), key=lambda one: (-one[1], one[0])),
        "confidence": item.confidence,
    }


def _words(labels: dict[str, list[str]], form: Form | None) -> str:
    """The titles of an answer's labels, question after question."""
    if form is None:
        return " · ".join(", ".join(values) for values in labels.values())
    parts = []
    for question in form.choices:
        titles = titles_of(question)
        values = labels.get(question.name, [])
        parts.append(", ".join(titles.get(value, value) for value in values) or gettext("none of the labels"))
    return " · ".join(parts)


def _answers(seen: TaskSeen) -> list[dict[str, object]]:
    """Letters instead of names: enough to speak of an answer, and the same member has another one elsewhere."""
    return [
        {
            "letter": LETTERS[number % len(LETTERS)],
            "words": _words(chosen_in(row.result), seen.form),
            "note": row.note,
            "guideline": row.guideline_version,
            "counted": row.place is not None,
        }
        for number, row in enumerate(seen.answers)
    ]


def _nobody_gave(seen: TaskSeen) -> bool:
    """Whether the consensus was found label by label and is not the answer of any one member."""
    if seen.consensus is None or seen.review is not None:
        return False
    found = {name: set(labels) for name, labels in seen.consensus.labels.items()}
    given = [chosen_in(row.result) for row in seen.answers]
    return found not in [{name: set(one.get(name, ())) for name in found} for one in given]


def _blocks(request: HttpRequest, seen: TaskSeen) -> list[dict[str, str]]:
    by, media = actor_of(request), seen.task.media_id
    picture = f"/media/{sign_link(media, by=by, at=at_of(request)).token}" if media and by.account else ""
    return [
        {
            "picture": picture if block.type == "image" else "",
            "text": "" if block.type == "image" else str(seen.task.payload.get(block.field, "")),
            "language": block.lang or "",
        }
        for block in seen.form.shows
    ]
