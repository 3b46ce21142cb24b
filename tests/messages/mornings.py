"""The job that tells, at the hours that a test says, and what lies in the outbox for somebody."""

import datetime as dt

from palabre.messages.jobs import run_notices
from palabre.messages.models import Message
from palabre.people.models import Account
from palabre.times import ManualClock
from tests.cast import Persona


def everybody_came_in(at: dt.datetime) -> None:
    """Who has never come in is told nothing."""
    Account.objects.update(last_login=at)


def tell(at: dt.datetime) -> int:
    """Run the job until nothing is due; how many people were seen to."""
    done = 0
    while some := run_notices(ManualClock(at)):
        done += some
    return done


def letters_to(who: Persona) -> list[str]:
    """Subject and body of each, the oldest first."""
    rows = Message.objects.filter(person=who.account).order_by("written_at", "id")
    return [f"{one.subject}\n{one.body}" for one in rows]
