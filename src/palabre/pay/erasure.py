"""What was said about a member's payouts. The money stays as it was."""

import uuid

from palabre.pay.models import Payout
from palabre.people.erasure import blank


def erase(account: uuid.UUID) -> None:
    """Whoever carries money may have written to whom she gave it."""
    blank(Payout.objects.filter(member=account), "reason")
