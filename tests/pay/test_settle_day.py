import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.pay import verify
from palabre.pay.actions import credit_base_pay, import_floors, open_account, settle_day
from palabre.pay.actions.top_up import borne_of
from palabre.pay.errors import DayNotOver, NoFloor, NoResidence
from palabre.pay.models import DueDay, ExchangeRate, Floor, LedgerTransaction, Settlement
from palabre.pay.queries import balance, member_balances
from palabre.people.actions import Home, move_residence
from palabre.people.actor import SYSTEM
from palabre.record.models import Event
from palabre.timesheet.models import TimeEntry
from tests.pay.conftest import DAY, HOUR_MS, LATER, NEXT_DAY, NOON, Book, Kind, book, new_member, work
from tests.pay.test_import_floors import GOOD, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("floors")]


def credit(member: uuid.UUID, charge: Book, exact: str, currency: str = "XOF") -> None:
    credit_base_pay(
        member=member,
        charge_account=charge.escrow,
        day=DAY,
        currency=currency,
        exact=Decimal(exact),
        exact_charge=Decimal("0.3"),
        charge_currency=charge.currency,
        key=str(uuid.uuid4()),
        at=NOON,
    )


def settle(member: uuid.UUID, at: dt.datetime = NEXT_DAY) -> Settlement:
    settlement = settle_day(member, DAY, at=at)
    assert settlement is not None
    return settlement


def test_hours_times_floor_less_earned(someone: uuid.UUID, xof: Book) -> None:
    xof.fund(1000)
    work(someone, xof.escrow, HOUR_MS)
    work(someone, xof.escrow, HOUR_MS // 2, kind="reading")
    credit(someone, xof, "201.03")
    settlement = settle(someone)
    assert (settlement.due, settlement.earned, settlement.top_up) == (556, 202, 354)  # 555.789
    assert settlement.hourly == Decimal("370.526")
    assert member_balances(someone) == {"XOF": 556}
    assert balance(xof.escrow) == 1000 - 354
    assert not DueDay.objects.exists()
    assert list(verify.problems()) == []


def test_the_sum_can_be_done_again_by_hand(someone: uuid.UUID, xof: Book) -> None:
    xof.fund(1000)
    work(someone, xof.escrow, HOUR_MS)
    credit(someone, xof, "100")
    arithmetic = settle(someone).arithmetic
    assert arithmetic["counted"] == [{"charge": xof.escrow, "kind": "task", "counted_ms": HOUR_MS}]
    assert arithmetic["earned"] == [
        {"charge": xof.escrow, "currency": "XOF", "credited": 100, "counts": True}
    ]
    assert (arithmetic["hourly"], arithmetic["due_exact"]) == ("370.526", "370.526")
    assert arithmetic["floor"]["amount"] == "370.526"
    assert arithmetic["floor"]["source_kind"] == "law"
    assert arithmetic["floor_is_from_press"] is False
    assert arithmetic["shares"] == [
        {
            "charge": xof.escrow,
            "lacking": "270.526",
            "share": 271,
            "paid_by": xof.escrow,
            "currency": "XOF",
            "amount": 271,
        }
    ]


def test_it_stands_in_the_record(someone: uuid.UUID, xof: Book) -> None:
    work(someone, xof.escrow, HOUR_MS)
    settlement = settle(someone)
    event = Event.objects.get(code="pay.day.settled")
    assert event.subject == f"member:{someone}"
    assert event.data["top_up"] == settlement.top_up == 371
    assert event.data["transaction"] == settlement.transaction_id


def test_who_earned_enough_gets_a_settlement_and_no_top_up(someone: uuid.UUID, xof: Book) -> None:
    work(someone, xof.escrow, HOUR_MS)
    credit(someone, xof, "400")
    settlement = settle(someone)
    assert (settlement.top_up, settlement.transaction_id) == (0, None)
    assert member_balances(someone) == {"XOF": 400}


def test_a_day_without_time_or_pay_is_done(someone: uuid.UUID) -> None:
    DueDay.objects.create(member_id=someone, day=DAY)
    assert settle_day(someone, DAY, at=NEXT_DAY) is None
    assert not DueDay.objects.exists()


def test_pay_without_time_is_settled(someone: uuid.UUID, xof: Book) -> None:
    credit(someone, xof, "5")
    assert (settle(someone).due, settle(someone).top_up) == (0, 0)


def test_what_comes_later_is_the_next_revision(someone: uuid.UUID, xof: Book) -> None:
    work(someone, xof.escrow, HOUR_MS)
    settle(someone)
    work(someone, xof.escrow, HOUR_MS)
    second = settle(someone)
    assert (second.revision, second.topped_up_before, second.top_up) == (2, 371, 371)  # 741.052
    assert member_balances(someone) == {"XOF": 742}
    assert list(verify.problems()) == []


def test_a_top_up_is_never_taken_back(someone: uuid.UUID, xof: Book) -> None:
    work(someone, xof.escrow, HOUR_MS)
    settle(someone)
    credit(someone, xof, "300")
    TimeEntry.objects.create(
        member_id=someone,
        kind="task",
        source="correction",
        charge=xof.escrow,
        started_at=NOON,
        ended_at=NOON,
        measured_ms=0,
        counted_ms=-HOUR_MS // 2,
        day=DAY,
        received_at=NOON,
    )
    second = settle(someone)
    assert (second.due, second.earned, second.top_up) == (186, 300, 0)
    assert member_balances(someone) == {"XOF": 671}
    assert list(verify.problems()) == []


def test_the_same_state_twice_is_one_revision(someone: uuid.UUID, xof: Book) -> None:
    work(someone, xof.escrow, HOUR_MS)
    first = settle(someone)
    DueDay.objects.create(member_id=someone, day=DAY)
    assert settle(someone).id == first.id
    assert not DueDay.objects.exists()
    assert Settlement.objects.count() == 1


def test_the_day_is_the_members_own(xof: Book) -> None:
    far = new_member("FR", "Pacific/Kiritimati")  # 14 hours before UTC: her day ends at 10:00
    work(far, xof.escrow, HOUR_MS)
    with pytest.raises(DayNotOver):
        settle_day(far, DAY, at=dt.datetime(2026, 3, 2, 9, 59, tzinfo=dt.UTC))
    assert DueDay.objects.exists()
    assert settle(far, dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)).due == 1202


def test_the_accounts_that_lack_bear_it_in_proportion(someone: uuid.UUID, xof: Book) -> None:
    books = [xof, book("XOF"), book("XOF")]
    for one, earned in zip(books, ("500", "100", "200"), strict=True):
        one.fund(1000)
        work(someone, one.escrow, HOUR_MS)
        credit(someone, one, earned)
    settlement = settle(someone)
    assert settlement.top_up == 312
    assert [share["share"] for share in settlement.arithmetic["shares"]] == [191, 121]
    assert [balance(one.escrow) for one in books] == [1000, 1000 - 191, 1000 - 121]


def test_another_currency_is_exchanged_at_the_newest_rate(someone: uuid.UUID, eur: Book) -> None:
    ExchangeRate.objects.create(base="XOF", quote="EUR", rate=Decimal("0.002"), on=DAY, source="a bank")
    ExchangeRate.objects.create(
        base="XOF", quote="EUR", rate=Decimal("9"), on=DAY + dt.timedelta(days=1), source="later"
    )
    eur.fund(1000)
    work(someone, eur.escrow, HOUR_MS)
    share = settle(someone).arithmetic["shares"][0]
    assert (share["share"], share["amount"], share["currency"]) == (371, 74, "EUR")  # 0.742 euros
    assert (share["rate"], share["rate_on"], share["rate_source"]) == ("0.002", "2026-03-02", "a bank")
    assert balance(eur.escrow) == 926
    assert member_balances(someone) == {"XOF": 371}
    assert balance(open_account(Kind.EXCHANGE, None, "XOF").id) == -371
    assert list(verify.problems()) == []


def test_the_deposit_bears_what_it_can_and_the_operator_the_rest(someone: uuid.UUID, xof: Book) -> None:
    xof.fund(300)
    work(someone, xof.escrow, HOUR_MS)
    own, rest = settle(someone).arithmetic["shares"]
    platform = open_account(Kind.PLATFORM, None, "XOF").id
    assert (own["paid_by"], own["share"], own.get("why_platform")) == (xof.escrow, 300, None)
    assert (rest["paid_by"], rest["share"], rest["why_platform"]) == (platform, 71, "deposit_spent")
    assert (balance(xof.escrow), balance(platform)) == (0, -71)
    assert list(verify.problems()) == []


def test_again_and_later_it_is_split_once(someone: uuid.UUID, xof: Book) -> None:
    xof.fund(300)
    work(someone, xof.escrow, HOUR_MS)
    settle(someone)
    DueDay.objects.create(member_id=someone, day=DAY)
    assert settle(someone).revision == 1
    work(someone, xof.escrow, HOUR_MS)
    second = settle(someone)
    assert (second.revision, second.top_up, second.topped_up_before) == (2, 371, 371)
    assert [one["why_platform"] for one in second.arithmetic["shares"]] == ["deposit_spent"]
    assert (balance(xof.escrow), member_balances(someone)) == (0, {"XOF": 742})
    assert list(verify.problems()) == []


def test_of_another_currency_it_bears_the_most_whole_units(someone: uuid.UUID, eur: Book) -> None:
    ExchangeRate.objects.create(base="XOF", quote="EUR", rate=Decimal("0.002"), on=DAY, source="a bank")
    eur.fund(50)
    work(someone, eur.escrow, HOUR_MS)
    own, rest = settle(someone).arithmetic["shares"]
    assert (own["share"], own["amount"]) == (254, 50), "255 would be 51 cents"
    assert (rest["share"], rest["amount"], rest["currency"]) == (117, 24, "EUR")
    assert balance(eur.escrow) == 0
    assert list(verify.problems()) == []


@given(
    st.integers(1, 10**6),
    st.fractions(min_value=Fraction(1, 10**6), max_value=10**6),
    st.integers(0, 10**6),
)
def test_what_it_bears_is_there_and_one_unit_more_is_not(part: int, one_is: Fraction, left: int) -> None:
    share, borne = borne_of(part, one_is, left)
    assert 0 <= share <= part
    assert borne == floor(share * one_is) <= left
    if 0 < share < part:
        assert floor((share + 1) * one_is) > left


def test_it_is_the_operator_behind_the_deposit_in_its_currency(someone: uuid.UUID) -> None:
    """The account that late work is charged to as well."""
    ExchangeRate.objects.create(base="XOF", quote="EUR", rate=Decimal("0.002"), on=DAY, source="a bank")
    operator = uuid.uuid4()
    escrow = open_account(Kind.ESCROW, uuid.uuid4(), "EUR", backer=operator)
    work(someone, escrow.id, HOUR_MS)
    (share,) = settle(someone).arithmetic["shares"]
    own = open_account(Kind.PLATFORM, operator, "EUR")
    assert (share["paid_by"], share["currency"], share["amount"]) == (own.id, "EUR", 74)
    assert (share["why_platform"], share["rate"]) == ("deposit_spent", "0.002")
    assert (balance(own.id), balance(escrow.id), member_balances(someone)) == (-74, 0, {"XOF": 371})
    assert list(verify.problems()) == []


def test_late_work_without_a_rate_stays_with_the_operator(someone: uuid.UUID) -> None:
    operator = uuid.uuid4()
    late = open_account(Kind.PLATFORM, operator, "NGN")
    work(someone, late.id, HOUR_MS)
    share = settle(someone).arithmetic["shares"][0]
    own = open_account(Kind.PLATFORM, operator, "XOF")
    assert (share["paid_by"], share["why_platform"], balance(own.id)) == (own.id, "no_exchange_rate", -371)


def test_the_platform_bears_what_no_rate_reaches(someone: uuid.UUID) -> None:
    naira = book("NGN")
    naira.fund(10**6)
    work(someone, naira.escrow, HOUR_MS)
    share = settle(someone).arithmetic["shares"][0]
    assert share["why_platform"] == "no_exchange_rate"
    assert balance(naira.escrow) == 10**6


def test_a_later_revision_does_not_charge_twice(someone: uuid.UUID, xof: Book) -> None:
    other = book("XOF")
    for one in (xof, other):
        one.fund(5000)
    work(someone, xof.escrow, HOUR_MS)
    settle(someone)
    work(someone, other.escrow, HOUR_MS)
    shares = settle(someone).arithmetic["shares"]
    assert [(share["charge"], share["share"]) for share in shares] == [(other.escrow, 371)]


def test_pay_in_another_currency_does_not_count(someone: uuid.UUID, xof: Book) -> None:
    work(someone, xof.escrow, HOUR_MS)
    credit(someone, xof, "5", currency="EUR")
    settlement = settle(someone)
    assert (settlement.earned, settlement.top_up) == (0, 371)
    assert settlement.arithmetic["earned"][0]["counts"] is False


def test_a_floor_of_the_press_says_so(xof: Book) -> None:
    member = new_member("NG", "Africa/Lagos")
    work(member, xof.escrow, HOUR_MS)
    settlement = settle(member)
    assert settlement.arithmetic["floor_is_from_press"] is True
    assert settlement.due == 40385  # 70000 x 12 / (40 x 52) = 403.846... naira


def test_a_floor_that_was_not_checked_for_a_year_says_so(someone: uuid.UUID, xof: Book) -> None:
    Floor.objects.filter(country="SN", sector="").update(checked_on=dt.date(2025, 1, 1))
    work(someone, xof.escrow, HOUR_MS)
    assert settle(someone).arithmetic["floor_is_old"] is True


@pytest.mark.parametrize("settled_before", [True, False])
def test_a_day_is_settled_by_where_she_lived_on_it(
    someone: uuid.UUID, xof: Book, settled_before: bool
) -> None:
    """Also one whose work arrives after she moved: eight hours in France are not paid by the floor of Senegal."""
    member = new_member("FR", "Europe/Paris")
    if settled_before:
        work(member, xof.escrow, HOUR_MS)
        settle(member, NEXT_DAY)
    move_residence(member, Home("SN", "Africa/Dakar"), by=SYSTEM, at=NEXT_DAY + dt.timedelta(hours=9))
    work(member, xof.escrow, 8 * HOUR_MS)
    settlement = settle(member, NEXT_DAY + dt.timedelta(days=1))
    assert (settlement.currency, settlement.floor.country) == ("EUR", "FR")
    assert settlement.topped_up_before + settlement.top_up == (9 if settled_before else 8) * 1202


def test_a_settled_day_keeps_its_floor_whatever_is_imported_since(someone: uuid.UUID, xof: Book) -> None:
    """More of its time arrives after a floor was imported that says it held then already."""
    work(someone, xof.escrow, HOUR_MS)
    first = settle(someone)
    import_floors(table(GOOD), by=SYSTEM, at=LATER)
    assert settle_day(someone, DAY, at=LATER) == first
    work(someone, xof.escrow, HOUR_MS, kind="reading")
    again = settle(someone, LATER)
    assert (again.floor, again.due, again.top_up) == (first.floor, 742, 371)
    later = new_member("SN", "Africa/Dakar")
    work(later, xof.escrow, HOUR_MS)
    assert settle(later, LATER).due == 501, "a day that nobody had settled has what is known now"
    assert list(verify.problems()) == []


def test_the_day_on_which_she_moves_is_paid_once(someone: uuid.UUID, xof: Book) -> None:
    """She worked in the morning and moves at noon: the whole day stays where it began, in one currency."""
    work(someone, xof.escrow, HOUR_MS)
    credit(someone, xof, "100")
    move_residence(someone, Home("FR", "Europe/Paris"), by=SYSTEM, at=NOON)
    work(someone, xof.escrow, HOUR_MS, kind="reading")
    settlement = settle(someone, NEXT_DAY + dt.timedelta(days=1))
    assert (settlement.currency, settlement.earned, settlement.top_up) == ("XOF", 100, 642)
    assert {one.currency for one in Settlement.objects.all()} == {"XOF"}


@pytest.mark.parametrize("day", [dt.date(1970, 1, 1), dt.date(1, 1, 1), dt.date(2019, 6, 1)])
def test_a_day_before_every_floor_has_the_nearest(xof: Book, someone: uuid.UUID, day: dt.date) -> None:
    """A phone that woke in 1970: the day is settled by the first figure of the place, and says so."""
    work(someone, xof.escrow, HOUR_MS, day=day)
    settlement = settle_day(someone, day, at=NEXT_DAY)
    assert settlement is not None
    assert settlement.arithmetic["floor_is_nearest"] is True
    assert settlement.due > 0


def test_without_a_floor_or_a_place_it_stays_due(xof: Book) -> None:
    member = new_member("KE", "Africa/Nairobi")
    work(member, xof.escrow, HOUR_MS)
    with pytest.raises(NoFloor):
        settle_day(member, DAY, at=NEXT_DAY)
    assert DueDay.objects.exists()
    with pytest.raises(NoResidence):
        settle_day(uuid.uuid4(), DAY, at=NEXT_DAY)


def test_its_statements_are_counted(
    someone: uuid.UUID, xof: Book, django_assert_max_num_queries: object
) -> None:
    xof.fund(10_000)
    for _ in range(5):
        work(someone, xof.escrow, HOUR_MS)
        credit(someone, xof, "1")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        settle(someone)
    assert LedgerTransaction.objects.filter(kind="top_up").count() == 1
