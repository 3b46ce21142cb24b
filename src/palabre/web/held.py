"""Which of the room's tables the record holds."""

from palabre.record.held import Held, NotHeld
from palabre.web.models import JobRun

TABLES: list[Held | NotHeld] = [
    NotHeld(JobRun, "how the background fares"),
]
