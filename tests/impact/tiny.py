"""A tiny closed project whose every figure can be computed by hand.

Six members in Dakar, A to F, judge three tasks twice over and a fourth one time too often; one hour of tasks
each, and half an hour of reading for A to E. A and B add six minutes. Legal minimum: 370.526 XOF an hour.

member  hours  base pay  floor (rounded up)  top-up   an hour
A       1.6    600       593                 0        375
B       1.6    600       593                 0        375
C       1.5    600       556                 0        400
D       1.5    600       556                 0        400
E       1.5    100       556                 456      370.66…
F       1.0    400       371                 0        400
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from palabre.ids import new_id
from palabre.pay.actions import Move, credit_base_pay, open_account, post
from palabre.pay.models import DueDay, Floor, LedgerAccount
from palabre.people.actor import SYSTEM
from palabre.people.models import Account, Organisation, Residence
from palabre.timesheet.models import Kind, Source, TimeEntry
from palabre.work.models import Annotation, Batch, Guideline, LabelSchema, Project, Quote, Task

BEGAN = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
WORKED = dt.datetime(2026, 3, 3, 9, 0, tzinfo=dt.UTC)
DAY = WORKED.date()
CLOSED = dt.datetime(2026, 3, 6, 12, 0, tzinfo=dt.UTC)
HOUR_MS = 3_600_000
BASE_PAY = (600, 600, 600, 600, 100, 400)
SCHEMA = {
    "shows": [{"name": "text", "type": "text", "field": "$text", "lang": "fr"}],
    "asks": [
        {
            "name": "mood",
            "type": "choices",
            "to": "text",
            "labels": [{"value": "happy"}, {"value": "sad"}],
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Tiny:
    """The project, its escrow account and its members, A first."""

    project: Project
    escrow: int
    members: tuple[uuid.UUID, ...]


def tiny_project(members: int = 6, country: str = "SN") -> Tiny:
    """The project of this module's docstring; with fewer members, without the last ones and their work."""
    escrow_of = _project(country)
    project = escrow_of.project
    people = tuple(_member(country) for _ in range(members))
    tasks = [_task(project, position) for position in range(1, 5)]
    answers = ["happy", "happy", "sad", "sad", "happy", "sad"]
    for number, member in enumerate(people):
        judge(project, tasks[number // 2], member, answers[number], place=number % 2)
        _work(escrow_of.escrow, member, number)
    judge(project, tasks[0], people[2], "happy", place=None)
    return Tiny(project, escrow_of.escrow, people)


def judge(
    project: Project,
    task: Task,
    member: uuid.UUID,
    label: str,
    *,
    place: int | None,
    at: dt.datetime = WORKED,
) -> Annotation:
    """One answer, received two seconds after it was given."""
    return Annotation.objects.create(
        task=task,
        member_id=member,
        project=project,
        place=place,
        key=new_id(),
        body_hash=b"",
        result=[result(label)],
        schema_version=1,
        guideline_version=1,
        submitted_at=at,
        received_at=at + dt.timedelta(seconds=2),
        active_ms=0,
        pay=Decimal(1),
        pay_currency="XOF",
    )


def result(*labels: str) -> dict[str, object]:
    return {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}


def legal_minimum(country: str = "SN", source_kind: str = "law") -> Floor:
    return Floor.objects.create(
        kind=Floor.Kind.LEGAL_MINIMUM,
        country=country,
        amount=Decimal("370.526"),
        currency="XOF",
        unit="hour",
        weekly_hours=40,
        valid_from=dt.date(2023, 8, 1),
        legal_ref="Decree 2023-1710",
        source="https://example.org/decree",
        source_kind=source_kind,
        licence="fact",
        checked_on=dt.date(2026, 1, 15),
        known_from=BEGAN,
    )


def _project(country: str) -> Tiny:
    operator = _organisation(Organisation.Kind.OPERATOR, "Les Mains du Baobab")
    client = _organisation(Organisation.Kind.CLIENT, "Académie du Voyage")
    project = Project.objects.create(
        operator=operator,
        client=client,
        name="Avis de voyageurs",
        purpose="Sort what guests say about their stay, so that hosts learn what to improve.",
        currency="XOF",
        overlap=2,
        countries=[country],
        state=Project.State.CLOSED,
        seconds_per_task=Decimal(10),
        created_at=BEGAN,
        launched_at=BEGAN,
        closed_at=CLOSED,
        piloted_at=BEGAN,
        pilot_judgements=40,
    )
    project.escrow = open_account(LedgerAccount.Kind.ESCROW, project.id, "XOF")
    project.save()
    LabelSchema.objects.create(
        project=project, version=1, body=SCHEMA, published_at=BEGAN, published_by=operator.id
    )
    Guideline.objects.create(
        project=project, version=1, body="Read.", changes="", published_at=BEGAN, published_by=operator.id
    )
    Quote.objects.create(
        project=project,
        tasks=4,
        lines=[],
        rates={},
        total=5000,
        currency="XOF",
        quoted_at=BEGAN,
        accepted_at=BEGAN,
    )
    Batch.objects.create(
        project=project, number=1, name="all", state=Batch.State.OPEN, size=4, created_at=BEGAN
    )
    _money(project)
    return Tiny(project, project.escrow.id, ())


def _money(project: Project) -> None:
    """5000 paid in; 290 for social cover and 435 for the platform, taken out at the close."""
    escrow, world, social, share = (
        open_account(kind, owner, "XOF").id
        for kind, owner in (
            (LedgerAccount.Kind.ESCROW, project.id),
            (LedgerAccount.Kind.WORLD, None),
            (LedgerAccount.Kind.SOCIAL, project.id),
            (LedgerAccount.Kind.SHARE, project.id),
        )
    )
    deposit = [Move(world, "XOF", -5000), Move(escrow, "XOF", 5000)]
    post(f"deposit:{project.id}", "deposit", deposit, by=SYSTEM, at=BEGAN)
    shares = [Move(escrow, "XOF", -725), Move(social, "XOF", 290), Move(share, "XOF", 435)]
    post(f"shares:{project.id}", "shares", shares, by=SYSTEM, at=CLOSED)


def _organisation(kind: Organisation.Kind, name: str) -> Organisation:
    return Organisation.objects.create(kind=kind, name=name, country="SN", created_at=BEGAN)


def _member(country: str) -> uuid.UUID:
    account = Account.objects.create(created_at=BEGAN)
    Residence.objects.create(account=account, country=country, timezone="Africa/Dakar", since=BEGAN)
    return account.id


def _task(project: Project, position: int) -> Task:
    batch = project.batches.get()
    return Task.objects.create(
        project=project, batch=batch, position=position, payload={"text": f"Review {position}"}, free=0
    )


def _work(escrow: int, member: uuid.UUID, number: int) -> None:
    """The counted time and the base pay of one member."""
    spend(escrow, member, Kind.TASK, Source.DEVICE, HOUR_MS)
    if number < 5:
        spend(escrow, member, Kind.READING, Source.SERVER, HOUR_MS // 2)
    if number < 2:
        spend(escrow, member, Kind.TASK, Source.CORRECTION, HOUR_MS // 10)
    credit_base_pay(
        member=member,
        charge_account=escrow,
        day=DAY,
        currency="XOF",
        exact=Decimal(BASE_PAY[number]),
        exact_charge=Decimal(BASE_PAY[number]),
        charge_currency="XOF",
        key=f"base:{member}",
        at=WORKED,
    )


def spend(escrow: int, member: uuid.UUID, kind: Kind, source: Source, ms: int) -> None:
    TimeEntry.objects.create(
        member_id=member,
        kind=kind,
        source=source,
        charge=escrow,
        started_at=WORKED,
        ended_at=WORKED,
        measured_ms=ms,
        counted_ms=ms,
        day=DAY,
        received_at=WORKED,
    )
    DueDay.objects.get_or_create(member_id=member, day=DAY)
