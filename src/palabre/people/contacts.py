"""Her addresses were changed by somebody else: the room that writes to people tells her where she was reached before.

It registers in the `ready` of its `apps.py`, since it stands below this one.
"""

import datetime as dt
from collections.abc import Callable, Collection

from palabre.people.models import PersonalData

# Works inside the transaction of the change: who she was, and which of "email" and "phone" are others now.
Teller = Callable[[PersonalData, Collection[str], dt.datetime], None]
_TELLERS: list[Teller] = []


def register(teller: Teller) -> None:
    """Make known how she is told."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def tell_before(before: PersonalData, changed: Collection[str], at: dt.datetime) -> None:
    """Tell her at the addresses that she had."""
    for teller in _TELLERS:
        teller(before, changed, at)
