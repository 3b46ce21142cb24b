"""What waits for somebody to look at it: marked and skipped tasks, what nobody could read, two answers to one task."""

import datetime as dt
import uuid
from typing import Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Input, RowIdText
from palabre.web.pages import Page, Paging, page
from palabre.work.actions.choices import choose_answer
from palabre.work.actions.flags import settle_flags
from palabre.work.actions.unread import settle_unread
from palabre.work.api.device import FlagOut
from palabre.work.models import Annotation, Flag, RawSubmission
from palabre.work.queries import looks
from palabre.work.sync.reasons import all_said

router = Router(tags=["work"])


class FlagsIn(Input):
    """`word` is read by the members who marked or left the task; `answered` needs one."""

    outcome: Literal["taken_out", "stays", "answered"]
    word: str = Field("", max_length=10_000)


class UnreadIn(Input):
    """`taken`: it was taken into account; else there is nothing to be done. `word` is read by her."""

    taken: bool
    word: str = Field("", max_length=10_000)


class ChoiceIn(Input):
    """`take`: the other answer stands from now on; else the one that is there."""

    take: bool


class UnreadOut(Schema):
    """What a device sent and nobody could read, as it was sent; `why`: with places, in your language."""

    id: int
    member: uuid.UUID = Field(alias="member_id")
    project: uuid.UUID | None = Field(alias="project_id")
    lease: int | None = Field(alias="lease_id")
    body: object
    why: list[str]
    received_at: dt.datetime
    state: str
    word: str

    @staticmethod
    def resolve_why(raw: RawSubmission) -> list[str]:
        return all_said(raw.why)


class TwoAnswersOut(Schema):
    """The other answer of a member to a task; `annotation` is the one that stands."""

    id: int
    annotation: int = Field(alias="annotation_id")
    member: uuid.UUID = Field(alias="member_id")
    revision: int
    result: object
    received_at: dt.datetime


class ChosenOut(Schema):
    """The answer that stands."""

    annotation: int = Field(alias="id")
    task: int = Field(alias="task_id")
    revision: int
    result: object


@router.post("/tasks/{task}/flags", auth=allowed(Permission.MANAGE_PROJECTS), response=list[FlagOut])
def settle_marks(request: HttpRequest, task: RowIdText, body: FlagsIn) -> list[Flag]:
    """End what waits about a task that members marked or left: it is taken out, it stays, or they are answered."""
    outcome = Flag.Outcome(body.outcome)
    return settle_flags(task, outcome, body.word, by=actor_of(request), at=at_of(request))


@router.get("/unread", auth=allowed(Permission.CORRECT_TIME), response=Page[UnreadOut])
def list_unread(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """What members sent and nobody could read, and that waits for a person."""
    by = actor_of(request)
    return page(
        paging, int, lambda after, limit: looks.unread_rows(by, after=after, limit=limit), lambda row: row.id
    )


@router.post("/unread/{raw}", auth=allowed(Permission.CORRECT_TIME), response=UnreadOut)
def settle_what_was_unread(request: HttpRequest, raw: RowIdText, body: UnreadIn) -> RawSubmission:
    """End what waits: it was taken into account, or there is nothing to be done."""
    return settle_unread(raw, body.taken, body.word, by=actor_of(request), at=at_of(request))


@router.get("/two-answers", auth=allowed(Permission.WORK), response=Page[TwoAnswersOut])
def list_two_answers(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Answers beside another of the same member that wait for her choice, or a reviewer's."""
    by = actor_of(request)
    return page(
        paging, int, lambda after, limit: looks.other_rows(by, after=after, limit=limit), lambda row: row.id
    )


@router.post("/two-answers/{other}", auth=allowed(Permission.WORK), response=ChosenOut)
def choose(request: HttpRequest, other: RowIdText, body: ChoiceIn) -> Annotation:
    """Say which of two answers to one task stands. Both are kept."""
    return choose_answer(other, body.take, by=actor_of(request), at=at_of(request))
