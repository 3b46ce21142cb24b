"""What a member's device calls: offers, leases, pictures, and the outbox."""

import datetime as dt
import uuid
from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.tokens import submit_token
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input, Instant, RowId
from palabre.web.pages import Page, Paging, page
from palabre.work.actions.handouts import hand_pack
from palabre.work.actions.leases import MOST_BYTES, MOST_HELD, MOST_TASKS, Leased, assign_tasks, lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.errors import AnotherAccount
from palabre.work.media import Link, media_link
from palabre.work.models import Media
from palabre.work.models.projects import Spoken
from palabre.work.packs import Pack, Today, language_of, pictures_of, today_of
from palabre.work.queries import offers, projects
from palabre.work.queries.handing import LeftOut, left_out
from palabre.work.schemas import with_language
from palabre.work.sync.items import MOST_ITEMS

router = Router(tags=["work"])


class OfferOut(Schema):
    """Work on offer. `per_hour` is in your currency, for the expected time. `langs`: the language that each text is in,
    yours or the project's main one; `languages`: those of the data."""

    project: uuid.UUID
    name: str
    purpose: str
    langs: dict[str, str]
    client: str
    currency: str
    per_judgement: Decimal
    per_hour: Decimal
    seconds: Decimal
    languages: list[str]


class PictureOut(Schema):
    """`path` on this server shows the picture until `expires_at`, without a token; `size` is in bytes."""

    id: uuid.UUID
    path: str
    expires_at: dt.datetime
    sha256: str
    size: int
    width: int
    height: int


class TodayOut(Schema):
    """`counted_ms` is paid time of your day so far, `brings` what you get for it as it stands, in minor units of
    `currency`, with what is still added at night; `floor` is what an hour brings at the least."""

    day: dt.date
    counted_ms: int
    currency: str
    brings: int
    floor: Decimal | None


class PackProjectOut(Schema):
    """`langs`: the language that each text is in, hers or the project's main one."""

    id: uuid.UUID
    name: str
    client: str
    purpose: str
    langs: dict[str, str]


class PackSchemaOut(Schema):
    version: int
    body: dict[str, object]


class PackGuidelineOut(Schema):
    """`html` is clean: no scripts, no styles, no pictures. `langs`: the language that each text is in."""

    version: int
    html: str
    changes: str
    langs: dict[str, str]


class AnsweredOut(Schema):
    id: uuid.UUID
    text: str
    answer: str
    by_client: bool = Field(validation_alias="answered_by_client")


class PackOut(Schema):
    """What a device needs to work on a project, beside its tasks. `per_hour`: expected, in your currency."""

    account: uuid.UUID
    language: str
    project: PackProjectOut
    currency: str
    per_judgement: Decimal
    per_hour: Decimal
    label_schema: PackSchemaOut = Field(serialization_alias="schema")
    guideline: PackGuidelineOut
    today: TodayOut
    questions: list[AnsweredOut]
    server_time: dt.datetime


class LeaseIn(Input):
    """`holding`: the leases that the device has already; others of hers come first."""

    count: int = Field(1, ge=1, le=MOST_TASKS)
    max_bytes: int = Field(MOST_BYTES, ge=1_000, le=MOST_BYTES)
    holding: list[RowId] = Field(default=[], max_length=MOST_HELD)


class TaskOut(Schema):
    """`payload` has what the schema shows, and no other column of the client's file."""

    lease: int
    task: int
    position: int
    payload: dict[str, object]
    media: uuid.UUID | None


class HandedOut(Schema):
    """Tasks that were handed to a member."""

    tasks: list[TaskOut]
    schema_version: int
    guideline_version: int
    expires_at: dt.datetime
    more: bool


class LeftOutOut(Schema):
    """A task that was not handed to her, and why."""

    task: int
    why: LeftOut


class AssignedOut(HandedOut):
    """What a member was handed by name, and what not."""

    left_out: list[LeftOutOut]


class LeasedOut(HandedOut):
    """`submit_token` sends answers to POST /sync for 90 days, without a session, and does nothing else.
    `account`: whose tasks they are, for a device that several people use."""

    account: uuid.UUID
    pictures: list[PictureOut]
    submit_token: str
    server_time: dt.datetime


class FlagOut(Schema):
    """What a member marked about a task, or why she left it (`skipped`), and what came of it."""

    id: uuid.UUID
    task: int = Field(alias="task_id")
    reason: str
    comment: str
    skipped: bool
    flagged_at: dt.datetime
    outcome: str


class SyncIn(Input):
    """`items` are read one by one: see the protocol in docs/sync.md. `account`: whose outbox it is; on a
    device that several people use, nobody sends another's."""

    account: Id | None = None
    device_now: Instant
    items: list[object] = Field(max_length=MOST_ITEMS)


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
    """Work that is open to you: for whom, what for, how long, what it pays where you live. In your language, where the
    client wrote it."""
    by = actor_of(request)
    language = language_of(by)
    return [
        {
            "project": offer.project.id,
            **_words(offer.project, language, "name", "purpose"),
            "client": offer.client_name,
            "currency": offer.currency,
            "per_judgement": offer.per_judgement,
            "per_hour": offer.per_hour,
            "seconds": offer.seconds,
            "languages": offer.languages,
        }
        for offer in offers.offers_for(by)
    ]


@router.get(
    "/media/{media}/link", auth=allowed(Permission.READ_PROJECTS, Permission.WORK), response=PictureOut
)
def link(request: HttpRequest, media: Id) -> dict[str, object]:
    """A short-lived address of a picture that you may see."""
    return _picture(*media_link(media, by=actor_of(request), at=at_of(request)))


@router.get("/today", auth=allowed(Permission.WORK), response=TodayOut)
def today(request: HttpRequest) -> Today:
    """Your counted time and money of today."""
    return today_of(by=actor_of(request), at=at_of(request))


@router.get("/projects/{project}/workbench", auth=allowed(Permission.WORK), response=PackOut, by_alias=True)
def pack(request: HttpRequest, project: Id) -> dict[str, object]:
    """What the workbench needs to know of a project before you can work on it without a network."""
    return _pack(hand_pack(project, by=actor_of(request), at=at_of(request)), at_of(request))


# A lease that was lost on the way is given again (`holding`), so the call carries no key.
@router.post("/projects/{project}/leases", auth=allowed(Permission.WORK, keyed=False), response=LeasedOut)
def lease(request: HttpRequest, project: Id, body: LeaseIn) -> dict[str, object]:
    """Tasks for the member who asks, until a time."""
    by, at = actor_of(request), at_of(request)
    leased = lease_tasks(
        project, count=body.count, holding=body.holding, max_bytes=body.max_bytes, by=by, at=at
    )
    return _handed(leased) | _for_the_road(leased, by, at)


@router.post("/projects/{project}/assignments", auth=allowed(Permission.ASSIGN_TASKS), response=AssignedOut)
def assign(request: HttpRequest, project: Id, body: AssignIn) -> dict[str, object]:
    """Named tasks for a named member. Those that she can't get are named with why."""
    by, at = actor_of(request), at_of(request)
    given = assign_tasks(project, body.member, body.tasks, by=by, at=at)
    others = left_out(project, body.member, set(body.tasks) - {one.task for one in given.tasks})
    return _handed(given) | {"left_out": [{"task": task, "why": why} for task, why in others.items()]}


@router.get("/projects/{project}/flags", auth=allowed(Permission.READ_PROJECTS), response=Page[FlagOut])
def list_flags(request: HttpRequest, project: Id, paging: Query[Paging]) -> dict[str, object]:
    """Tasks of a project that members marked or left, why, and what came of it."""
    by = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: projects.flags(by, project, after=after, limit=limit),
        lambda flag: flag.id,
    )


# Every item carries a key of its own.
@router.post(
    "/sync",
    auth=allowed(Permission.WORK, keyed=False, submit=True, one_by_one="items"),
    response=SyncOut,
)
def send(request: HttpRequest, body: SyncIn) -> dict[str, object]:
    """The outbox of a device: answers, skips, flags, questions, time. One status for each item."""
    by, at = actor_of(request), at_of(request)
    if body.account is not None and body.account != by.account:
        raise AnotherAccount
    outcomes = sync(body.items, device_now=body.device_now, by=by, at=at)
    return {
        "server_time": at,
        "items": [
            {"key": one.key, "status": one.status.value, "receipt": one.receipt, "why": one.why}
            for one in outcomes
        ],
    }


def _for_the_road(leased: Leased, by: Actor, at: dt.datetime) -> dict[str, object]:
    if by.account is None or by.organisation is None:
        raise NotFound
    media = (task.media for task in leased.tasks if task.media)
    return {
        "account": by.account,
        "pictures": [_picture(*one) for one in pictures_of(media, by=by, at=at)],
        "submit_token": submit_token(by.account, by.organisation, at=at),
        "server_time": at,
    }


def _picture(media: Media, link: Link) -> dict[str, object]:
    return {
        "id": media.id,
        "path": f"/media/{link.token}",
        "expires_at": link.expires_at,
        "sha256": media.sha256,
        "size": media.size,
        "width": media.width,
        "height": media.height,
    }


def _pack(pack: Pack, at: dt.datetime) -> dict[str, object]:
    offer, guideline = pack.offer, pack.guideline
    project = offer.project
    words = _words(guideline, pack.language, "body", "changes")
    return {
        "account": pack.account,
        "language": pack.language,
        "project": {
            "id": project.id,
            "client": offer.client_name,
            **_words(project, pack.language, "name", "purpose"),
        },
        "currency": offer.currency,
        "per_judgement": offer.per_judgement,
        "per_hour": offer.per_hour,
        "label_schema": {
            "version": pack.schema.version,
            "body": with_language(pack.schema.body, project.language),
        },
        "guideline": {"version": guideline.version, **words, "html": guideline.html("body", pack.language)},
        "today": pack.today,
        "questions": pack.answers,
        "server_time": at,
    }


def _words(spoken: Spoken, language: str, *fields: str) -> dict[str, object]:
    """Texts in one language each, so that a phone carries no others, and which language that is."""
    said = {field: spoken.said(field, language) for field in fields}
    texts: dict[str, object] = {field: one.text for field, one in said.items()}
    return {**texts, "langs": {field: one.language for field, one in said.items() if one.text}}


def _handed(leased: Leased) -> dict[str, object]:
    return {
        "tasks": leased.tasks,
        "schema_version": leased.schema_version,
        "guideline_version": leased.guideline_version,
        "expires_at": leased.expires_at,
        "more": leased.more,
    }
