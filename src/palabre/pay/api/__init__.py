"""Money over HTTP: a member's own account, what finance and auditors see, floors and rates."""

import datetime as dt
import uuid
from typing import Annotated, Any, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, Strict

from palabre.pay import queries
from palabre.pay.actions import (
    close_payout,
    import_floors,
    import_rates,
    in_use,
    request_payout,
    take_back_payout,
    waiting,
)
from palabre.pay.destinations import masked
from palabre.pay.floors import HourlyFloor, plain
from palabre.pay.models import Destination, Floor, Payout
from palabre.pay.paper.files import statement_csv, statement_pdf
from palabre.pay.statements import read_week, sign_statement, statement_for
from palabre.pay.tables import LARGEST as LARGEST_TABLE
from palabre.people.permissions import Permission
from palabre.record.canonical import Json
from palabre.record.seals import keys
from palabre.web.access import SIGNED_IN, actor_of, allowed, at_of
from palabre.web.fields import Id, Input
from palabre.web.pages import Page, Paging, page
from palabre.web.sign_in import hold_back_papers

router = Router(tags=["pay"])
OWN = Permission.WORK
SEE = (Permission.READ_MONEY, Permission.PAY_OUT)
WeekText = Annotated[
    str,
    Field(
        max_length=10,
        description="An ISO 8601 week, of the member's own days",
        json_schema_extra={"example": "2026-W05"},
    ),
]
LanguageText = Annotated[str, Field(max_length=2, pattern="^(fr|en)$", json_schema_extra={"example": "fr"})]
Signed: TypeAlias = dict[str, Json]
# Far beyond any honest amount, and far from what a balance can hold.
Amount = Annotated[int, Strict(), Field(ge=1, le=10**15)]


def _file(media_type: str) -> dict[str, Any]:
    """What the document says of an answer that is no JSON."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {"responses": {200: {"description": "The file", "content": content}}}


class BalanceOut(Schema):
    currency: str
    amount: int


class PayoutIn(Input):
    """`id` is made by whoever asks: sent again, it is the same payout. `operator`: which of those that owe you
    something; without, the one that you act for."""

    id: Id
    amount: Amount
    currency: str = Field(max_length=3)
    operator: Id | None = None


class PayoutOut(Schema):
    id: uuid.UUID
    member_id: uuid.UUID
    currency: str
    amount: int
    reference: uuid.UUID
    # As much of it as is needed to know it again; null for those of before destinations were known.
    goes_to: str | None
    fee: int | None
    likely_on: dt.date | None
    state: str
    batch_id: uuid.UUID | None
    reason: str
    asked_at: dt.datetime
    changed_at: dt.datetime

    @staticmethod
    def resolve_goes_to(payout: Payout) -> str | None:
        return None if payout.destination is None else masked(payout.destination)


class DestinationOut(Schema):
    """Where money goes, masked."""

    goes_to: str
    rail: str
    country: str
    named_at: dt.datetime
    usable_from: dt.datetime

    @staticmethod
    def resolve_goes_to(row: Destination) -> str:
        return masked(row)


class DestinationsOut(Schema):
    in_use: DestinationOut | None
    waiting: DestinationOut | None


class CloseIn(Input):
    paid: bool
    reason: str = Field(max_length=500)


class FloorOut(Schema):
    """Amounts are decimal text in major units; `hourly` is what an hour comes to."""

    id: int
    kind: str
    country: str
    region: str
    sector: str
    amount: str
    currency: str
    unit: str
    weekly_hours: str | None
    hourly: str
    valid_from: dt.date
    valid_to: dt.date | None
    legal_ref: str
    source: str
    source_kind: str
    licence: str
    checked_on: dt.date

    @staticmethod
    def resolve_amount(floor: Floor) -> str:
        return plain(floor.amount)

    @staticmethod
    def resolve_weekly_hours(floor: Floor) -> str | None:
        return None if floor.weekly_hours is None else plain(floor.weekly_hours)

    @staticmethod
    def resolve_hourly(floor: Floor) -> str:
        return f"{HourlyFloor(floor).hourly:f}"


class ImportedOut(Schema):
    added: int
    known: int


@router.get("/me/balances", auth=allowed(OWN), response=list[BalanceOut])
def my_balances(request: HttpRequest) -> list[dict[str, object]]:
    """What stands on your account, in minor units of each currency."""
    sums = queries.member_balances(queries.oneself(actor_of(request)))
    return [{"currency": currency, "amount": amount} for currency, amount in sums.items()]


@router.get("/me/statement", auth=allowed(OWN), response=dict[str, Any])
def my_statement(request: HttpRequest, week: Query[WeekText]) -> Signed:
    """Your week as a signed document: time, base pay, top-ups with their sums, and your account."""
    return _signed(request, queries.oneself(actor_of(request)), week)


@router.get("/me/statement.csv", auth=allowed(OWN), openapi_extra=_file("text/csv"))
def my_statement_as_table(request: HttpRequest, week: Query[WeekText]) -> HttpResponse:
    """Your week as a table."""
    statement = _statement(request, queries.oneself(actor_of(request)), week)
    return _download(statement_csv(statement).encode(), "text/csv; charset=utf-8", f"statement-{week}.csv")


@router.get("/me/statement.pdf", auth=allowed(OWN), openapi_extra=_file("application/pdf"))
def my_statement_on_paper(
    request: HttpRequest, week: Query[WeekText], language: Query[LanguageText]
) -> HttpResponse:
    """Your week on paper, in your language."""
    member = queries.oneself(actor_of(request))
    hold_back_papers(request, member)
    statement = _statement(request, member, week)
    sheet = statement_pdf(statement, language, name=queries.name_of(member))
    return _download(sheet, "application/pdf", f"statement-{week}.pdf")


@router.get("/people/{account}/statement", auth=allowed(*SEE), response=dict[str, Any])
def statement_of_a_member(request: HttpRequest, account: Id, week: Query[WeekText]) -> Signed:
    """The week of a member of your organisation, as she gets it."""
    return _signed(request, queries.member_of(account, actor_of(request)), week)


@router.get("/me/payouts", auth=allowed(OWN), response=Page[PayoutOut])
def my_payouts(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """Your payouts and what became of them."""
    member = queries.oneself(actor_of(request))
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: queries.payouts_of(member, after=after, limit=limit),
        lambda payout: payout.id,
    )


@router.post("/me/payouts", auth=allowed(Permission.ASK_PAYOUT), response={201: PayoutOut})
def ask_for_a_payout(request: HttpRequest, body: PayoutIn) -> Status[Payout]:
    """Take out some of what you have earned."""
    by, at = actor_of(request), at_of(request)
    made = request_payout(body.id, body.amount, body.currency, operator=body.operator, by=by, at=at)
    return Status(201, made)


@router.post("/me/payouts/{payout}/take-back", auth=allowed(Permission.ASK_PAYOUT), response=PayoutOut)
def take_a_payout_back(request: HttpRequest, payout: Id) -> Payout:
    """Take back a payout that nobody carries yet: the money is on your account again."""
    return take_back_payout(payout, by=actor_of(request), at=at_of(request))


@router.get("/me/destination", auth=allowed(Permission.ASK_PAYOUT), response=DestinationsOut)
def my_destination(request: HttpRequest) -> dict[str, object]:
    """Where your money goes, and a change that waits. It is changed on your pages only: a token proves nothing."""
    member, at = queries.oneself(actor_of(request)), at_of(request)
    return {"in_use": in_use(member, at), "waiting": waiting(member, at)}


@router.get("/payouts", auth=allowed(*SEE), response=Page[PayoutOut])
def list_payouts(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:
    """The payouts of your organisation's members."""
    by = actor_of(request)
    return page(
        paging,
        uuid.UUID,
        lambda after, limit: queries.payouts(by, after=after, limit=limit),
        lambda payout: payout.id,
    )


@router.post("/payouts/{payout}/close", auth=allowed(Permission.PAY_OUT), response=PayoutOut)
def close_a_payout(request: HttpRequest, payout: Id, body: CloseIn) -> Payout:
    """Say that a payout on its way was paid, or was not and never will be: then the money is hers again."""
    return close_payout(payout, body.paid, body.reason, by=actor_of(request), at=at_of(request))


@router.get("/floors", auth=allowed(SIGNED_IN), response=Page[FloorOut])
def list_floors(request: HttpRequest, paging: Query[Paging]) -> dict[str, object]:  # noqa: ARG001
    """The least that an hour brings in each place, with where the figure comes from."""
    return page(
        paging,
        int,
        lambda after, limit: queries.floors(after=after, limit=limit),
        lambda floor: floor.id,
    )


@router.post(
    "/floors", auth=allowed(Permission.MANAGE_FLOORS, upload=LARGEST_TABLE), response={201: ImportedOut}
)
def import_a_floor_table(request: HttpRequest, file: File[UploadedFile]) -> Status[object]:
    """Take a table of floors (CSV), all of it or nothing."""
    return Status(201, import_floors(file.read(), by=actor_of(request), at=at_of(request))._asdict())


@router.post(
    "/exchange-rates",
    auth=allowed(Permission.MANAGE_FLOORS, upload=LARGEST_TABLE),
    response={201: ImportedOut},
)
def import_a_rate_table(request: HttpRequest, file: File[UploadedFile]) -> Status[object]:
    """Take a table of exchange rates (CSV), all of it or nothing."""
    return Status(201, import_rates(file.read(), by=actor_of(request), at=at_of(request))._asdict())


def _statement(request: HttpRequest, member: uuid.UUID, week: str) -> dict[str, Json]:
    return statement_for(member, read_week(week), at=at_of(request))


def _signed(request: HttpRequest, member: uuid.UUID, week: str) -> Signed:
    at = at_of(request)
    return sign_statement(_statement(request, member, week), keys(at).signing, at=at)


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
