"""Take what a device sends: answers, skips, questions and time, in one transaction."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection, transaction

from palabre.errors import NotFound
from palabre.money import ceil_minor
from palabre.pay.actions import credit_base_pay, open_account, spendable
from palabre.pay.models import LedgerAccount
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.record.actions import record
from palabre.times import moved
from palabre.timesheet.actions import Counted, record_time
from palabre.timesheet.figures import figures
from palabre.timesheet.models import Source
from palabre.transactions import retried
from palabre.work.errors import BadSync
from palabre.work.queries.versions import result_form_of
from palabre.work.sync import write
from palabre.work.sync.facts import Facts, LeaseFact, gather
from palabre.work.sync.items import MOST_ITEMS, Ask, Time, Unread, digest, read
from palabre.work.sync.judge import NewAnswer, Plan, Sent, judge
from palabre.work.sync.outcome import Outcome, Status, receipt_for
from palabre.work.sync.reasons import in_words
from palabre.work.sync.said import Said, described, digested, timed
from palabre.work.sync.times import Times, readings
from palabre.work.sync.write import Written

# Project, version of its guideline, milliseconds. Transaction, charge, currency, minor units.
Read = tuple[uuid.UUID, int, int]
Paid = tuple[int | None, int, str, int]


@retried
@transaction.atomic
def sync(
    outbox: Sequence[object],
    *,
    device_now: dt.datetime,
    source: Source = Source.DEVICE,
    by: Actor,
    at: dt.datetime,
) -> list[Outcome]:
    """Store an outbox and answer item by item, in its order.

    The rules (reference of the workbench, section 2): the same key with the same content is
    answered as the first time; with other content it is refused by name. A late answer is kept
    and paid; it counts when its task still has a free place. An answer that does not fit its
    schema stays with the member; one that can't be read is kept for a person. Of her answers to one
    task the newest revision wins in any order and all are kept; two with the same number are both
    kept until a person chooses. Time is counted first, whatever becomes of its item. `device_now` is
    what the device's clock says while sending: a wrong clock shifts times, it refuses nothing.
    Base pay is credited at once, whatever the quality. One event says all that was written, or one for each operator
    whose projects were touched.

    Raises: NotAllowed, NotFound (no member), BadSync (no list, or more than 50 items).
    """
    by.require(Permission.WORK)
    if len(outbox) > MOST_ITEMS:
        raise BadSync(path="items", most=MOST_ITEMS)
    if by.account is None:
        raise NotFound()
    sent = [Sent(read(raw), digest(raw), raw) for raw in outbox]
    facts = _facts(by, sent)
    plan = judge(sent, facts, result_form_of)
    return _Sync(by.account, by, facts, plan, at - device_now, source, at).run(sent)


def _facts(by: Actor, sent: Sequence[Sent]) -> Facts:
    items = [one.item for one in sent]
    leases = [item.lease for item in items if not isinstance(item, Time) and item.lease]
    keys = [item.key for item in items if item.key is not None]
    projects = [item.project for item in items if isinstance(item, Ask | Time | Unread) and item.project]
    readings_sent = [key for item in items for key in readings(item.slices)]
    return gather(by, leases, keys, projects, readings_sent)


class _Sync:
    """The writing half of `sync`: one instance for one call."""

    def __init__(
        self,
        member: uuid.UUID,
        by: Actor,
        facts: Facts,
        plan: Plan,
        offset: dt.timedelta,
        source: Source,
        at: dt.datetime,
    ) -> None:
        self.member, self.by, self.facts, self.plan = member, by, facts, plan
        self.offset, self.source, self.at = offset, source, at
        self.spent: set[uuid.UUID] = set()
        # The operator behind each account that is charged.
        self.payers: dict[int, uuid.UUID] = {}

    def run(self, sent: Sequence[Sent]) -> list[Outcome]:
        plan = self.plan
        submitted = {
            new.answer.key: self._instant(new.answer.answered_at, new.lease)
            for new in (
                *plan.answers.values(),
                *plan.revisions.values(),
                *plan.older.values(),
                *(other.new for other in plan.others.values()),
            )
        }
        written = self._answers(submitted)
        self._find_spent(written)
        write.revise(list(plan.revisions.values()), submitted, self.at)
        write.keep_older(self.member, list(plan.older.values()), submitted, self.at)
        others = write.keep_others(self.member, list(plan.others.values()), submitted, self.at)
        write.skip(list(plan.skips.values()), self.at)
        flagged = write.flag(self.member, list(plan.flags.values()), self.at)
        asked = write.ask(self.member, list(plan.questions.values()), self.at)
        keyed = sorted(plan.skips.keys() | plan.flags.keys() | plan.questions.keys() | plan.times.keys())
        write.keep_keys(self.member, [sent[index] for index in keyed], self.at)
        kept = list(plan.raw.values())
        raw = write.keep_raw(self.member, kept, self.facts.projects, self.by.organisation, self.at)
        done = {new.lease.lease for new in plan.answers.values()} | {
            one.lease for _, one in plan.skips.values()
        }
        write.mark_explained(plan.explained - done)
        counted, read_now = self._timed(written)
        paid = self._pay(written)
        self._mark_due(counted, written)
        self._note(written, others, flagged, asked, counted, read_now, paid)
        self._outcomes(written, raw)
        return [plan.outcomes[index] for index in range(len(sent))]

    def _instant(self, device: dt.datetime, lease: LeaseFact) -> dt.datetime:
        """When she answered, by the server's clock: not before the lease, not after now."""
        return min(max(moved(device, self.offset), lease.leased_at), self.at)

    def _answers(self, submitted: dict[uuid.UUID, dt.datetime]) -> list[Written]:
        answers = list(self.plan.answers.values())
        places = {new.lease.task: new.lease.place for new in answers if not new.late}
        late = sorted(new.lease.task for new in answers if new.late and self._open(new))
        places |= write.take_places(late)
        write.give_back([new.lease for new in answers if new.late and new.lease.state == "open"])
        return write.insert_answers(self.member, answers, places, self.facts, submitted, self.at)

    def _open(self, new: NewAnswer) -> bool:
        return self.facts.projects[new.lease.project].state != "closed"

    def _find_spent(self, written: Sequence[Written]) -> None:
        """Projects whose deposit does not bear what came in now: late answers after money was taken back."""
        cost: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
        days: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
        for one in written:
            if one.place is not None:
                cost[one.new.lease.project] += one.charge
                days[one.new.lease.project].add(self.facts.lived.day_of(one.submitted_at))
        for project, amount in sorted(cost.items()):
            fact = self.facts.projects[project]
            # Each of her days is a row of its own, whose fraction may fill a unit.
            wanted = ceil_minor(amount, fact.currency) + len(days[project]) - 1
            if fact.state != "closed" and spendable(fact.escrow, wanted, fact.left) < wanted:
                self.spent.add(project)

    def _charge(self, project: uuid.UUID, counted: bool) -> int:
        """Who pays: the client for what counts; the operator for what was handed out too often, for what came
        after the close, whatever it is, and where the deposit is spent."""
        fact = self.facts.projects[project]
        bears = counted and fact.state != "closed" and project not in self.spent
        account = (
            fact.escrow
            if bears
            else open_account(LedgerAccount.Kind.PLATFORM, fact.operator, fact.currency).id
        )
        self.payers[account] = fact.operator
        return account

    def _times(self, written: Sequence[Written]) -> Times:
        plan, times = self.plan, Times(self.facts, figures(), self.offset, self.source)
        explaining = {plan.answers[index].answer.key for index in plan.explaining & plan.answers.keys()}
        for one in written:
            lease, answer = one.new.lease, one.new.answer
            charge = self._charge(lease.project, one.place is not None)
            times.of_task(answer.slices, charge, lease, explains=answer.key in explaining)
        for spent in plan.spent:
            charge = self._charge(spent.project, counted=True)
            if spent.lease:
                times.of_task(spent.slices, charge, spent.lease, spent.kind, explains=spent.explains)
            else:
                times.of_project(spent.slices, charge, spent.project, spent.kind)
        return times

    def _timed(self, written: Sequence[Written]) -> tuple[list[Counted], list[Read]]:
        """Her time, counted; and what of the guidelines' first reading was used for it."""
        times = self._times(written)
        counted = record_time(self.member, times.slices, lived=self.facts.lived, at=self.at)
        used: dict[tuple[uuid.UUID, int], int] = defaultdict(int)
        for one in counted:
            for project, version, ms in times.read.get(one.key, ()) if not one.repeated else ():
                used[project, version] += ms
        write.mark_read(self.member, used)
        return counted, [(project, version, ms) for (project, version), ms in sorted(used.items())]

    def _pay(self, written: Sequence[Written]) -> list[Paid]:
        """Credit base pay: one posting for each account that is charged and each of her days."""
        groups: dict[tuple[int, dt.date, str, str], list[Written]] = defaultdict(list)
        for one in written:
            fact = self.facts.projects[one.new.lease.project]
            charge = self._charge(fact.project, one.place is not None)
            day = self.facts.lived.day_of(one.submitted_at)
            groups[charge, day, one.pay_currency, fact.currency].append(one)
        paid: list[Paid] = []
        for (charge, day, currency, charge_currency), group in sorted(groups.items()):
            credit = credit_base_pay(
                member=self.member,
                charge_account=charge,
                day=day,
                currency=currency,
                exact=sum((one.pay for one in group), Decimal(0)),
                exact_charge=sum((one.charge for one in group), Decimal(0)),
                charge_currency=charge_currency,
                key=f"base:{min(one.row for one in group)}:{charge}",
                at=self.at,
            )
            paid.append((credit.transaction_id, charge, currency, credit.credited_minor))
        return paid

    def _mark_due(self, counted: Sequence[Counted], written: Sequence[Written]) -> None:
        """Days with new time are settled again; a credit has marked its own day already."""
        credited = {self.facts.lived.day_of(one.submitted_at) for one in written}
        days = {one.day for one in counted if not one.repeated} - credited
        if days:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO pay_dueday (member_id, day) SELECT %s, unnest(%s::date[])"
                    " ON CONFLICT DO NOTHING",
                    [self.member, sorted(days)],
                )

    def _note(
        self,
        written: Sequence[Written],
        others: Sequence[int],
        flagged: Sequence[uuid.UUID],
        asked: Sequence[uuid.UUID],
        counted: Sequence[Counted],
        read_now: list[Read],
        paid: list[Paid],
    ) -> None:
        """One event for each operator whose work came in, the sender's first: none reads what is another's."""
        said = Said(self.facts.projects, self.payers, self.by.organisation)
        said.of_projects("answers", ((one.new.lease.project, described(one)) for one in written))
        self._say_revisions(said, others)
        self._say_items(said, flagged, asked)
        fresh = (one for one in counted if not one.repeated)
        said.of_charges("time", ((one.charge, timed(one)) for one in fresh))
        said.of_projects("read", ((project, [str(project), *rest]) for project, *rest in read_now))
        said.of_charges("pay", ((charge, [row, charge, *rest]) for row, charge, *rest in paid))
        about = f"member:{self.member}"
        for organisation, data in said.parts():
            record(
                "work.synced", by=self.member, at=self.at, subject=about, organisation=organisation, data=data
            )

    def _say_revisions(self, said: Said, others: Sequence[int]) -> None:
        plan = self.plan
        revised = (*plan.revisions.values(), *plan.older.values())
        beside = zip(others, (other.new for other in plan.others.values()), strict=True)
        said.of_projects(
            "revisions", ((new.lease.project, [new.lease.annotation, *digested(new)]) for new in revised)
        )
        said.of_projects(
            "others",
            ((new.lease.project, [row, new.lease.annotation, *digested(new)]) for row, new in beside),
        )

    def _say_items(self, said: Said, flagged: Sequence[uuid.UUID], asked: Sequence[uuid.UUID]) -> None:
        plan = self.plan
        flags = zip(flagged, plan.flags.values(), strict=True)
        questions = zip(asked, plan.questions.values(), strict=True)
        raw = plan.raw.values()
        said.of_projects(
            "skips", ((lease.project, [skip.lease, skip.reason]) for skip, lease in plan.skips.values())
        )
        said.of_projects(
            "flags", ((lease.project, [str(row), lease.task, flag.reason]) for row, (flag, lease) in flags)
        )
        said.of_projects("questions", ((ask.project, str(row)) for row, (ask, _) in questions))
        said.of_projects(
            "raw", ((one.project, [str(one.sent.item.key), one.sent.digest.hex()]) for one in raw)
        )

    def _outcomes(self, written: Sequence[Written], raw: dict[uuid.UUID, int]) -> None:
        plan, stored = self.plan, {one.new.answer.key: one for one in written}
        for index, new in plan.answers.items():
            status = Status.LATE if new.late else Status.STORED
            receipt = receipt_for(stored[new.answer.key].row, new.digest)
            plan.outcomes[index] = Outcome(new.answer.key, status, receipt)
        for index, new in plan.revisions.items():
            receipt = receipt_for(new.lease.annotation or 0, new.digest)
            plan.outcomes[index] = Outcome(new.answer.key, Status.STORED, receipt)
        for index, new in plan.older.items():
            receipt = receipt_for(new.lease.annotation or 0, new.digest)
            plan.outcomes[index] = Outcome(new.answer.key, Status.SUPERSEDED, receipt)
        for index, other in plan.others.items():
            receipt = receipt_for(other.new.lease.annotation or 0, other.new.digest)
            status = Status.SUPERSEDED if other.same else Status.TWO_ANSWERS
            plan.outcomes[index] = Outcome(other.new.answer.key, status, receipt)
        for index, (skip, lease) in plan.skips.items():
            plan.outcomes[index] = Outcome(skip.key, Status.STORED if lease.state == "open" else Status.LATE)
        for index, (flag, _) in plan.flags.items():
            plan.outcomes[index] = Outcome(flag.key, Status.STORED)
        for index, (ask, _) in plan.questions.items():
            plan.outcomes[index] = Outcome(ask.key, Status.STORED)
        for index, time in plan.times.items():
            plan.outcomes[index] = Outcome(time.key, Status.STORED)
        for index, one in plan.raw.items():
            key = one.sent.item.key
            kept = receipt_for(raw[key], one.sent.digest) if key else None
            plan.outcomes[index] = Outcome(key, Status.STORED_RAW, kept, tuple(map(in_words, one.why)))
