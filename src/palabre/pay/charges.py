"""Since when an operator's own account may bear a member's time: since she works for that operator."""

import datetime as dt
import uuid

from django.db.models import Min

from palabre.pay.models import LedgerAccount
from palabre.people.models import Grant
from palabre.people.permissions import WORKING


def since(member: uuid.UUID, charge: int) -> dt.datetime | None:
    own = LedgerAccount.objects.filter(id=charge, kind=LedgerAccount.Kind.PLATFORM).values("owner")
    grants = Grant.objects.filter(account=member, organisation__in=own, role__in=WORKING)
    first: dt.datetime | None = grants.aggregate(at=Min("granted_at"))["at"]
    return first
