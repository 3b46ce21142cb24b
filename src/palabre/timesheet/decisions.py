"""What this room does when a decision about time is reversed."""

import datetime as dt
import uuid

from django.utils.translation import gettext_lazy as _

from palabre.decisions.kinds import Kind
from palabre.decisions.models import Decision
from palabre.people.actor import Actor
from palabre.timesheet.actions.corrections import accept_on_appeal


def _count_after_all(decision: Decision, by: Actor, at: dt.datetime) -> None:  # noqa: ARG001 - an Effect takes it
    accept_on_appeal(uuid.UUID(decision.effect["correction"]), at=at)


# Refusing leaves things as they are, so there is nothing to apply.
CORRECTION_REFUSED = Kind(
    name="time_correction_refused",
    sentence=_("A correction of your working time was refused."),
    undo=_count_after_all,
)
