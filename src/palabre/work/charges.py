"""Since when a project's deposit may bear a member's time: since something of the project was handed to her."""

import datetime as dt
import uuid

from django.db.models import Min

from palabre.work.models import Handout


def since(member: uuid.UUID, charge: int) -> dt.datetime | None:
    handed = Handout.objects.filter(member=member, project__escrow=charge)
    first: dt.datetime | None = handed.aggregate(at=Min("at"))["at"]
    return first
