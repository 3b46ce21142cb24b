"""take_decision, appeal, answer_appeal: no decision without a why, and somebody else looks again."""

import datetime as dt
import threading
import uuid
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from django.db import connection

from palabre.decisions import kinds
from palabre.decisions.actions import ANSWER_WITHIN, CONTEST_WITHIN, answer_appeal, appeal, take_decision
from palabre.decisions.errors import (
    AnotherPersonNeeded,
    AppealedAlready,
    ContestOver,
    NoOpenAppeal,
    NotAboutOneself,
    PersonNeeded,
    WhyMissing,
)
from palabre.decisions.models import Appeal, Decision
from palabre.decisions.queries import decision as decision_for
from palabre.decisions.queries import decisions, my_decisions, overdue
from palabre.errors import NotAllowed, NotFound
from palabre.people.actions import grant_role
from palabre.people.actor import SYSTEM, Actor
from palabre.people.errors import TextMissing
from palabre.people.models import Role
from palabre.record.models import Event
from tests.cast import BEGAN, Cast, Persona, gather

HOUR = dt.timedelta(hours=1)
KIND = "test_access_paused"


@dataclass
class Door:
    """Something that a decision closes and a reversal opens again."""

    calls: list[str] = field(default_factory=list)

    def close(self, decision: Decision, _by: Actor, _at: dt.datetime) -> None:
        self.calls.append(f"closed {decision.effect['door']}")

    def open(self, decision: Decision, _by: Actor, _at: dt.datetime) -> None:
        self.calls.append(f"opened {decision.effect['door']}")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door = Door()
    monkeypatch.setattr(kinds, "_KINDS", dict(kinds._KINDS))
    kinds.register(kinds.Kind(KIND, "Your access was paused.", undo=door.open, apply=door.close))
    return door


def decide(cast: Cast, **more: object) -> Decision:
    said = {
        "member": cast.member.account,
        "kind": KIND,
        "rule": "rules 3.2",
        "evidence": {"tasks": [1, 2]},
        "effect": {"door": "blue"},
        "guideline_version": 4,
        "by": cast.coordinator.actor,
        "at": BEGAN,
    } | more
    return take_decision(**said)  # type: ignore[arg-type]


def test_it_works(cast: Cast, door: Door) -> None:
    made = decide(cast)
    assert door.calls == ["closed blue"]
    assert (made.state, made.decided_by) == (Decision.State.STANDING, cast.coordinator.account)
    assert made.contest_until == BEGAN + CONTEST_WITHIN
    event = Event.objects.latest("seq")
    assert (event.code, event.subject) == ("decisions.taken", f"decision:{made.id}")
    assert event.data["rule_sha256"] == sha256(b"rules 3.2").hexdigest()
    assert "rules 3.2" not in str(event.data)


@pytest.mark.parametrize("missing", [{"rule": " "}, {"evidence": {}}])
def test_no_decision_without_a_why(cast: Cast, door: Door, missing: dict[str, object]) -> None:
    with pytest.raises(WhyMissing):
        decide(cast, **missing)
    assert door.calls == []


@pytest.mark.parametrize(
    "name", ["member", "client_person", "finance", "auditor", "delegate", "stranger_member"]
)
def test_who_may_not(cast: Cast, door: Door, name: str) -> None:
    with pytest.raises(NotAllowed):
        decide(cast, by=getattr(cast, name).actor)


def test_a_person_decides_and_not_about_herself(cast: Cast, door: Door) -> None:
    with pytest.raises(PersonNeeded):
        decide(cast, by=SYSTEM)
    with pytest.raises(NotAboutOneself):
        decide(cast, member=cast.coordinator.account)


def test_foreign_and_unknown_members_look_the_same(cast: Cast, door: Door) -> None:
    for member in (cast.member.account, uuid.uuid4()):
        with pytest.raises(NotFound):
            decide(cast, by=cast.stranger.actor, member=member)


def test_a_kind_that_nobody_registered_is_our_fault(cast: Cast) -> None:
    with pytest.raises(LookupError):
        decide(cast)
    assert not Decision.objects.exists()


def test_two_rooms_cannot_name_a_kind_alike(door: Door) -> None:
    with pytest.raises(ValueError, match=KIND):
        kinds.register(kinds.Kind(KIND, "Another.", undo=door.open))


def test_an_appeal_that_is_upheld(cast: Cast, door: Door) -> None:
    made = decide(cast)
    asked = appeal(made.id, "I was ill.", by=cast.member.actor, at=BEGAN + HOUR)
    assert asked.answer_due == BEGAN + HOUR + ANSWER_WITHIN
    answered = answer_appeal(
        made.id, "It stands.", reverse=False, by=cast.delegate.actor, at=BEGAN + 2 * HOUR
    )
    assert answered.state == Decision.State.UPHELD
    assert door.calls == ["closed blue"]
    assert Event.objects.latest("seq").data == {
        "member": str(cast.member.account),
        "reversed": False,
        "in_time": True,
    }


def test_an_appeal_that_reverses(cast: Cast, door: Door) -> None:
    made = decide(cast)
    appeal(made.id, "I was ill.", by=cast.member.actor, at=BEGAN)
    late = BEGAN + ANSWER_WITHIN + HOUR
    answered = answer_appeal(made.id, "You are right.", reverse=True, by=cast.delegate.actor, at=late)
    assert answered.state == Decision.State.REVERSED
    assert door.calls == ["closed blue", "opened blue"]
    said = Appeal.objects.get(decision=made)
    assert (said.answer, said.answered_by, said.answered_at) == (
        "You are right.",
        cast.delegate.account,
        late,
    )
    assert Event.objects.latest("seq").data["in_time"] is False


def test_only_the_member_appeals(cast: Cast, door: Door) -> None:
    made = decide(cast)
    for name in ("colleague", "coordinator", "administrator", "stranger"):
        with pytest.raises(NotFound):
            appeal(made.id, "Why?", by=getattr(cast, name).actor, at=BEGAN)
    with pytest.raises(NotFound):
        appeal(uuid.uuid4(), "Why?", by=cast.member.actor, at=BEGAN)
    with pytest.raises(TextMissing):
        appeal(made.id, " ", by=cast.member.actor, at=BEGAN)


def test_appealing_twice_or_too_late(cast: Cast, door: Door) -> None:
    made, other = decide(cast), decide(cast)
    with pytest.raises(ContestOver):
        appeal(other.id, "Why?", by=cast.member.actor, at=BEGAN + CONTEST_WITHIN + HOUR)
    appeal(made.id, "Why?", by=cast.member.actor, at=BEGAN + CONTEST_WITHIN)
    with pytest.raises(AppealedAlready):
        appeal(made.id, "Why?", by=cast.member.actor, at=BEGAN + CONTEST_WITHIN)


def test_who_answers(cast: Cast, door: Door) -> None:
    made = decide(cast)
    with pytest.raises(NoOpenAppeal):
        answer_appeal(made.id, "It stands.", reverse=False, by=cast.delegate.actor, at=BEGAN)
    appeal(made.id, "Why?", by=cast.member.actor, at=BEGAN)
    grant_role(cast.coordinator.account, cast.operator.id, Role.DELEGATE, by=SYSTEM, at=BEGAN)
    grant_role(cast.member.account, cast.operator.id, Role.DELEGATE, by=SYSTEM, at=BEGAN)
    for who, error in [
        (_with(cast.coordinator, Role.DELEGATE), AnotherPersonNeeded),
        (_with(cast.member, Role.DELEGATE), NotAboutOneself),
        (cast.colleague.actor, NotAllowed),
        (cast.stranger.actor, NotFound),
        (SYSTEM, PersonNeeded),
    ]:
        with pytest.raises(error):
            answer_appeal(made.id, "Never.", reverse=True, by=who, at=BEGAN)
    assert door.calls == ["closed blue"]
    answer_appeal(made.id, "It stands.", reverse=False, by=cast.delegate.actor, at=BEGAN)
    with pytest.raises(NoOpenAppeal):
        answer_appeal(made.id, "After all.", reverse=True, by=cast.delegate.actor, at=BEGAN)


def _with(who: Persona, role: Role) -> Actor:
    return Actor(who.account, who.organisation, who.actor.roles | {role})


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_undo_once(door: Door) -> None:
    """Without a lock both would find the appeal open, and the effect would be undone twice."""
    cast = gather()
    made = decide(cast)
    appeal(made.id, "Why?", by=cast.member.actor, at=BEGAN)
    outcomes: list[str] = []
    barrier = threading.Barrier(2, timeout=30)

    def answer(who: Persona) -> None:
        barrier.wait()
        try:
            answer_appeal(made.id, "You are right.", reverse=True, by=who.actor, at=BEGAN)
            outcomes.append("answered")
        except NoOpenAppeal:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[who]) for who in (cast.delegate, cast.administrator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["answered", "too late"]
    assert door.calls == ["closed blue", "opened blue"]


def test_who_reads(cast: Cast, door: Door) -> None:
    made = decide(cast)
    decide(cast, member=cast.colleague.account)
    assert [each.id for each in my_decisions(cast.member.actor)] == [made.id]
    assert len(decisions(cast.coordinator.actor)) == 2
    assert decisions(cast.stranger.actor) == []
    with pytest.raises(NotAllowed):
        decisions(cast.finance.actor)
    assert decision_for(made.id, cast.member.actor) == made
    for name in ("colleague", "stranger", "client_person", "finance"):
        with pytest.raises(NotFound):
            decision_for(made.id, getattr(cast, name).actor)


def test_what_is_overdue(cast: Cast, door: Door) -> None:
    made = decide(cast)
    appeal(made.id, "Why?", by=cast.member.actor, at=BEGAN)
    assert overdue(BEGAN + ANSWER_WITHIN) == []
    assert [each.decision_id for each in overdue(BEGAN + ANSWER_WITHIN + HOUR)] == [made.id]
