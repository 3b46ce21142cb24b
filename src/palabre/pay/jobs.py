"""Work of this room that nobody waits for. State lies in the tables: any number of processes may run it."""

import datetime as dt
import uuid
from functools import partial

from django.db import connection, transaction

from palabre.pay.actions.payouts import State, advance_payout
from palabre.pay.actions.settlement import settle_day
from palabre.pay.models import Payout
from palabre.pay.providers import PaymentProvider
from palabre.people.residences import known_zone
from palabre.record.failures import Rows, every_row
from palabre.times import Clock, day_end

PAGE = 500
ASK_AGAIN = dt.timedelta(minutes=1)

# Days that are over somewhere: whether one is over where she lived is asked one by one, since a time zone that the
# database doesn't know would stop the statement for everybody. (member, day) after the last one seen, so that a day
# that can't be settled now, for want of a floor, holds up nobody else.
_OVER = """
SELECT due.member_id, due.day, place.timezone
FROM pay_dueday due JOIN people_lived place
    ON place.account_id = due.member_id AND due.day >= place.from_day AND due.day < place.until
WHERE due.day < %s AND (due.day, due.member_id) > (%s, %s)
ORDER BY due.day, due.member_id LIMIT %s
"""
# Kiribati is fourteen hours ahead of UTC: nowhere is it a later day.
_FIRST_ZONE = dt.timedelta(hours=14)


def run_settlements(clock: Clock) -> int:
    """Settle every member's day that is over in her own time zone; how many were settled.

    One transaction for each: a death in the middle loses nothing and the next run goes on.
    """
    done = 0
    day, member = dt.date.min, uuid.UUID(int=0)
    with every_row("settlements", clock) as rows:
        while page := _over(clock.now(), day, member):
            for member, day, timezone in page:
                if day_end(day, known_zone(timezone)) <= clock.now():
                    settle = partial(_settle_one, member, day, clock.now())
                    done += bool(rows.do(f"day:{member}:{day}", settle))
    return done


def run_payouts(clock: Clock, provider: PaymentProvider) -> int:
    """Send what is prepared and ask about what is on its way; how many were looked at.

    What a person carries is hers to tell of, and left alone.
    """
    states = [State.SENT, State.ACCEPTED, State.PENDING, State.UNKNOWN]
    waiting = Payout.objects.filter(state__in=states, batch=None, changed_at__lte=clock.now() - ASK_AGAIN)
    prepared = Payout.objects.filter(state=State.PREPARED)
    rows = Rows("payouts", clock)
    resting = [subject.removeprefix("payout:") for subject in rows.resting()]
    ids = [
        number
        for payouts in (prepared, waiting)
        for number in payouts.exclude(id__in=resting)
        .order_by("changed_at")
        .values_list("id", flat=True)[:PAGE]
    ]
    for payout_id in ids:
        rows.do(f"payout:{payout_id}", partial(advance_payout, payout_id, provider, at=clock.now()))
    rows.tried |= rows.resting()
    if len(ids) < PAGE:
        rows.forget()
    return len(ids)


def _over(at: dt.datetime, day: dt.date, member: uuid.UUID) -> list[tuple[uuid.UUID, dt.date, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [(at + _FIRST_ZONE).date(), day, member, PAGE])
        return [(member, due, timezone) for member, due, timezone in cursor.fetchall()]


@transaction.atomic
def _settle_one(member: uuid.UUID, day: dt.date, at: dt.datetime) -> bool:
    """Where it can't be settled it stays due and is tried again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pay_dueday WHERE member_id = %s AND day = %s FOR UPDATE SKIP LOCKED", [member, day]
        )
        if cursor.fetchone() is None:  # another process has it
            return False
    settle_day(member, day, at=at)
    return True
