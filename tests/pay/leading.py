"""Where members' money goes, for tests that pay it out."""

import datetime as dt
import uuid

from palabre.money import Money
from palabre.pay.actions import name_destination
from palabre.pay.destinations import Wanted
from palabre.pay.models import Destination, Payout
from palabre.pay.providers import Outcome
from palabre.people.actor import Actor
from palabre.people.models import Role

WAVE = Wanted("mobile_money", "SN", service="wave", number="77 123 45 67", holder="Awa Ndiaye")
ORANGE = Wanted("mobile_money", "SN", service="orange", number="+221 78 765 43 21", holder="Awa Ndiaye")
BANK = Wanted("bank", "FR", number="FR76 3000 6000 0112 3456 7890 189", bank="AGRIFRPP", holder="Awa Ndiaye")
ACCOUNT = Wanted("bank", "KE", number="0123-456789", bank="Équity Bank", holder="Awa Ndiaye")
CASH = Wanted("cash", "SN", place="Centre de Thiès")


def lead(
    member: uuid.UUID,
    wanted: Wanted = WAVE,
    *,
    at: dt.datetime,
    organisation: uuid.UUID | None = None,
) -> Destination:
    """Her money goes there from now on: she has just shown that it is her."""
    by = Actor(member, organisation, frozenset({Role.MEMBER}))
    return name_destination(wanted, proved_at=at, by=by, at=at)


class Silent:
    """A provider that takes everything and never says more."""

    def send(self, reference: uuid.UUID, *, member: uuid.UUID, amount: Money) -> Outcome:  # noqa: ARG002
        return Outcome(Payout.State.PENDING)

    def status(self, reference: uuid.UUID) -> Outcome:  # noqa: ARG002
        return Outcome(Payout.State.PENDING)
