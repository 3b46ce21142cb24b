"""Decide about each item from the facts, without asking or writing anything.

Time comes first: whatever becomes of an item, the time that it carried is counted, unless the device sends the
item again anyway. Slices have keys of their own, so what is sent twice counts once.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from palabre.timesheet.figures import MOST_REVISIONS
from palabre.timesheet.models import Kind
from palabre.work.schemas import ResultForm
from palabre.work.sync.facts import Facts, KeyFact, LeaseFact
from palabre.work.sync.items import Answer, Ask, DeviceSlice, Flag, Item, Skip, Time, Unread
from palabre.work.sync.outcome import Outcome, Status, receipt_for
from palabre.work.sync.reasons import SCHEMA_UNKNOWN, in_words, reason

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


@dataclass(frozen=True, slots=True)
class Other:
    """An answer to a task that holds another of hers with the same number. `same`: it says the same."""

    new: NewAnswer
    same: bool


@dataclass(frozen=True, slots=True)
class Raw:
    """What is kept for a person as it was sent, `why` as lines of `work.sync.reasons`; `lease` and `project` where they
    could be read and are hers."""

    sent: Sent
    why: tuple[str, ...]
    lease: LeaseFact | None
    project: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Spent:
    """Time that came with an item. `kind`: what it is, whatever the device calls it. `explains`: the item stands for
    time of its task."""

    slices: Sequence[DeviceSlice]
    project: uuid.UUID
    lease: LeaseFact | None
    kind: Kind | None
    explains: bool


@dataclass(slots=True)
class Plan:
    """What is to be written, item by item, and the outcomes known already (by place in the outbox).

    `spent` has the time of all items but those in `answers`, of which it is known later who pays. `explaining`: items
    that stand for time; `explained`: leases that they use for it, other than by an answer or a skip.
    """

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    answers: dict[int, NewAnswer] = field(default_factory=dict)
    revisions: dict[int, NewAnswer] = field(default_factory=dict)
    older: dict[int, NewAnswer] = field(default_factory=dict)
    others: dict[int, Other] = field(default_factory=dict)
    skips: dict[int, tuple[Skip, LeaseFact]] = field(default_factory=dict)
    flags: dict[int, tuple[Flag, LeaseFact]] = field(default_factory=dict)
    questions: dict[int, tuple[Ask, LeaseFact | None]] = field(default_factory=dict)
    times: dict[int, Time] = field(default_factory=dict)
    raw: dict[int, Raw] = field(default_factory=dict)
    spent: list[Spent] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    explaining: set[int] = field(default_factory=set)
    explained: set[int] = field(default_factory=set)


def judge(outbox: list[Sent], facts: Facts, form_for: FormFor) -> Plan:
    """One pass in the order in which the items were sent."""
    plan, seen = Plan(), dict[uuid.UUID, bytes]()
    for index, sent in enumerate(outbox):
        key = sent.item.key
        if key is None:
            why = sent.item.why if isinstance(sent.item, Unread) else []
            plan.outcomes[index] = Outcome(None, Status.INVALID, why=tuple(map(in_words, why)))
        elif key in facts.keys:
            plan.outcomes[index] = _known(facts.keys[key], sent)
        elif key in seen:
            status = Status.AGAIN if seen[key] == sent.digest else Status.KEY_REUSED
            plan.outcomes[index] = Outcome(key, status)
        else:
            seen[key] = sent.digest
            _new(plan, index, sent, facts, form_for)
            _explain(plan, index, sent.item, facts)
        if not _comes_again(plan, index, sent, facts):
            _time_first(plan, index, sent.item, facts)
    return plan


def _explain(plan: Plan, index: int, item: Item | Unread, facts: Facts) -> None:
    """A lease stands for time once, whatever came of its item; the first changes of an answer once each."""
    changed = index in plan.revisions or index in plan.older
    if changed and isinstance(item, Answer):
        if item.revision <= MOST_REVISIONS:
            plan.explaining.add(index)
    elif isinstance(item, Answer | Skip | Unread) and item.slices and index not in plan.others:
        lease = _lease_of(item, facts)
        if lease and not lease.explained and lease.lease not in plan.explained:
            plan.explaining.add(index)
            plan.explained.add(lease.lease)


def _comes_again(plan: Plan, index: int, sent: Sent, facts: Facts) -> bool:
    """Its time was counted when it came first, or will be when it comes again."""
    outcome, fact = plan.outcomes.get(index), facts.keys.get(sent.item.key) if sent.item.key else None
    sent_again = fact is not None and fact.body_hash == sent.digest
    return sent_again or (outcome is not None and outcome.status is Status.AGAIN)


def _time_first(plan: Plan, index: int, item: Item | Unread, facts: Facts) -> None:
    spent = _spent(plan, index, item, facts) if item.slices and index not in plan.answers else None
    if spent is not None:
        plan.spent.append(spent)


def _spent(plan: Plan, index: int, item: Item | Unread, facts: Facts) -> Spent | None:
    """Whose time it was, as far as that can be read; None for a lease or a project that isn't hers."""
    lease = _lease_of(item, facts)
    named = getattr(item, "project", None)
    project = lease.project if lease and named is None else named
    if project is None or project not in facts.projects:
        return None
    kind = Kind.QUESTION if isinstance(item, Ask) else None
    if isinstance(item, Answer) and (index in plan.revisions or index in plan.older or index in plan.others):
        kind = Kind.REDO
    return Spent(
        item.slices,
        project,
        lease if lease and lease.project == project else None,
        kind,
        index in plan.explaining,
    )


def _lease_of(item: Item | Unread, facts: Facts) -> LeaseFact | None:
    return None if isinstance(item, Time) else facts.leases.get(item.lease or 0)


def _known(fact: KeyFact, sent: Sent) -> Outcome:
    if fact.body_hash != sent.digest:
        return Outcome(fact.key, Status.KEY_REUSED)
    status = Status.TWO_ANSWERS if fact.kind == "other" and fact.open else Status.DUPLICATE
    receipt = None if fact.row is None else receipt_for(fact.row, fact.body_hash)
    return Outcome(fact.key, status, receipt)


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
                plan.questions[index] = (ask, _of_project(facts.leases.get(ask.lease or 0), ask.project))
        case Time() as time:
            if time.project not in facts.projects:
                plan.outcomes[index] = Outcome(time.key, Status.NOT_YOURS)
            else:
                plan.times[index] = time
        case Unread() as unread:
            plan.raw[index] = _raw(sent, tuple(unread.why), facts)


def _of_project(lease: LeaseFact | None, project: uuid.UUID) -> LeaseFact | None:
    """A question is about a task of its own project, or about none."""
    return lease if lease and lease.project == project else None


def _raw(sent: Sent, why: tuple[str, ...], facts: Facts) -> Raw:
    lease, named = _lease_of(sent.item, facts), getattr(sent.item, "project", None)
    project = lease.project if lease else named if named in facts.projects else None
    return Raw(sent, why, lease, project)


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
        plan.raw[index] = _raw(sent, (reason("schema_version", SCHEMA_UNKNOWN),), facts)
        return
    problems = form.problems(answer.result)
    if problems:
        why = tuple(str(one) for one in problems)
        plan.outcomes[index] = Outcome(answer.key, Status.INVALID, why=why)
        return
    _place_answer(plan, index, NewAnswer(answer, sent.digest, lease, late=False), facts)


def _place_answer(plan: Plan, index: int, new: NewAnswer, facts: Facts) -> None:
    """The newest revision wins in whatever order they come; each number is taken once, and none is lost."""
    lease, number = new.lease, new.answer.revision
    if lease.annotation is None:
        live = facts.projects[lease.project].state != "closed"
        on_time = lease.state == "open" and live
        plan.answers[index] = NewAnswer(new.answer, new.digest, lease, late=not on_time)
    elif number in lease.said:
        same = lease.said[number] == [new.answer.result, new.answer.note]
        plan.others[index] = Other(new, same)
    elif number > (lease.revision or 0):
        plan.revisions[index] = new
    else:
        plan.older[index] = new
    plan.touched.add(lease.lease)


def _skip(plan: Plan, index: int, skip: Skip, facts: Facts) -> None:
    lease = facts.leases.get(skip.lease)
    if lease is None or lease.project not in facts.projects:
        plan.outcomes[index] = Outcome(skip.key, Status.NOT_YOURS)
    elif skip.lease in plan.touched:
        plan.outcomes[index] = Outcome(skip.key, Status.AGAIN)
    elif lease.state == "skipped" or lease.reason:
        plan.outcomes[index] = Outcome(skip.key, Status.DUPLICATE)
    else:
        plan.skips[index] = (skip, lease)
        plan.touched.add(lease.lease)
