"""Background work of the room: tallies follow the work."""

from palabre.impact.actions.tallies import tally_annotations, tally_time
from palabre.record.failures import every_row
from palabre.times import Clock


def run_tallies(clock: Clock) -> int:
    """Count what has come in."""
    with every_row("tallies", clock) as rows:
        answers = rows.do("answers", lambda: tally_annotations(at=clock.now()))
        time = rows.do("time", lambda: tally_time(at=clock.now()))
    return (answers or 0) + (time or 0)
