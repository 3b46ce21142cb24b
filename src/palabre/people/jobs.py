"""Work of this room that nobody waits for."""

from palabre.people.actions.tries import forget_tries
from palabre.people.models import Session
from palabre.times import Clock

AT_ONCE = 1000


def run_old_tries(clock: Clock) -> int:
    """Forget tries that no limit needs any more, some at a time."""
    return forget_tries(at=clock.now())


def run_old_sessions(clock: Clock) -> int:
    """Delete sessions that are over, some at a time."""
    over = Session.objects.filter(expire_date__lt=clock.now()).values_list("session_key", flat=True)[:AT_ONCE]
    return Session.objects.filter(session_key__in=list(over)).delete()[0]
