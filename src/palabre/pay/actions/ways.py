"""An operator says how it carries money: days, fees, the columns of a file, and from which account of its own."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from palabre.errors import NotAllowed
from palabre.pay.batch_table import FIELDS
from palabre.pay.destinations import SERVICES, Rail, Wanted, checked
from palabre.pay.errors import BadColumns, BadFee, BadWay
from palabre.pay.models import OperatorAccount, PayoutWay
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.record.canonical import Json

_DAYS = 60
_MOST_COLUMNS, _LONGEST_TITLE = 40, 60
_CONSTANT = re.compile(r'"[^"\x00-\x1f]{0,60}"')


@dataclass(frozen=True, slots=True)
class Way:
    """What holds for one way. No fee: nobody has said. Columns: a title, and a field or a text in quotation marks."""

    way: str
    days: int
    fee_percent: Decimal | None = None
    fee_fixed: int | None = None
    columns: Sequence[Sequence[str]] = ()


@transaction.atomic
def set_way(said: Way, *, by: Actor, at: dt.datetime) -> PayoutWay:
    """Say how money goes one way, from now on: members read days and fee before they ask.

    What was asked for before keeps what was told then. Raises: NotAllowed, BadWay, BadFee, BadColumns.
    """
    by.require(Permission.PAY_OUT)
    if by.organisation is None:
        raise NotAllowed(permission=str(Permission.PAY_OUT))
    country, _colon, service = said.way.partition(":")
    if said.way not in {Rail.BANK, Rail.CASH} and service not in SERVICES.get(country, {}):
        raise BadWay(path="way")
    if not 0 <= said.days <= _DAYS:
        raise BadWay(path="days")
    _check_fee(said)
    _check_columns(said.columns)
    row, _made = PayoutWay.objects.update_or_create(
        operator_id=by.organisation,
        way=said.way,
        defaults={
            "days": said.days,
            "fee_percent": said.fee_percent,
            "fee_fixed": said.fee_fixed,
            "columns": [list(one) for one in said.columns],
            "set_at": at,
        },
    )
    row.refresh_from_db()
    data: dict[str, Json] = {
        "way": row.way,
        "days": row.days,
        "fee_percent": None if row.fee_percent is None else str(row.fee_percent),
        "fee_fixed": row.fee_fixed,
        "columns": row.columns,
    }
    record(
        "pay.way.set",
        by=by.account,
        at=at,
        subject=f"payout_way:{row.id}",
        organisation=by.organisation,
        data=data,
    )
    return row


@transaction.atomic
def set_operator_account(said: Wanted, *, by: Actor, at: dt.datetime) -> OperatorAccount:
    """Say which account the operator pays from, and clients pay into.

    Raises: NotAllowed, and those of `palabre.pay.destinations.checked`.
    """
    by.require(Permission.PAY_OUT)
    if by.organisation is None:
        raise NotAllowed(permission=str(Permission.PAY_OUT))
    named = checked(said)
    details = {"holder": named.holder, "country": named.country, "number": named.number, "bank": named.bank}
    row, _made = OperatorAccount.objects.update_or_create(
        operator_id=by.organisation, defaults={**details, "set_at": at}
    )
    record(
        "pay.operator_account.set",
        by=by.account,
        at=at,
        subject=f"operator_account:{by.organisation}",
        organisation=by.organisation,
        data={"country": row.country},
    )
    return row


def _check_fee(said: Way) -> None:
    percent, fixed = said.fee_percent, said.fee_fixed
    if (percent is None) != (fixed is None):
        raise BadFee(path="fee_percent" if percent is None else "fee_fixed")
    if percent is not None and not (0 <= percent < 100 and percent == round(percent, 2)):
        raise BadFee(path="fee_percent")
    if fixed is not None and not 0 <= fixed <= 10**12:
        raise BadFee(path="fee_fixed")


def _check_columns(columns: Sequence[Sequence[str]]) -> None:
    titles = [title for title, _source in columns]
    if len(titles) > _MOST_COLUMNS or len(set(titles)) < len(titles):
        raise BadColumns(path="columns", number=len(titles), fields=", ".join(FIELDS))
    for number, (title, source) in enumerate(columns, 1):
        good = title.strip() and len(title) <= _LONGEST_TITLE and title.isprintable()
        if not good or (source not in FIELDS and not _CONSTANT.fullmatch(source)):
            raise BadColumns(path="columns", number=number, fields=", ".join(FIELDS))
    if columns and "reference" not in {source for _title, source in columns}:
        raise BadColumns(path="columns", number=len(columns), fields=", ".join(FIELDS))
