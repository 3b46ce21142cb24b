"""The ledger under several threads: credits, deposits, payouts, repeats and takings of more than there is.

Each thread keeps a plain account book of what was acknowledged to it. Members of its own are worked on by it
alone, so it knows to the unit what must be refused; the shared ones are everybody's. At the end all books
together, counted from zero, are what the database says.
"""

import datetime as dt
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random

from django.db import connection

from palabre.money import Money
from palabre.pay import verify
from palabre.pay.actions import (
    Move,
    advance_payout,
    credit_base_pay,
    name_destination,
    open_account,
    post,
    record_deposit,
    request_payout,
)
from palabre.pay.destinations import Wanted
from palabre.pay.errors import KeyReused, NotEnoughMoney
from palabre.pay.models import Accrual, LedgerAccount, Payout
from palabre.pay.providers import Outcome
from palabre.pay.queries import balances
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Account, Residence, Role

AT = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
DAYS = [dt.date(2026, 3, 2) + dt.timedelta(days=number) for number in range(30)]
FUNDED = 10**9  # what is on each escrow at the beginning: more than all credits take
Kind = LedgerAccount.Kind
Slot = tuple[uuid.UUID, dt.date, int]


@dataclass
class Book:
    """What one thread was told, in sums that anyone can redo."""

    exact: dict[Slot, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    charged: dict[Slot, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    credited: dict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))
    taken: dict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))
    deposited: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def balance(self, member: uuid.UUID) -> int:
        return self.credited[member] - self.taken[member]


class Drawn:
    """A provider that pays or fails as drawn."""

    def __init__(self, outcome: Payout.State) -> None:
        self.outcome = Outcome(outcome)

    def send(self, reference: uuid.UUID, *, member: uuid.UUID, amount: Money) -> Outcome:  # noqa: ARG002
        return self.outcome

    def status(self, reference: uuid.UUID) -> Outcome:  # noqa: ARG002
        return self.outcome


class Writer(threading.Thread):
    """One of the threads. It counts as a failure whatever the rules don't foresee."""

    def __init__(self, number: int, seed: int, tries: int, world: "World") -> None:
        super().__init__()
        self.chance = Random(f"{seed} {number}")
        self.name = f"{seed}-{number}"
        self.tries, self.world, self.own = tries, world, set(world.own[number])
        self.members = [*world.own[number], *world.shared]
        self.book, self.counts, self.failures = Book(), Counter[str](), list[str]()
        self.open: list[tuple[uuid.UUID, uuid.UUID, int]] = []
        self.repeats: list[Callable[[], None]] = []

    def run(self) -> None:
        with connection.cursor() as cursor:
            # Not about power cuts (that is `crashes`): thousands of commits needn't wait for the disk.
            cursor.execute("SET synchronous_commit TO off")
        steps = [self.credit, self.take, self.deposit, self.finish, self.repeat]
        try:
            for number in range(self.tries):
                step = self.chance.choices(steps, weights=[13, 3, 1, 1, 2])[0]
                try:
                    step(number)
                except Exception as error:  # noqa: BLE001 - every surprise is a finding of this run
                    self.failures.append(f"{step.__name__} {self.name} {number}: {error!r}")
        finally:
            connection.close()

    def later(self, repeat: Callable[[], None]) -> None:
        """Keep an operation to send it again, now or long after."""
        if len(self.repeats) < 100:
            self.repeats.append(repeat)
        else:
            self.repeats[self.chance.randrange(100)] = repeat

    def refused(self, action: Callable[[], object], error: type[Exception], why: str) -> None:
        try:
            action()
        except error:
            self.counts[f"refused: {why}"] += 1
        else:
            self.failures.append(f"{why} was let through in {self.name}")

    def credit(self, number: int) -> None:
        member, day = self.chance.choice(self.members), self.chance.choice(DAYS)
        charge, currency = self.chance.choice(self.world.escrows)
        exact = Decimal(self.chance.randrange(3 * 10**8)).scaleb(-8)
        exact_charge = Decimal(self.chance.randrange(10**7)).scaleb(-8)

        def send() -> int:
            return credit_base_pay(
                member=member,
                charge_account=charge,
                day=day,
                currency="XOF",
                exact=exact,
                exact_charge=exact_charge,
                charge_currency=currency,
                key=f"base {self.name} {number}",
                at=AT,
            ).credited_minor

        credited = send()
        self.book.credited[member] += credited
        self.book.exact[member, day, charge] += exact
        self.book.charged[member, day, charge] += exact_charge
        self.counts["credits"] += 1
        if credited:
            self.later(lambda: self.refused(send, KeyReused, "a credit sent twice"))

    def take(self, _number: int) -> None:
        member, payout = self.chance.choice(self.members), uuid.UUID(int=self.chance.getrandbits(128))
        amount = self.chance.randint(1, 2 * max(self.book.balance(member), 1) + 5)
        by = Actor(member, None, frozenset({Role.MEMBER}))

        def send(amount: int = amount) -> Payout:
            return request_payout(payout, amount, "XOF", by=by, at=AT)

        enough = amount <= self.book.balance(member)
        try:
            send()
        except NotEnoughMoney:
            self.counts["refused: more than there is"] += 1
            if member in self.own and enough:
                self.failures.append(
                    f"{amount} refused in {self.name} with {self.book.balance(member)} there"
                )
            return
        if member in self.own and not enough:
            self.failures.append(f"{amount} taken in {self.name} from {self.book.balance(member)}")
        self.book.taken[member] += amount
        self.open.append((payout, member, amount))
        self.counts["payouts"] += 1
        self.later(lambda: self.same(send, payout, "payouts sent twice"))
        self.later(lambda: self.refused(lambda: send(amount + 1), KeyReused, "another payout under its key"))

    def deposit(self, number: int) -> None:
        escrow, currency = self.chance.choice(self.world.escrows)
        amount, reference = self.chance.randint(1, 10**6), f"{self.name} {number}"

        def send(amount: int = amount) -> int:
            project = self.world.project
            return record_deposit(project, escrow, amount, currency, reference, by=SYSTEM, at=AT)

        first = send()
        self.book.deposited[escrow] += amount
        self.counts["deposits"] += 1
        self.later(lambda: self.same(send, first, "deposits sent twice"))
        self.later(lambda: self.refused(lambda: send(amount + 1), KeyReused, "another deposit under its key"))

    def same(self, send: Callable[[], object], first: object, what: str) -> None:
        answer = send()
        self.counts[what] += 1
        if (answer.id if isinstance(answer, Payout) else answer) != first:
            self.failures.append(f"{what} in {self.name}: another answer")

    def finish(self, _number: int) -> None:
        """A payout ends, or is unknown and asked about; nobody has earned anything meanwhile: repeat instead."""
        if not self.open:
            return
        place = self.chance.randrange(len(self.open))
        payout, member, amount = self.open[place]
        state = self.chance.choice([Payout.State.PAID, Payout.State.FAILED, Payout.State.UNKNOWN])
        advance_payout(payout, Drawn(state), at=AT)
        self.counts[f"payouts {state}"] += 1
        if state == Payout.State.FAILED:
            self.book.taken[member] -= amount
        if state != Payout.State.UNKNOWN:
            self.open.pop(place)

    def repeat(self, _number: int) -> None:
        if self.repeats:
            self.chance.choice(self.repeats)()


class World:
    """Two escrows, members that are one thread's, and members that are everybody's."""

    def __init__(self, threads: int) -> None:
        self.project = uuid.uuid4()
        self.escrows = [
            (open_account(Kind.ESCROW, self.project, currency).id, currency) for currency in ("EUR", "XOF")
        ]
        for escrow, currency in self.escrows:
            world = open_account(Kind.WORLD, None, currency).id
            moves = [Move(world, currency, -FUNDED), Move(escrow, currency, FUNDED)]
            post(f"funded {escrow}", "deposit", moves, by=SYSTEM, at=AT)
        self.own = [[_member() for _ in range(3)] for _ in range(threads)]
        self.shared = [_member() for _ in range(3)]


def _member() -> uuid.UUID:
    account = Account.objects.create(created_at=AT)
    Residence.objects.create(account=account, country="SN", timezone="Africa/Dakar", since=AT)
    open_account(Kind.PAYABLE, account.id, "XOF")
    here = Wanted("cash", "SN", place="Centre")
    by = Actor(account.id, None, frozenset({Role.MEMBER}))
    name_destination(here, proved_at=AT, by=by, at=AT)
    return account.id


def recount(world: World, books: list[Book]) -> list[str]:
    """What differs between the books, counted from zero, and the database."""
    exact, charged = _sums([book.exact for book in books]), _sums([book.charged for book in books])
    taken = _sums([book.taken for book in books])
    deposited = _sums([book.deposited for book in books])
    expected: dict[str, int] = defaultdict(int)
    for (member, _day, charge), amount in exact.items():
        cents = 100 if charge == world.escrows[0][0] else 1
        expected[f"payable {member}"] += int(amount.to_integral_value(ROUND_CEILING))
        whole = (charged[member, _day, charge] * cents).to_integral_value(ROUND_FLOOR)
        expected[f"escrow {charge}"] -= int(whole)
    for member, amount in taken.items():
        expected[f"payable {member}"] -= amount
    for escrow, _currency in world.escrows:
        expected[f"escrow {escrow}"] += FUNDED
    for escrow, amount in deposited.items():
        expected[f"escrow {escrow}"] += amount
    found = _found(world)
    off = [
        f"{name}: {expected[name]} expected, {found[name]} there"
        for name in found
        if expected[name] != found[name]
    ]
    return off + _accruals(exact, charged) + list(verify.problems())


def _sums(parts: list[dict]) -> dict:  # type: ignore[type-arg]
    total: dict = defaultdict(int)  # type: ignore[type-arg]
    for part in parts:
        for key, amount in part.items():
            total[key] += amount
    return total


def _found(world: World) -> dict[str, int]:
    members = [member for group in (*world.own, world.shared) for member in group]
    payables = LedgerAccount.objects.filter(kind=Kind.PAYABLE, owner__in=members)
    names = {account.id: f"payable {account.owner}" for account in payables}
    names |= {escrow: f"escrow {escrow}" for escrow, _currency in world.escrows}
    return {names[number]: amount for number, amount in balances(names).items()}


def _accruals(exact: dict[Slot, Decimal], charged: dict[Slot, Decimal]) -> list[str]:
    rows = Accrual.objects.values_list("member_id", "day", "charge_id", "exact", "exact_charge")
    kept = {(member, day, charge): (a, b) for member, day, charge, a, b in rows}
    return [
        f"accrual {slot}: {kept.get(slot)} kept"
        for slot in exact
        if kept.get(slot) != (exact[slot], charged[slot])
    ]


def main(tries: int = 200_000, seed: int = 1, threads: int = 3) -> int:
    """Prints what was done, refused and repeated; returns the number of failures."""
    world = World(threads)
    connection.close()  # the pool has as many connections as there are threads
    writers = [Writer(number, seed, tries // threads, world) for number in range(threads)]
    began = time.monotonic()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seconds = time.monotonic() - began
    failures = [failure for writer in writers for failure in writer.failures]
    failures += recount(world, [writer.book for writer in writers])
    for failure in failures[:20]:
        print(f"FAILED {failure}")
    counts = sum((writer.counts for writer in writers), Counter[str]())
    refusals = sum(count for what, count in counts.items() if what.startswith("refused"))
    repeats = sum(count for what, count in counts.items() if "twice" in what or "under its key" in what)
    print(f"ledger: {dict(sorted(counts.items()))}")
    print(
        f"ledger: {tries} tries from {threads} threads, seed {seed}: {refusals} refusals, {repeats} repeats,"
        f" {len(failures)} failures, {seconds:.0f} s ({tries / seconds:.0f}/s)"
    )
    return len(failures)
