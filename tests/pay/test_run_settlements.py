import datetime as dt

import pytest
from django.db import connection

from palabre.pay import jobs
from palabre.pay.jobs import run_settlements
from palabre.pay.models import DueDay, Settlement
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
