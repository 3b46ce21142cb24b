"""Which of the room's tables the record holds."""

from palabre.record.held import Held, NotHeld
from palabre.timesheet.models import Correction, Tally, TimeEntry

TABLES: list[Held | NotHeld] = [
    Held(TimeEntry),
    Held(Tally),
    Held(Correction, hers={"reason": "member_id", "answer": "member_id"}),
]
