"""Which of the room's tables the record holds."""

from palabre.impact.models import DayTally, ScoreCard, TallyMark, TimeTally
from palabre.record.held import Held, NotHeld

TABLES: list[Held | NotHeld] = [
    Held(ScoreCard),
    NotHeld(TallyMark, "how far a page's sums have come"),
    NotHeld(DayTally, "sums for a page; what is signed is counted from the rows"),
    NotHeld(TimeTally, "sums for a page; what is signed is counted from the rows"),
]
