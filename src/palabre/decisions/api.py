"""Decisions and appeals over HTTP. Each room takes its own decisions; here they are read and contested."""

import datetime as dt
import uuid

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from palabre.decisions import queries
from palabre.decisions.actions import answer_appeal, appeal
from palabre.decisions.kinds import kind_of
from palabre.decisions.models import Appeal, Decision
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input
from palabre.web.pages import Page, Paging, page

router = Router(tags=["decisions"])


class AppealOut(Schema):
    reason: str
    appealed_at: dt.datetime
    answer_due: dt.datetime
    answer: str
    answered_by: uuid.UUID | None
    answered_at: dt.datetime | None


class DecisionOut(Schema):
    """`what`: the decision in plain words."""

    id: uuid.UUID
    member: uuid.UUID
    project: uuid.UUID | None
    kind: str
    what: str
    rule: str
    evidence: dict[str, object]
    guideline_version: int | None
    decided_by: uuid.UUID
    decided_at: dt.datetime
    contest_until: dt.datetime
    state: str
    appeal: AppealOut | None


class AppealIn(Input):
    reason: str = Field(max_length=4000)


class AnswerIn(Input):
    answer: str = Field(max_length=4000)
    reverse: bool


@router.get("/me/decisions", auth=allowed(Permission.WORK), response=Page[DecisionOut])
def list_my_decisions(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """What was decided about you, why, and until when you can contest it."""
    actor = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: _shown(queries.my_decisions(actor, after=after, limit=limit)),
        lambda shown: shown.id,
    )


@router.get(
    "/decisions", auth=allowed(Permission.DECIDE, Permission.ANSWER_APPEALS), response=Page[DecisionOut]
)
def list_decisions(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """The decisions of your organisation and their appeals."""
    actor = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: _shown(queries.decisions(actor, after=after, limit=limit)),
        lambda shown: shown.id,
    )


@router.get(
    "/decisions/{decision}",
    auth=allowed(Permission.WORK, Permission.DECIDE, Permission.ANSWER_APPEALS),
    response=DecisionOut,
)
def show_decision(request: HttpRequest, decision: Id) -> DecisionOut:
    """One decision, about you or of your organisation."""
    return _show(queries.decision(decision, actor_of(request)))


@router.post("/decisions/{decision}/appeal", auth=allowed(Permission.WORK), response={201: AppealOut})
def contest(request: HttpRequest, decision: Id, body: AppealIn) -> Status[Appeal]:
    """Contest a decision about you. Somebody else than who took it answers by the date in the answer."""
    return Status(201, appeal(decision, body.reason, by=actor_of(request), at=at_of(request)))


@router.post("/decisions/{decision}/answer", auth=allowed(Permission.ANSWER_APPEALS), response=DecisionOut)
def answer(request: HttpRequest, decision: Id, body: AnswerIn) -> DecisionOut:
    """Answer an appeal: uphold the decision, or reverse it and undo its effect."""
    by = actor_of(request)
    answered = answer_appeal(decision, body.answer, reverse=body.reverse, by=by, at=at_of(request))
    return _show(answered)


def _shown(decisions: list[Decision]) -> list[DecisionOut]:
    return [_show(decision) for decision in decisions]


def _show(decision: Decision) -> DecisionOut:
    said: Appeal | None = getattr(decision, "appeal", None)
    return DecisionOut(
        id=decision.id,
        member=decision.member_id,
        project=decision.project,
        kind=decision.kind,
        what=str(kind_of(decision.kind).sentence),
        rule=decision.rule,
        evidence=decision.evidence,
        guideline_version=decision.guideline_version,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        contest_until=decision.contest_until,
        state=decision.state,
        appeal=None if said is None else AppealOut.model_validate(said, from_attributes=True),
    )
