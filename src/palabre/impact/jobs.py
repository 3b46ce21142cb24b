"""Background work of the room: tallies follow the work."""

from palabre.impact.actions.tallies import tally_annotations, tally_time
from palabre.times import Clock


def run_tallies(clock: Clock) -> int:
    """Count what has come in."""
    return tally_annotations(at=clock.now()) + tally_time(at=clock.now())
