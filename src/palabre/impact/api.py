"""ScoreCards over HTTP. The public page of each is at /scorecards/<id>/."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from palabre.impact.actions import issue_scorecard
from palabre.impact.models import ScoreCard
from palabre.impact.queries import scorecards_of
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id
from palabre.web.pages import Page, Paging, page

router = Router(tags=["scorecards"])


class ScoreCardOut(Schema):
    """`credential`: the signed statement, to be checked with `palabre verify`."""

    id: uuid.UUID
    version: int
    seal: int
    issued_at: dt.datetime
    credential: Mapping[str, object]


@router.get(
    "/projects/{project}/scorecards", auth=allowed(Permission.READ_RESULTS), response=Page[ScoreCardOut]
)
def list_scorecards(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """The ScoreCards of a project, the first version first."""
    actor = actor_of(request)
    return page(
        paging,
        int,
        lambda after, limit: scorecards_of(project, by=actor, after=after, limit=limit),
        lambda card: card.version,
    )


@router.post(
    "/projects/{project}/scorecards",
    auth=allowed(Permission.MANAGE_PROJECTS),
    response={201: ScoreCardOut},
)
def issue(request: HttpRequest, project: Id) -> Status[ScoreCard]:
    """Sign the next ScoreCard of a closed project. Refused while days that are over are not settled."""
    return Status(201, issue_scorecard(project, by=actor_of(request), at=at_of(request)))
