"""Decisions about members: taken with a why, contested by her, answered by somebody else."""

import datetime as dt
import uuid
from collections.abc import Mapping
from hashlib import sha256

from django.db import transaction

from palabre.decisions.errors import (
    AnotherPersonNeeded,
    AppealedAlready,
    ContestOver,
    NoOpenAppeal,
    NotAboutOneself,
    PersonNeeded,
    WhyMissing,
)
from palabre.decisions.kinds import kind_of
from palabre.decisions.models import Appeal, Decision
from palabre.errors import NotFound
from palabre.people import fields
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.people.queries import belongs
from palabre.record.actions import record

# Our own rule: a month, so that nobody loses her right to a broken phone or an exam.
CONTEST_WITHIN = dt.timedelta(days=30)
# Two weeks: Directive (EU) 2024/2831 on platform work, article 11.
ANSWER_WITHIN = dt.timedelta(days=14)
_LONGEST = 4000


@transaction.atomic
def take_decision(
    *,
    member: uuid.UUID,
    kind: str,
    rule: str,
    evidence: Mapping[str, object],
    effect: Mapping[str, object],
    project: uuid.UUID | None = None,
    guideline_version: int | None = None,
    by: Actor,
    at: dt.datetime,
) -> Decision:
    """No decision without a why: rule, evidence, who decided, and until when it can be contested.

    The kind's effect is applied in the same transaction. `evidence` and `effect` name rows by their ids and
    hold no personal data. What the member has earned stays hers: a kind never takes money.

    Raises: NotAllowed, PersonNeeded, NotAboutOneself, NotFound (another organisation's member), WhyMissing.
    """
    by.require(Permission.DECIDE)
    if by.account is None or by.organisation is None:
        raise PersonNeeded
    if by.account == member:
        raise NotAboutOneself
    if not belongs(member, by.organisation):
        raise NotFound
    for path, said in (("rule", rule.strip()), ("evidence", evidence)):
        if not said:
            raise WhyMissing(path=path)
    known = kind_of(kind)
    decision = Decision.objects.create(
        member_id=member,
        organisation_id=by.organisation,
        project=project,
        kind=kind,
        rule=rule.strip(),
        evidence=dict(evidence),
        guideline_version=guideline_version,
        effect=dict(effect),
        decided_by=by.account,
        decided_at=at,
        contest_until=at + CONTEST_WITHIN,
    )
    if known.apply is not None:
        known.apply(decision, by, at)
    rule_said = {"rule": decision.rule} if known.anchor else {"rule_sha256": _digest(decision.rule)}
    _note("decisions.taken", decision, by, at, kind=kind, project=_text(project), **rule_said)
    return decision


@transaction.atomic
def appeal(decision: uuid.UUID, reason: str, *, by: Actor, at: dt.datetime) -> Appeal:
    """The member contests a decision, once, until the date that it names.

    Raises: NotFound (unknown or about somebody else), AppealedAlready, ContestOver, TextMissing, TextTooLong,
    TextUnreadable.
    """
    found = Decision.objects.select_for_update().filter(id=decision, member=by.account).first()
    if found is None or by.account is None or found.organisation_id != by.organisation:
        raise NotFound
    earlier = Appeal.objects.filter(decision=found).first()
    if earlier is not None:
        raise AppealedAlready(due=earlier.answer_due.date())
    if at > found.contest_until:
        raise ContestOver(until=found.contest_until.date())
    made = Appeal.objects.create(
        decision=found,
        reason=fields.text(reason, "reason", _LONGEST),
        appealed_at=at,
        answer_due=at + ANSWER_WITHIN,
    )
    _move(found, Decision.State.APPEALED)
    _note("decisions.appealed", found, by, at, answer_due=made.answer_due.isoformat())
    return made


@transaction.atomic
def answer_appeal(decision: uuid.UUID, answer: str, *, reverse: bool, by: Actor, at: dt.datetime) -> Decision:
    """Somebody who neither took the decision nor is its subject answers; reversing undoes the effect.

    A late answer is still an answer; how late it came stands in the record.

    Raises: NotAllowed, PersonNeeded, NotFound, NoOpenAppeal, NotAboutOneself, AnotherPersonNeeded,
    TextMissing, TextTooLong, TextUnreadable.
    """
    by.require(Permission.ANSWER_APPEALS)
    if by.account is None:
        raise PersonNeeded
    found = (
        Decision.objects.select_for_update(of=("self",))
        .filter(id=decision, organisation=by.organisation)
        .select_related("appeal")
        .first()
    )
    if found is None:
        raise NotFound
    if found.state != Decision.State.APPEALED:
        raise NoOpenAppeal
    if by.account == found.member_id:
        raise NotAboutOneself
    if by.account == found.decided_by:
        raise AnotherPersonNeeded
    said = found.appeal
    said.answer, said.answered_by, said.answered_at = fields.text(answer, "answer", _LONGEST), by.account, at
    said.save(update_fields=["answer", "answered_by", "answered_at"])
    if reverse:
        kind_of(found.kind).undo(found, by, at)
    _move(found, Decision.State.REVERSED if reverse else Decision.State.UPHELD)
    _note("decisions.answered", found, by, at, reversed=reverse, in_time=at <= said.answer_due)
    return found


def _move(decision: Decision, state: Decision.State) -> None:
    decision.state = state
    decision.save(update_fields=["state"])


def _digest(words: str) -> str:
    """Words about a person stand beside the decision and can be erased; the record holds that they were these."""
    return sha256(words.encode()).hexdigest()


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def _note(code: str, decision: Decision, by: Actor, at: dt.datetime, **data: str | bool | None) -> None:
    record(
        code,
        by=by.account,
        at=at,
        subject=f"decision:{decision.id}",
        organisation=decision.organisation_id,
        data={"member": str(decision.member_id), **data},
    )
