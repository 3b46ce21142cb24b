"""What a member's device calls: offers, leases, pictures, and the outbox."""

import datetime as dt
import uuid
from decimal import Decimal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input, Instant, RowId
from palabre.work import queries
from palabre.work.actions.leases import MOST_BYTES, MOST_HELD, MOST_TASKS, Leased, assign_tasks, lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.media import media_link
from palabre.work.sync.items import MOST_ITEMS

router = Router(tags=["work"])


class OfferOut(Schema):
    """Work on offer. `per_hour` is in your currency, for the expected time."""

    project: uuid.UUID
    name: str
    purpose: str
    client: str
    currency: str
    per_judgement: Decimal
    per_hour: Decimal
    seconds: Decimal
    languages: list[str]


class LinkOut(Schema):
    """`path` on this server shows the picture until `expires_at`, without a token."""

    path: str
    expires_at: dt.datetime


class LeaseIn(Input):
    """`holding`: the leases that the device has already; others of hers come first."""

    count: int = Field(1, ge=1, le=MOST_TASKS)
    max_bytes: int = Field(MOST_BYTES, ge=1_000, le=MOST_BYTES)
    holding: list[RowId] = Field(default=[], max_length=MOST_HELD)


class TaskOut(Schema):
    lease: int
    task: int
    position: int
    external_id: str | None
    payload: dict[str, object]
    media: uuid.UUID | None


class LeasedOut(Schema):
    tasks: list[TaskOut]
    schema_version: int
    guideline_version: int
    expires_at: dt.datetime
    more: bool


class SyncIn(Input):
    """`items` are read one by one: see the protocol in docs/sync.md."""

    device_now: Instant
    items: list[dict[str, object]] = Field(max_length=MOST_ITEMS)


class OutcomeOut(Schema):
    key: uuid.UUID | None
    status: str
    receipt: str | None
    why: list[str]


class SyncOut(Schema):
    server_time: dt.datetime
    items: list[OutcomeOut]


class AssignIn(Input):
    member: Id
    tasks: list[RowId] = Field(min_length=1, max_length=MOST_HELD)


@router.get("/offers", auth=allowed(Permission.WORK), response=list[OfferOut])
def list_offers(request: HttpRequest) -> list[dict[str, object]]:
    """Work that is open to you: for whom, what for, how long, what it pays where you live."""
    return [
        {
            "project": offer.project.id,
            "name": offer.project.name,
            "purpose": offer.project.purpose,
            "client": offer.client_name,
            "currency": offer.currency,
            "per_judgement": offer.per_judgement,
            "per_hour": offer.per_hour,
            "seconds": offer.seconds,
            "languages": offer.languages,
        }
        for offer in queries.offers_for(actor_of(request))
    ]


@router.get("/media/{media}/link", auth=allowed(Permission.READ_PROJECTS, Permission.WORK), response=LinkOut)
def link(request: HttpRequest, media: Id) -> dict[str, object]:
    """A short-lived address of a picture that you may see."""
    made = media_link(media, by=actor_of(request), at=at_of(request))
    return {"path": f"/media/{made.token}", "expires_at": made.expires_at}


# A lease that was lost on the way is given again (`holding`), so the call carries no key.
@router.post("/projects/{project}/leases", auth=allowed(Permission.WORK, keyed=False), response=LeasedOut)
def lease(request: HttpRequest, project: Id, body: LeaseIn) -> dict[str, object]:
    """Tasks for the member who asks, until a time."""
    by, at = actor_of(request), at_of(request)
    return _leased(
        lease_tasks(project, count=body.count, holding=body.holding, max_bytes=body.max_bytes, by=by, at=at)
    )


@router.post("/projects/{project}/assignments", auth=allowed(Permission.ASSIGN_TASKS), response=LeasedOut)
def assign(request: HttpRequest, project: Id, body: AssignIn) -> dict[str, object]:
    """Named tasks for a named member."""
    by, at = actor_of(request), at_of(request)
    return _leased(assign_tasks(project, body.member, body.tasks, by=by, at=at))


# Every item carries a key of its own.
@router.post("/sync", auth=allowed(Permission.WORK, keyed=False), response=SyncOut)
def send(request: HttpRequest, body: SyncIn) -> dict[str, object]:
    """The outbox of a device: answers, skips, questions, time. One status for each item."""
    by, at = actor_of(request), at_of(request)
    outcomes = sync(body.items, device_now=body.device_now, by=by, at=at)
    return {
        "server_time": at,
        "items": [
            {"key": one.key, "status": one.status.value, "receipt": one.receipt, "why": one.why}
            for one in outcomes
        ],
    }


def _leased(leased: Leased) -> dict[str, object]:
    return {
        "tasks": leased.tasks,
        "schema_version": leased.schema_version,
        "guideline_version": leased.guideline_version,
        "expires_at": leased.expires_at,
        "more": leased.more,
    }
