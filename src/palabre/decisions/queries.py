"""Reads of decisions: a member's own, or those of an organisation."""

import datetime as dt
import uuid

from django.db.models import Q, QuerySet

from palabre.decisions.models import Appeal, Decision
from palabre.errors import NotFound
from palabre.people.actor import Actor
from palabre.people.permissions import Permission


def my_decisions(by: Actor, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Decision]:
    """Decisions about the actor herself with their appeals, in the order of their ids. One statement."""
    return _some(Decision.objects.filter(member=by.account, organisation=by.organisation), after, limit)


def newest_about(by: Actor, limit: int = 100) -> list[Decision]:
    """Decisions about the actor herself with their appeals, the newest first. One statement."""
    rows = Decision.objects.filter(member=by.account, organisation=by.organisation)
    return list(_with_appeals(rows).order_by("-decided_at", "id")[:limit])


def on_her_mind(by: Actor, at: dt.datetime, since: dt.datetime) -> list[Decision]:
    """Decisions about her that she can still contest, that wait for an answer, or were answered after `since`.

    One statement.
    """
    contestable = Q(state=Decision.State.STANDING, contest_until__gte=at)
    open_or_new = Q(state=Decision.State.APPEALED) | Q(appeal__answered_at__gte=since)
    rows = Decision.objects.filter(contestable | open_or_new, member=by.account, organisation=by.organisation)
    return list(_with_appeals(rows).order_by("contest_until", "id")[:20])


def decisions(by: Actor, *, after: uuid.UUID | None = None, limit: int = 200) -> list[Decision]:
    """Decisions of the actor's organisation with their appeals, in the order of their ids. One statement.

    Raises: NotAllowed.
    """
    if not by.may(Permission.DECIDE):
        by.require(Permission.ANSWER_APPEALS)
    return _some(Decision.objects.filter(organisation=by.organisation), after, limit)


def decision(id_: uuid.UUID, by: Actor) -> Decision:
    """One decision: about the actor herself, or of her organisation if she decides or answers appeals.

    Raises: NotFound.
    """
    found = _with_appeals(Decision.objects.filter(id=id_, organisation=by.organisation)).first()
    sees_all = by.may(Permission.DECIDE) or by.may(Permission.ANSWER_APPEALS)
    if found is None or not (sees_all or found.member_id == by.account):
        raise NotFound
    return found


def overdue(at: dt.datetime) -> list[Appeal]:
    """Appeals of the whole installation that nobody has answered in time, longest first."""
    found = Appeal.objects.select_related("decision").filter(answered_at=None, answer_due__lt=at)
    return list(found.order_by("answer_due"))


def _with_appeals(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    return rows.select_related("appeal")


def _some(rows: QuerySet[Decision], after: uuid.UUID | None, limit: int) -> list[Decision]:
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(_with_appeals(rows).order_by("id")[:limit])
