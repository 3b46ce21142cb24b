import datetime as dt

import pytest
from django.db import connection, transaction

from palabre.pay import jobs
from palabre.pay.jobs import run_settlements
from palabre.pay.models import Accrual, DueDay, Floor, Settlement
from palabre.pay.queries import days_due
from palabre.pay.stuck import stuck_days
from palabre.times import ManualClock
from tests.pay.conftest import DAY, HOUR_MS, Book, new_member, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("floors")]
MIDNIGHT = dt.datetime(2026, 3, 3, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MIDNIGHT - dt.timedelta(hours=3))


def test_each_day_is_settled_once_it_is_over_there(xof: Book, clock: ManualClock) -> None:
    dakar, paris = new_member(), new_member("FR", "Europe/Paris")
    for member in (dakar, paris):
        work(member, xof.escrow, HOUR_MS)
    assert run_settlements(clock) == 0
    clock.advance(dt.timedelta(hours=2))  # 23:00 UTC is midnight in Paris
    assert run_settlements(clock) == 1
    clock.advance(dt.timedelta(hours=1))
    assert run_settlements(clock) == 1
    assert list(Settlement.objects.order_by("id").values_list("member_id", flat=True)) == [paris, dakar]
    assert run_settlements(clock) == 0


def test_all_days_and_members_in_pages(
    xof: Book, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    for _ in range(3):
        member = new_member()
        for days in range(3):
            work(member, xof.escrow, HOUR_MS, day=DAY - dt.timedelta(days=days))
    clock.advance(dt.timedelta(days=1))
    assert run_settlements(clock) == 9
    assert not DueDay.objects.exists()


def test_one_that_can_not_be_settled_holds_up_nobody(xof: Book, clock: ManualClock) -> None:
    work(new_member("KE", "Africa/Nairobi"), xof.escrow, HOUR_MS, day=DAY - dt.timedelta(days=1))
    work(new_member(), xof.escrow, HOUR_MS)
    clock.advance(dt.timedelta(days=1))
    assert run_settlements(clock) == 1
    assert DueDay.objects.count() == 1


@pytest.mark.parametrize("zone", ["posixrules", "Atlantis/Center", "localtime", "../etc/passwd", ""])
def test_a_time_zone_that_is_not_known_everywhere_holds_up_nobody(
    xof: Book, clock: ManualClock, zone: str
) -> None:
    """Neither the others nor herself: where no table of ours knows it, her days are those of UTC."""
    # As it was kept before the database refused it.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        odd = new_member("SN", zone)
        cursor.execute("SET LOCAL session_replication_role = origin")
    work(odd, xof.escrow, HOUR_MS)
    work(new_member(), xof.escrow, HOUR_MS)
    clock.advance(dt.timedelta(days=1))
    assert run_settlements(clock) == 2


def test_whatever_goes_wrong_with_one_day_is_passed(
    xof: Book, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A day at the end of the calendar can't end: it is logged with its member, and the others are settled."""
    odd = new_member()
    work(odd, xof.escrow, HOUR_MS)
    Accrual.objects.create(
        member_id=odd,
        charge_id=xof.escrow,
        day=DAY,
        currency="???",
        exact=1,
        credited=2**62,
        exact_charge=0,
        charged=0,
    )
    Floor.objects.filter(country="FR").update(currency="???")
    broken = new_member("FR", "Europe/Paris")
    work(broken, xof.escrow, HOUR_MS)
    work(new_member(), xof.escrow, HOUR_MS)
    clock.advance(dt.timedelta(days=1))
    assert run_settlements(clock) == 2
    assert list(DueDay.objects.values_list("member_id", flat=True)) == [broken]
    assert any(getattr(one, "subject", "") == f"day:{broken}:{DAY}" for one in caplog.records)


def test_a_day_without_any_floor_is_named(xof: Book, clock: ManualClock) -> None:
    """By its member and its date, until there is a figure for the place; it does not count as a day to wait for."""
    kenyan = new_member("KE", "Africa/Nairobi")
    work(kenyan, xof.escrow, HOUR_MS)
    clock.advance(dt.timedelta(days=2))
    assert run_settlements(clock) == 0
    (stuck,) = stuck_days(None, clock.now())
    assert (stuck.member, stuck.day, stuck.country) == (kenyan, DAY, "KE")
    assert days_due(xof.escrow) == 0
    # One that began after the day: the nearest figure settles it.
    Floor.objects.create(
        kind="legal_minimum",
        country="KE",
        amount=100,
        currency="KES",
        unit="hour",
        valid_from=DAY + dt.timedelta(days=30),
        source="Gazette",
        source_kind="law",
        licence="open",
        checked_on=DAY,
    )
    assert stuck_days(None, clock.now()) == []
    assert days_due(xof.escrow) == 1
    assert run_settlements(clock) == 1
    assert Settlement.objects.get(member_id=kenyan).due == 10_000


def test_a_day_that_another_process_has_is_left_to_it(xof: Book, clock: ManualClock) -> None:
    work(new_member(), xof.escrow, HOUR_MS)
    clock.advance(dt.timedelta(days=1))
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pay_dueday FOR UPDATE")
        assert run_settlements(clock) == 0
        other.rollback()
    finally:
        other.close()
    assert run_settlements(clock) == 1
