"""What of money can't wait until the morning."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import ngettext

from palabre.messages.notices import RECENT, AtOnce, Matter, register_at_once
from palabre.pay.models import Payout
from palabre.people.models import Role

# In the operator's hands: nobody has said that they were sent.
_TO_BE_SENT = (Payout.State.PREPARED, Payout.State.CARRIED)


def register() -> None:
    finance = frozenset({Role.FINANCE})
    register_at_once(AtOnce("late payouts", late_payouts, say_late_payouts, "/money/payouts/", finance))
    register_at_once(AtOnce("failed payouts", failed_payouts, say_failed_payouts, "/pay/payouts/"))


def late_payouts(at: dt.datetime) -> Iterator[Matter]:
    """Not sent by the day on which she was told that she would have the money. One statement."""
    found = Payout.objects.filter(state__in=_TO_BE_SENT, likely_on__lt=at.date(), operator__isnull=False)
    for payout, operator in found.values_list("id", "operator_id"):
        yield Matter(f"late_payout:{payout}", organisation=operator)


def say_late_payouts(number: int) -> str:
    return ngettext(
        "%(n)s payout was to arrive by now and was not sent",
        "%(n)s payouts were to arrive by now and were not sent",
        number,
    ) % {"n": number}


def failed_payouts(at: dt.datetime) -> Iterator[Matter]:
    """For the member whose money it is. One statement."""
    found = Payout.objects.filter(state=Payout.State.FAILED, changed_at__gte=at - RECENT)
    for payout, member in found.values_list("id", "member_id"):
        yield Matter(f"failed_payout:{payout}", account=member)


def say_failed_payouts(number: int) -> str:
    return ngettext(
        "a payout did not reach you. The money is yours and is back on your account; look where it was to go",
        "%(n)s payouts did not reach you. The money is yours and is back on your account; look where it was to go",
        number,
    ) % {"n": number}
