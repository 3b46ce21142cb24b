"""Decide about each item from the facts, without asking or writing anything."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from palabre.work.schemas import ResultForm
from palabre.work.sync.facts import Facts, KeyFact, LeaseFact
from palabre.work.sync.items import Answer, Ask, Flag, Item, Skip, Time, Unread
from palabre.work.sync.outcome import Outcome, Status, receipt_for

FormFor = Callable[[uuid.UUID, int], ResultForm | None]


@dataclass(frozen=True, slots=True)
class Sent:
    """An item as it came: what was read, its digest, the object itself."""

    item: Item | Unread
    digest: bytes
    raw: object


@dataclass(frozen=True, slots=True)
class NewAnswer:
    answer: Answer
    digest: bytes
    lease: LeaseFact
    late: bool


@dataclass(slots=True)
class Plan:
    """What is to be written, item by item, and the outcomes known already (by place in the outbox)."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    answers: dict[int, NewAnswer] = field(default_factory=dict)
    revisions: dict[int, NewAnswer] = field(default_factory=dict)
    skips: dict[int, tuple[Skip, LeaseFact]] = field(default_factory=dict)
    flags: dict[int, tuple[Flag, LeaseFact]] = field(default_factory=dict)
    questions: dict[int, tuple[Ask, LeaseFact | None]] = field(default_factory=dict)
    times: dict[int, Time] = field(default_factory=dict)
    raw: dict[int, tuple[Sent, tuple[str, ...]]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)


def judge(outbox: list[Sent], facts: Facts, form_for: FormFor) -> Plan:
    """One pass in the order in which the items were sent."""
    plan, seen = Plan(), dict[uuid.UUID, bytes]()
    for index, sent in enumerate(outbox):
        key = sent.item.key
        if key is None:
            why = sent.item.why if isinstance(sent.item, Unread) else []
            plan.outcomes[index] = Outcome(None, Status.INVALID, why=tuple(why))
        elif key in facts.keys:
            plan.outcomes[index] = _known(facts.keys[key], sent)
        elif key in seen:
            status = Status.AGAIN if seen[key] == sent.digest else Status.KEY_REUSED
            plan.outcomes[index] = Outcome(key, status)
        else:
            seen[key] = sent.digest
            _new(plan, index, sent, facts, form_for)
    return plan


def _known(fact: KeyFact, sent: Sent) -> Outcome:
    if fact.body_hash != sent.digest:
        return Outcome(fact.key, Status.KEY_REUSED)
    return Outcome(fact.key, Status.DUPLICATE, receipt_for(fact.row, fact.body_hash))


def _new(plan: Plan, index: int, sent: Sent, facts: Facts, form_for: FormFor) -> None:
    match sent.item:
        case Answer() as answer:
            _answer(plan, index, answer, sent, facts, form_for)
        case Skip() as skip:
            _skip(plan, index, skip, facts)
        case Flag() as flag:
            lease = facts.leases.get(flag.lease)
            if lease is None or lease.project not in facts.projects:
                plan.outcomes[index] = Outcome(flag.key, Status.NOT_YOURS)
            else:
                plan.flags[index] = (flag, lease)
        case Ask() as ask:
            if ask.project not in facts.projects:
                plan.outcomes[index] = Outcome(ask.key, Status.NOT_YOURS)
            else:
                plan.questions[index] = (ask, facts.leases.get(ask.lease or 0))
        case Time() as time:
            if time.project not in facts.projects:
                plan.outcomes[index] = Outcome(time.key, Status.NOT_YOURS)
            else:
                plan.times[index] = time
        case Unread() as unread:
            plan.raw[index] = (sent, tuple(unread.why))


def _answer(plan: Plan, index: int, answer: Answer, sent: Sent, facts: Facts, form_for: FormFor) -> None:
    lease = facts.leases.get(answer.lease)
    if lease is None or lease.project not in facts.projects:
        plan.outcomes[index] = Outcome(answer.key, Status.NOT_YOURS)
        return
    if answer.lease in plan.touched:
        plan.outcomes[index] = Outcome(answer.key, Status.AGAIN)
        return
    form = form_for(lease.project, answer.schema_version)
    if form is None:
        plan.raw[index] = (sent, ("schema_version: not known here",))
        return
    problems = form.problems(answer.result)
    if problems:
        why = tuple(str(one) for one in problems)
        plan.outcomes[index] = Outcome(answer.key, Status.INVALID, why=why)
        return
    _place_answer(plan, index, NewAnswer(answer, sent.digest, lease, late=False), sent, facts)


def _place_answer(plan: Plan, index: int, new: NewAnswer, sent: Sent, facts: Facts) -> None:
    lease = new.lease
    if lease.annotation is None:
        live = facts.projects[lease.project].state != "closed"
        on_time = lease.state == "open" and live
        plan.answers[index] = NewAnswer(new.answer, new.digest, lease, late=not on_time)
    elif new.answer.revision == (lease.revision or 0) + 1:
        plan.revisions[index] = new
    else:
        plan.raw[index] = (sent, ("revision: a newer answer is here already",))
    plan.touched.add(lease.lease)


def _skip(plan: Plan, index: int, skip: Skip, facts: Facts) -> None:
    lease = facts.leases.get(skip.lease)
    if lease is None or lease.project not in facts.projects:
        plan.outcomes[index] = Outcome(skip.key, Status.NOT_YOURS)
    elif skip.lease in plan.touched:
        plan.outcomes[index] = Outcome(skip.key, Status.AGAIN)
    elif lease.state == "open":
        plan.skips[index] = (skip, lease)
        plan.touched.add(lease.lease)
    else:
        # Skipped before, answered, or returned meanwhile: nothing is left to skip.
        plan.outcomes[index] = Outcome(skip.key, Status.DUPLICATE)
