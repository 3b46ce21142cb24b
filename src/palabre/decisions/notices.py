"""What of decisions can't wait until the morning."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import ngettext

from palabre.decisions.models import Appeal, Decision
from palabre.decisions.queries import overdue
from palabre.messages.notices import RECENT, AtOnce, Matter, register_at_once
from palabre.people.models import Role


def register() -> None:
    answering = frozenset({Role.COORDINATOR, Role.DELEGATE})
    register_at_once(AtOnce("late appeals", late_appeals, say_late_appeals, "/team/decisions/", answering))
    register_at_once(AtOnce("decisions", new_decisions, say_decisions, "/decisions/"))
    register_at_once(AtOnce("answered appeals", answered_appeals, say_answered_appeals, "/decisions/"))


def late_appeals(at: dt.datetime) -> Iterator[Matter]:
    """Appeals that nobody has answered by the day that was promised. One statement."""
    for one in overdue(at):
        yield Matter(f"late_appeal:{one.id}", organisation=one.decision.organisation_id)


def say_late_appeals(number: int) -> str:
    return ngettext(
        "%(n)s appeal was to be answered by now. Somebody who did not decide answers it.",
        "%(n)s appeals were to be answered by now. Somebody who did not decide answers them.",
        number,
    ) % {"n": number}


def new_decisions(at: dt.datetime) -> Iterator[Matter]:
    """For the member that each is about. One statement."""
    found = Decision.objects.filter(decided_at__gte=at - RECENT, decided_at__lte=at)
    for decision, member in found.values_list("id", "member_id"):
        yield Matter(f"decision:{decision}", account=member)


def say_decisions(number: int) -> str:
    return ngettext(
        "something was decided about you. Read why, and until when you can contest it",
        "%(n)s things were decided about you. Read why, and until when you can contest them",
        number,
    ) % {"n": number}


def answered_appeals(at: dt.datetime) -> Iterator[Matter]:
    """For the member who contested. One statement."""
    found = Appeal.objects.filter(answered_at__gte=at - RECENT, answered_at__lte=at)
    for appeal, member in found.values_list("id", "decision__member_id"):
        yield Matter(f"appeal:{appeal}", account=member)


def say_answered_appeals(number: int) -> str:
    return ngettext("your appeal was answered", "%(n)s of your appeals were answered", number) % {"n": number}
