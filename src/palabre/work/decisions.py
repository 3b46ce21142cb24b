"""What this room decides about a member, and what follows from it."""

import datetime as dt

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.decisions.kinds import Kind
from palabre.decisions.models import Decision
from palabre.people.actor import Actor
from palabre.work.models import Project
from palabre.work.spoken import reads

ENDED = "work_ended"


def _nothing_to_undo(decision: Decision, by: Actor, at: dt.datetime) -> None:
    """Handing out reads the decision itself: once it is reversed, she gets tasks again."""


def _what_was_seen(decision: Decision) -> list[tuple[str, str]]:
    project = Project.objects.filter(id__in=[decision.project]).first()
    tasks = ", ".join(str(task) for task in decision.evidence.get("tasks", []))
    return [
        (gettext("Project"), project.said("name", reads()).text if project else ""),
        (gettext("What was seen"), str(decision.evidence.get("seen", ""))),
        *([(gettext("Tasks"), tasks)] if tasks else []),
    ]


WORK_ENDED = Kind(
    name=ENDED,
    sentence=_("A project gives you no more tasks."),
    undo=_nothing_to_undo,
    rule=_(
        "A person decides it, names the rule and what was seen, and never for speed or for a single answer."
    ),
    does=_(
        "You get no new tasks of this project. What you hold you may still send. Everything that you have earned"
        " and everything that is counted stays yours."
    ),
    explain=_what_was_seen,
)
