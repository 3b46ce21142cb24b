"""Carrying payouts over HTTP: batches, their files, and what became of each."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, Strict

from palabre.errors import NotFound
from palabre.pay import payments
from palabre.pay.actions import Way, carry_payouts, mark_batch_sent, put_batch_back, set_way, take_results
from palabre.pay.api import SEE, PayoutOut
from palabre.pay.models import PayoutBatch, PayoutWay
from palabre.pay.tables import LARGEST
from palabre.pay.views.payout_files import batch_csv_file, batch_pain_file
from palabre.people.permissions import Permission
from palabre.web.access import actor_of, allowed, at_of
from palabre.web.fields import Id, Input

router = Router(tags=["pay"])
PAY = Permission.PAY_OUT
Many = Annotated[list[Id], Field(min_length=1, max_length=1000)]


class BatchIn(Input):
    """`id` is made by whoever asks: sent again, it is the same batch."""

    id: Id
    payouts: Many


class BatchOut(Schema):
    id: uuid.UUID
    carrier: uuid.UUID
    taken_at: dt.datetime
    sent_at: dt.datetime | None
    put_back_at: dt.datetime | None


class BatchWithPayoutsOut(BatchOut):
    payouts: list[PayoutOut]


class ResultProblemOut(Schema):
    line: int
    column: str
    value: str
    what: str


class ResultsOut(Schema):
    new: int
    known: int
    problems: list[ResultProblemOut]


class PayoutWayIn(Input):
    """Without a fee nobody has said what the service takes. A column is a title, and a field or a “text”."""

    way: str = Field(max_length=40, json_schema_extra={"example": "SN:wave"})
    days: Annotated[int, Strict(), Field(ge=0, le=60)]
    fee_percent: Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$")] | None = None
    fee_fixed: Annotated[int, Strict(), Field(ge=0, le=10**12)] | None = None
    columns: Annotated[
        list[Annotated[list[str], Field(min_length=2, max_length=2)]],
        Field(max_length=40, default_factory=list),
    ]


class WayOut(Schema):
    way: str
    days: int
    fee_percent: str | None
    fee_fixed: int | None
    columns: list[list[str]]
    set_at: dt.datetime

    @staticmethod
    def resolve_fee_percent(row: PayoutWay) -> str | None:
        return None if row.fee_percent is None else f"{row.fee_percent:f}"


@router.post("/payout-batches", auth=allowed(PAY), response={201: BatchOut})
def carry_a_batch(request: HttpRequest, body: BatchIn) -> Status[PayoutBatch]:
    """Take payouts on: nobody else sends them from now on."""
    by, at = actor_of(request), at_of(request)
    return Status(201, carry_payouts(body.id, body.payouts, by=by, at=at))


@router.get("/payout-batches/{payout_batch}", auth=allowed(*SEE), response=BatchWithPayoutsOut)
def show_a_batch(request: HttpRequest, payout_batch: Id) -> dict[str, object]:
    """A batch and what became of each payout in it."""
    found = payments.batch_for(actor_of(request), payout_batch)
    return {**BatchOut.from_orm(found).model_dump(), "payouts": payments.payouts_in(found)}


@router.get("/payout-batches/{payout_batch}/file", auth=allowed(PAY))
def take_a_batch_away(request: HttpRequest, payout_batch: Id, form: str = "csv") -> HttpResponse:
    """The file of a batch that you carry: `csv`, or `pain` where all of it goes to bank accounts."""
    by = actor_of(request)
    found = payments.batch_for(by, payout_batch)
    makers = {"csv": batch_csv_file, "pain": batch_pain_file}
    if form not in makers or found.carrier != by.account or found.put_back_at is not None:
        raise NotFound
    return makers[form](found, payments.payouts_in(found))


@router.post("/payout-batches/{payout_batch}/sent", auth=allowed(PAY), response=BatchOut)
def mark_a_batch_sent(request: HttpRequest, payout_batch: Id) -> PayoutBatch:
    """The bank or the service has it."""
    return mark_batch_sent(payout_batch, by=actor_of(request), at=at_of(request))


@router.post("/payout-batches/{payout_batch}/put-back", auth=allowed(PAY), response=BatchOut)
def put_a_batch_back(request: HttpRequest, payout_batch: Id) -> PayoutBatch:
    """None of it was sent and none will be: its payouts wait for somebody again."""
    return put_batch_back(payout_batch, by=actor_of(request), at=at_of(request))


@router.post("/payout-results", auth=allowed(PAY, upload=LARGEST), response=ResultsOut)
def read_a_file_of_results(request: HttpRequest, file: File[UploadedFile]) -> dict[str, object]:
    """Read what became of payouts (CSV or pain.002): wrong rows are named, the others are taken, none twice."""
    taken = take_results(file.read(), by=actor_of(request), at=at_of(request))
    return {**taken._asdict(), "problems": [one._asdict() for one in taken.problems]}


@router.get("/payout-ways", auth=allowed(*SEE), response=list[WayOut])
def list_ways(request: HttpRequest) -> list[PayoutWay]:
    """How your organisation carries money: days, fees, columns."""
    return payments.ways(actor_of(request))


@router.put("/payout-ways", auth=allowed(PAY), response=WayOut)
def say_a_way(request: HttpRequest, body: PayoutWayIn) -> PayoutWay:
    """Say how money goes one way: `bank`, `cash`, or a service such as `SN:wave`."""
    percent = None if body.fee_percent is None else Decimal(body.fee_percent)
    said = Way(body.way, body.days, percent, body.fee_fixed, body.columns)
    return set_way(said, by=actor_of(request), at=at_of(request))
