"""What a decision about time says, and what this room does when it is reversed."""

import datetime as dt
import uuid

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from palabre.decisions.kinds import Kind
from palabre.decisions.models import Decision
from palabre.people.actor import Actor
from palabre.timesheet.actions.corrections import accept_on_appeal
from palabre.timesheet.figures import MINUTE_MS
from palabre.timesheet.models import Correction


def _count_after_all(decision: Decision, by: Actor, at: dt.datetime) -> None:  # noqa: ARG001 - an Effect takes it
    accept_on_appeal(uuid.UUID(decision.effect["correction"]), at=at)


def _what_she_asked(decision: Decision) -> list[tuple[str, str]]:
    """The correction as she asked for it, and the answer."""
    asked = Correction.objects.filter(id=decision.evidence.get("correction")).first()
    if asked is None:
        return []
    minutes = asked.delta_ms // MINUTE_MS
    return [
        (gettext("Day"), date_format(asked.day, "DATE_FORMAT")),
        (
            gettext("Measured by your phone") if asked.rule else gettext("You asked to add"),
            ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes},
        ),
        (gettext("Why it waited") if asked.rule else gettext("Your reason"), asked.why),
        (gettext("The answer"), asked.answer),
    ]


# Refusing leaves things as they are, so there is nothing to apply.
CORRECTION_REFUSED = Kind(
    name="time_correction_refused",
    sentence=_("A correction of your working time was refused."),
    undo=_count_after_all,
    rule=_("Small corrections are added at once. A larger one is answered by a person, who says why."),
    does=_(
        "The time that you asked for is not counted. Everything that was measured stays counted and paid."
    ),
    anchor="corrections",
    explain=_what_she_asked,
)
