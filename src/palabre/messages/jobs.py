"""Work of this room that nobody waits for."""

from palabre.messages.actions.outbox import send_due
from palabre.times import Clock


def run_messages(clock: Clock) -> int:
    """Carry one message that is due."""
    return int(send_due(at=clock.now()))
