"""A refused correction of time, contested: reversing it counts the time after all."""

import datetime as dt

from palabre.decisions.actions import answer_appeal, appeal
from palabre.decisions.models import Decision
from palabre.timesheet.actions import answer_correction, ask_correction
from palabre.timesheet.models import Correction, Kind, TimeEntry
from tests.cast import BEGAN, Cast, own_account

DAY = dt.date(2026, 1, 5)
HOUR_MS = 3_600_000


def test_reversing_counts_the_time(cast: Cast) -> None:
    asked = ask_correction(
        DAY, Kind.TASK, own_account(cast), HOUR_MS, "no network", by=cast.member.actor, at=BEGAN
    )
    answer_correction(asked.id, False, "not seen", by=cast.coordinator.actor, at=BEGAN)
    decision = Decision.objects.get(member=cast.member.account)
    assert not TimeEntry.objects.filter(member=cast.member.account).exists()
    appeal(decision.id, "The log shows it.", by=cast.member.actor, at=BEGAN)
    answer_appeal(decision.id, "It does.", reverse=True, by=cast.delegate.actor, at=BEGAN)
    assert TimeEntry.objects.get(member=cast.member.account).counted_ms == HOUR_MS
    assert Correction.objects.get(id=asked.id).state == Correction.State.ACCEPTED
