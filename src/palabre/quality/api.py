"""Consensus and agreement of a project over HTTP."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from ninja import Query, Router, Schema

from palabre.errors import NotFound
from palabre.people.permissions import Permission
from palabre.people.small_groups import FEWEST
from palabre.quality.models import Agreement, Consensus
from palabre.quality.queries import agreement_of, consensus_page
from palabre.web.access import actor_of, allowed
from palabre.web.fields import Id
from palabre.web.pages import Page, Paging, page
from palabre.work.access import project_for
from palabre.work.pseudonyms import pseudonym

router = Router(tags=["quality"])


class AgreementOut(Schema):
    """Krippendorff's alpha with its 95 % interval, which labels are mixed up, the tasks that members disagree
    on most, and how often each member agrees with the others. Null where a figure is not defined.

    Who works for the operator reads its members' ids. Everybody else reads pseudonyms, the same as in the project's
    files, and no member's share where fewer than five have answered.
    """

    tasks: int
    judgements: int
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    confusion: Mapping[str, object]
    disputed: Sequence[Mapping[str, object]]
    reliability: Sequence[Mapping[str, object]]
    computed_at: dt.datetime


class ConsensusOut(Schema):
    """`labels`: {question: [label, ...]}; `confidence` in 0..1, as `method` means it."""

    task: int
    external_id: str | None
    labels: Mapping[str, Sequence[str]]
    confidence: float
    judgements: int
    method: str

    @staticmethod
    def resolve_task(row: Consensus) -> int:
        return row.task_id

    @staticmethod
    def resolve_external_id(row: Consensus) -> str | None:
        return row.task.external_id


@router.get("/projects/{project}/agreement", auth=allowed(Permission.READ_RESULTS), response=AgreementOut)
def agreement(request: HttpRequest, project: Id) -> Agreement:
    """How far members agree, as of the last computation."""
    found = agreement_of(_project(request, project))
    if found is None:
        raise NotFound
    if not actor_of(request).may(Permission.ASSIGN_TASKS):
        found.reliability = _without_names(project, found.reliability)
    return found


def _without_names(project: uuid.UUID, rows: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    if len(rows) < FEWEST:
        return []
    named = ({**row, "member": pseudonym(project, uuid.UUID(str(row["member"])))} for row in rows)
    return sorted(named, key=lambda row: str(row["member"]))


@router.get(
    "/projects/{project}/consensus", auth=allowed(Permission.READ_RESULTS), response=Page[ConsensusOut]
)
def consensus(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """What the judgements of each task lead to, in the order of the tasks."""
    seen = _project(request, project)
    return page(
        paging,
        int,
        lambda after, limit: consensus_page(seen, after=after, limit=limit),
        lambda row: row.task_id,
    )


def _project(request: HttpRequest, project: uuid.UUID) -> uuid.UUID:
    return project_for(actor_of(request), project, Permission.READ_RESULTS).id
