"""What waits for a client: the next thing to do in each of her projects."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from palabre.exchange.models import Import, Upload
from palabre.impact.models import ScoreCard
from palabre.impact.queries.standing import Standing
from palabre.work.models import Project, Quote
from palabre.work.queries.looks import flagged_in

State = Project.State
Row = TypeVar("Row", Import, Upload)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`what` is waiting in a project; `number` of it, `about` the one it is about, where there is one."""

    what: str
    project: Project
    number: int = 0
    about: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    quoted: frozenset[uuid.UUID]
    stated: frozenset[uuid.UUID]
    bad: Mapping[uuid.UUID, list[Import]]
    uploads: Mapping[uuid.UUID, list[Upload]]
    flagged: Mapping[uuid.UUID, int]


def waiting_in(standings: Sequence[Standing]) -> list[Waiting]:
    """What waits, project by project. Five statements."""
    facts = _facts([one.project.id for one in standings])
    return [found for one in standings for found in _waiting(one, facts)]


def _facts(ids: Sequence[uuid.UUID]) -> _Facts:
    running = Q(project__in=ids) & ~Q(project__state=State.CLOSED)
    # Bad rows wait until a file was sent to put them right, or the tasks were taken back.
    bad = Import.objects.filter(running, bad__gt=0, finished_at__isnull=False, corrections=None).exclude(
        error__code__in=["exchange.cancelled", "exchange.discarded"]
    )
    uploads = Upload.objects.filter(running, became=None, received=F("size"))
    return _Facts(
        quoted=frozenset(Quote.objects.filter(project__in=ids).values_list("project", flat=True)),
        stated=frozenset(ScoreCard.objects.filter(project__in=ids).values_list("project", flat=True)),
        bad=_by_project(bad.order_by("id")),
        uploads=_by_project(uploads.order_by("id")),
        flagged=flagged_in(ids),
    )


def _by_project(rows: QuerySet[Row]) -> dict[uuid.UUID, list[Row]]:
    found: dict[uuid.UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return found


def _waiting(one: Standing, facts: _Facts) -> Iterator[Waiting]:
    project = one.project
    for upload in facts.uploads.get(project.id, []):
        yield Waiting("upload", project, about=upload.id)
    for source in facts.bad.get(project.id, []):
        yield Waiting("bad_rows", project, source.bad, source.id)
    if what := _next_step(one, facts):
        yield Waiting(what, project)
    if flagged := facts.flagged.get(project.id):
        yield Waiting("flags", project, flagged)
    if one.open_questions and project.state != State.CLOSED:
        yield Waiting("questions", project, one.open_questions)


def _next_step(one: Standing, facts: _Facts) -> str:
    project = one.project
    match project.state:
        case State.DRAFT:
            return _of_draft(one, facts)
        case State.PILOT:
            return "pilot"
        case State.CLOSED:
            return "" if project.id in facts.stated or not one.done.judgements else "scorecard"
    if one.all_done:
        return "close"
    return "deposit_more" if one.missing == 0 else ""


def _of_draft(one: Standing, facts: _Facts) -> str:
    if one.project.rates:
        return "launch" if one.left > 0 else "deposit"
    return "quote" if one.project.id in facts.quoted else "set_up"
