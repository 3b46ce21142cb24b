"""What was said around corrections of a member's time. The time stays, and so does what was paid for it."""

import uuid

from palabre.people.erasure import blank
from palabre.timesheet.models import Correction


def erase(account: uuid.UUID) -> None:
    """Her reasons, and the answers to them."""
    blank(Correction.objects.filter(member=account), "reason", "answer")
