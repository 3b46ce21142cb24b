"""Work of this room that nobody waits for."""

from palabre.messages.actions.notices import STEP, begin_to_tell, tell_at_once, tell_mornings
from palabre.messages.actions.outbox import send_due
from palabre.messages.channels import is_carried
from palabre.messages.models import Message
from palabre.record.failures import Rows
from palabre.times import Clock


def run_messages(clock: Clock) -> int:
    """Carry one message that is due."""
    return int(send_due(at=clock.now()))


def run_notices(clock: Clock) -> int:
    """Write what is told to some people; how many were seen to. Where nothing carries e-mail, nothing is written."""
    if not is_carried(Message.Channel.EMAIL):
        return 0
    at, rows = clock.now(), Rows("notices", clock)
    resting = rows.resting()
    begin_to_tell(at)
    done = tell_at_once(rows, at) + tell_mornings(rows, at)
    if done < STEP and not resting:
        rows.forget()
    return done
