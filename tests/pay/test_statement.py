import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from palabre.pay.actions import credit_base_pay, request_payout, settle_day
from palabre.pay.errors import BadWeek, NotAMember
from palabre.pay.models import DueDay
from palabre.pay.statements import Week, read_week, sign_statement, statement_for, week_of
from palabre.people.actor import Actor
from palabre.people.models import Role
from palabre.record.credentials import verify
from palabre.record.seals import keys
from tests.pay.conftest import DAY, HOUR_MS, Book, give, work

WEEK = Week(2026, 10)  # Monday 2 to Sunday 8 March
SUNDAY_NIGHT = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)


def of(member: uuid.UUID, week: Week = WEEK, *, made: dt.datetime = SUNDAY_NIGHT) -> dict[str, Any]:
    return dict(statement_for(member, week, at=made))


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC)


def credit(member: uuid.UUID, charge: Book, exact: str, *, day: dt.date, sent: dt.datetime) -> None:
    credit_base_pay(
        member=member,
        charge_account=charge.escrow,
        day=day,
        currency="XOF",
        exact=Decimal(exact),
        exact_charge=Decimal(exact),
        charge_currency="XOF",
        key=str(uuid.uuid4()),
        at=sent,
    )


@pytest.fixture
def week(someone: uuid.UUID, xof: Book, floors: None) -> uuid.UUID:
    """Some money from before, work on Monday and Tuesday, Tuesday's sent a week later, and a payout."""
    give(someone, 1000, at=at(1))
    xof.fund(10_000)
    work(someone, xof.escrow, HOUR_MS)
    work(someone, xof.escrow, HOUR_MS, kind="reading")
    credit(someone, xof, "300", day=DAY, sent=at(2))
    settle_day(someone, DAY, at=at(3))
    request_payout(uuid.uuid4(), 400, "XOF", by=Actor(someone, None, frozenset({Role.MEMBER})), at=at(4))
    tuesday = DAY + dt.timedelta(days=1)
    work(someone, xof.escrow, HOUR_MS, day=tuesday)
    credit(someone, xof, "500", day=tuesday, sent=at(10))
    return someone


def test_each_day_says_what_it_was_worth(week: uuid.UUID) -> None:
    monday, tuesday = of(week)["days"]
    assert monday["day"] == "2026-03-02"
    assert monday["time"] == [
        {"kind": "reading", "counted_ms": HOUR_MS},
        {"kind": "task", "counted_ms": HOUR_MS},
    ]
    assert monday["earned"] == [{"currency": "XOF", "amount": 300}]
    [settlement] = monday["settlements"]
    assert (settlement["due"], settlement["earned"], settlement["top_up"]) == (742, 300, 442)
    assert (settlement["hourly"], settlement["due_exact"]) == ("370.526", "741.052")
    assert tuesday["earned"] == [{"currency": "XOF", "amount": 500}]
    assert tuesday["settlements"] == []


def test_the_account_says_what_moved_and_adds_up(week: uuid.UUID) -> None:
    [money] = of(week)["money"]
    assert money == {
        "currency": "XOF",
        "opening": 1000,
        "movements": [
            {"kind": "base_pay", "amount": 300},
            {"kind": "payout", "amount": -400},
            {"kind": "top_up", "amount": 442},
        ],
        "closing": 1342,
    }


def test_the_next_week_begins_where_this_one_ended(week: uuid.UUID) -> None:
    following = of(week, Week(2026, 11), made=SUNDAY_NIGHT + dt.timedelta(days=7))
    [money] = following["money"]
    assert (money["opening"], money["closing"]) == (1342, 1842)
    assert following["days"] == []


def test_it_is_final_once_every_day_is_settled(week: uuid.UUID) -> None:
    assert of(week)["final"] is False
    settle_day(week, DAY + dt.timedelta(days=1), at=SUNDAY_NIGHT)
    assert not DueDay.objects.exists()
    assert of(week)["final"] is True
    assert of(week, made=SUNDAY_NIGHT - dt.timedelta(seconds=1))["final"] is False


def test_payouts_of_the_week_are_named(week: uuid.UUID) -> None:
    [payout] = of(week)["payouts"]
    assert (payout["amount"], payout["state"], payout["asked_at"]) == (
        400,
        "prepared",
        "2026-03-04T12:00:00.000000Z",
    )


def test_its_statements_are_counted(week: uuid.UUID, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(8):  # type: ignore[operator]
        statement_for(week, WEEK, at=SUNDAY_NIGHT)


def test_it_is_signed_and_verifies(week: uuid.UUID) -> None:
    mine = keys(SUNDAY_NIGHT)
    signed = sign_statement(statement_for(week, WEEK, at=SUNDAY_NIGHT), mine.signing, at=SUNDAY_NIGHT)
    verified = verify(signed, at=SUNDAY_NIGHT, trusted=mine.public)
    assert verified.types == ("VerifiableCredential", "PayStatement")
    assert verified.subjects[0]["week"] == "2026-W10"


@pytest.mark.django_db
def test_who_is_no_member_has_none() -> None:
    with pytest.raises(NotAMember):
        statement_for(uuid.uuid4(), WEEK, at=SUNDAY_NIGHT)


def test_weeks_are_read_strictly() -> None:
    assert read_week("2026-W10") == WEEK == week_of(DAY)
    assert str(WEEK) == "2026-W10"
    assert read_week("2020-W53").days[-1] == dt.date(2021, 1, 3)
    for wrong in (
        "2026-W54",
        "2026-W00",
        "2026W10",
        "2026-W1",
        "2026-10",
        "0000-W01",
        "9999-W52",
        "2026-W1٣",
    ):
        with pytest.raises(BadWeek):
            read_week(wrong)
