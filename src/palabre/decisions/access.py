"""The end of somebody's access is a decision: it has its why, and it can be contested."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palabre.decisions.actions import take_decision
from palabre.decisions.kinds import Kind
from palabre.decisions.models import Decision
from palabre.errors import NotFound
from palabre.people import fields
from palabre.people.actions import end_access
from palabre.people.actions.roles import add_grant
from palabre.people.actor import Actor
from palabre.people.models import Role
from palabre.people.permissions import Permission
from palabre.people.queries import standing_roles

ENDED = "access_ended"
_LONGEST = 4000


@transaction.atomic
def end_access_for(account: uuid.UUID, why: str, *, by: Actor, at: dt.datetime) -> Decision:
    """Every role of hers in the actor's organisation ends, with a reason that she reads and can contest.

    Where an appeal is granted, she holds the same roles again.

    Raises: NotAllowed, NotFound (no standing role here), NotAboutOneself, LastAdministrator, TextMissing,
    TextTooLong, TextUnreadable.
    """
    by.require(Permission.MANAGE_PEOPLE)
    if by.organisation is None:
        raise NotFound
    roles = sorted(str(role) for role in standing_roles(account, by.organisation))
    if not roles:
        raise NotFound
    return take_decision(
        member=account,
        kind=ENDED,
        rule="people.access",
        evidence={"seen": fields.text(why, "why", most=_LONGEST), "roles": roles},
        effect={"roles": roles},
        by=by,
        at=at,
    )


def _end(decision: Decision, by: Actor, at: dt.datetime) -> None:
    end_access(decision.member_id, by=by, at=at)


def _give_back(decision: Decision, by: Actor, at: dt.datetime) -> None:
    """Those that she was given again in the meantime stay as they are."""
    held = standing_roles(decision.member_id, decision.organisation_id)
    for role in (Role(name) for name in decision.effect["roles"]):
        if role not in held:
            add_grant(decision.member_id, decision.organisation_id, role, by=by, at=at)


def _what_was_seen(decision: Decision) -> list[tuple[str, str]]:
    return [(gettext("The reason"), str(decision.evidence.get("seen", "")))]


ACCESS_ENDED = Kind(
    name=ENDED,
    sentence=_("Your roles in this organisation were ended."),
    apply=_end,
    undo=_give_back,
    anchor="decisions",
    rule=_("A person decides it and says why. Somebody else answers when you contest it."),
    does=_(
        "You get no new work here. You still come in for what is yours: your money, decisions about you, your data."
        " Work on your phone is taken and paid."
    ),
    explain=_what_was_seen,
)
