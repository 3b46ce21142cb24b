"""A month in the life of a small community, drawn from one seed: any failure can be replayed.

Devices lose answers, send twice, late, in another order and in pieces; their clocks are wrong; leases run
out; members skip, change their minds, ask for their money and for more than there is; the provider of
payments is slow, refuses, or does not answer. Every rule takes its time and its chance from here.
"""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from palabre.errors import PalabreError
from palabre.money import Money
from palabre.pay.actions import name_destination, open_account, record_deposit, request_payout
from palabre.pay.destinations import Wanted
from palabre.pay.jobs import run_payouts, run_settlements
from palabre.pay.models import LedgerAccount, Payout
from palabre.pay.providers import Outcome, ProviderUnreachableError
from palabre.pay.queries import member_balances, oneself
from palabre.people.actions import Home, PersonalFields, add_organisation, add_person
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Organisation, Role
from palabre.record.jobs import run_seals
from palabre.times import ManualClock
from palabre.work.actions.leases import lease_tasks, return_expired_leases
from palabre.work.actions.sync import sync
from palabre.work.models import Batch, Guideline, LabelSchema, Project, Task
from palabre.work.sync.items import MOST_ITEMS

LABELS = ("positive", "negative", "neutral")
PLACES = (
    ("SN", "Africa/Dakar", "XOF", "1.02923611", "0.00156906"),
    ("CM", "Africa/Douala", "XAF", "0.96153846", "0.00146589"),
    ("FR", "Europe/Paris", "EUR", "0.03338889", "0.03338889"),
)
SCHEMA = {
    "shows": [{"name": "text", "type": "text", "field": "$text", "lang": "fr"}],
    "asks": [
        {
            "name": "label",
            "type": "choices",
            "to": "text",
            "choice": "single",
            "required": True,
            "labels": [{"value": value, "title": {"fr": value, "en": value}} for value in LABELS],
        }
    ],
}


class Rail:
    """A provider of payments with a memory of its own, against which ours is held."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.sent: dict[uuid.UUID, Money] = {}
        self.fate: dict[uuid.UUID, Payout.State] = {}
        self.sent_twice = 0

    def send(self, reference: uuid.UUID, *, member: uuid.UUID, amount: Money) -> Outcome:
        if self.chance.random() < 0.1:
            raise ProviderUnreachableError("before it heard us")
        self.sent_twice += reference in self.sent
        self.sent[reference] = amount
        self.fate[reference] = self.chance.choice([Payout.State.PAID, Payout.State.PAID, Payout.State.FAILED])
        if self.chance.random() < 0.2:
            raise ProviderUnreachableError("after it heard us")
        return Outcome(Payout.State.PENDING)

    def status(self, reference: uuid.UUID) -> Outcome:
        if self.chance.random() < 0.2:
            raise ProviderUnreachableError("no answer")
        if reference not in self.fate:
            return Outcome(Payout.State.UNKNOWN)
        return Outcome(self.fate[reference], "as drawn")


@dataclass
class Device:
    """A phone: what it holds, what waits in its outbox, how wrong its clock is."""

    member: Actor
    currency: str
    offset: dt.timedelta
    leases: dict[int, int] = field(default_factory=dict)  # lease -> revision answered
    outbox: list[dict[str, object]] = field(default_factory=list)
    free_at: dt.datetime | None = None


@dataclass
class World:
    """One seed's installation: `live(days)` lets time pass, `acknowledged` is what devices were promised."""

    seed: int
    days: int = 30
    chance: Random = field(init=False)
    clock: ManualClock = field(init=False)
    acknowledged: dict[uuid.UUID, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refusals: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        start = dt.datetime(2026, 3, 2, 6, 0, tzinfo=dt.UTC) + dt.timedelta(days=self.chance.randrange(60))
        self.clock = ManualClock(start)
        self.rail = Rail(self.chance)
        operator = add_organisation(
            Organisation.Kind.OPERATOR, f"Simulation {self.seed}", "SN", "UTC", by=SYSTEM, at=start
        )
        self.project = self._project(operator)
        self.devices = [self._device(operator, number) for number in range(self.chance.randint(3, 5))]

    def _project(self, operator: Organisation) -> Project:
        at, tasks = self.clock.now(), self.chance.randint(60, 160)
        project = Project.objects.create(
            operator=operator,
            client=operator,
            name=f"Simulation {self.seed}",
            purpose="Simulation",
            currency="EUR",
            overlap=self.chance.randint(1, 3),
            seconds_per_task=10,
            state="live",
            lease_hours=self.chance.choice([24, 72]),
            rates={
                country: {"currency": money, "pay": pay, "charge": charge}
                for country, _, money, pay, charge in PLACES
            },
            created_at=at,
            launched_at=at,
            without_pilot="Written straight into the tables.",
        )
        project.escrow = open_account(LedgerAccount.Kind.ESCROW, project.id, "EUR", project.operator_id)
        project.save()
        LabelSchema.objects.create(
            project=project, version=1, body=SCHEMA, published_at=at, published_by=operator.id
        )
        Guideline.objects.create(
            project=project, version=1, body="Choose.", changes="", published_at=at, published_by=operator.id
        )
        batch = Batch.objects.create(
            project=project, number=1, name="1", state="open", size=tasks, funded_upto=tasks, created_at=at
        )
        Task.objects.bulk_create(
            Task(
                project=project,
                batch=batch,
                position=n,
                payload={"text": f"t{n}"},
                free=(1 << project.overlap) - 1,
            )
            for n in range(1, tasks + 1)
        )
        # Little enough that top-ups sometimes find the escrow empty.
        record_deposit(
            project.id,
            project.escrow.id,
            self.chance.choice([500, 5_000, 50_000]),
            "EUR",
            f"deposit {self.seed}",
            by=SYSTEM,
            at=at,
        )
        return project

    def _device(self, operator: Organisation, number: int) -> Device:
        country, timezone, currency, _, _ = self.chance.choice(PLACES)
        person = add_person(
            PersonalFields(
                name=f"Member {number}", email=f"m{number}.{self.seed}.{uuid.uuid4().hex[:8]}@example.org"
            ),
            organisation=operator.id,
            roles=[Role.MEMBER],
            language="fr",
            home=Home(country=country, timezone=timezone),
            by=SYSTEM,
            at=self.clock.now(),
        )
        wrong = self.chance.choice([0, 0, 0, 3, -400_000, 90_000_000])
        actor = Actor(person.id, operator.id, frozenset({Role.MEMBER}))
        here = Wanted("cash", country, place="Centre")
        name_destination(here, proved_at=self.clock.now(), by=actor, at=self.clock.now())
        return Device(actor, currency, dt.timedelta(seconds=wrong))

    def live(self) -> None:
        for _ in range(self.days):
            for device in self.devices:
                if self.chance.random() < 0.6:
                    self._work(device)
                if device.outbox and self.chance.random() < 0.7:
                    self._send(device)
                self.clock.advance(dt.timedelta(minutes=self.chance.randint(1, 90)))
            self._night()
            self.clock.advance(dt.timedelta(hours=self.chance.randint(12, 22)))
        self._last_things()

    def _work(self, device: Device) -> None:
        held = lease_tasks(
            self.project.id, count=self.chance.randint(1, 8), by=device.member, at=self.clock.now()
        )
        if self.chance.random() < 0.1:
            return  # the answer was lost on the way: the leases are hers all the same
        for task in held.tasks:
            device.leases.setdefault(task.lease, 0)
        for lease, revision in list(device.leases.items()):
            draw = self.chance.random()
            if revision == 0 and draw < 0.75:
                self._answer(device, lease, 1)
            elif revision == 0 and draw < 0.83:
                device.outbox.append(self._item(device, "skip", lease=lease, reason="unclear"))
                del device.leases[lease]
            elif 0 < revision < 3 and draw < 0.05:
                self._answer(device, lease, revision + 1)
        if self.chance.random() < 0.3:
            device.outbox.append(self._item(device, "time", project=str(self.project.id), kind="reading"))

    def _answer(self, device: Device, lease: int, revision: int) -> None:
        device.leases[lease] = revision
        value = {"choices": [self.chance.choice(LABELS)]}
        result = [{"id": "r", "from_name": "label", "to_name": "text", "type": "choices", "value": value}]
        item = self._item(device, "answer", lease=lease, revision=revision, result=result)
        item |= {"schema_version": 1, "guideline_version": 1}
        device.outbox.append(item)

    def _item(self, device: Device, what: str, kind: str = "task", **rest: object) -> dict[str, object]:
        began = max(self.clock.now(), device.free_at or self.clock.now())
        milliseconds = self.chance.randint(500, 120_000)
        if self.chance.random() < 0.9:  # else a second window: the slices overlap
            device.free_at = began + dt.timedelta(milliseconds=milliseconds)
        on_device = (began + device.offset).isoformat()
        one = {"key": self._key(), "kind": kind, "started_at": on_device, "ms": milliseconds}
        item: dict[str, object] = {"type": what, "key": self._key(), "slices": [one], **rest}
        return item | ({"answered_at": on_device} if what == "answer" else {})

    def _key(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def _send(self, device: Device) -> None:
        if device.free_at is not None and device.free_at > self.clock.now():
            self.clock.advance(device.free_at - self.clock.now())
        part = device.outbox[:MOST_ITEMS]
        if self.chance.random() < 0.2:
            part = part[: self.chance.randint(1, len(part))]
        if self.chance.random() < 0.2:
            self.chance.shuffle(part)
        for attempt in range(self.chance.choice([1, 1, 2, 3])):
            reached = self._post(device, part)
            if reached and (attempt or self.chance.random() < 0.8):  # else the reply is lost
                device.outbox = [item for item in device.outbox if item["key"] not in reached]

    def _post(self, device: Device, part: list[dict[str, object]]) -> set[str]:
        at = self.clock.now()
        outcomes = sync(part, device_now=at + device.offset, by=device.member, at=at)
        reached = set()
        for outcome, item in zip(outcomes, part, strict=True):
            self.statuses[outcome.status] += 1
            if outcome.status in {"stored", "late", "duplicate", "superseded", "two_answers", "stored_raw"}:
                reached.add(str(item["key"]))
            kept = outcome.status in {"stored", "late", "superseded", "two_answers"}
            if item["type"] == "answer" and kept and outcome.key is not None:
                if outcome.key in self.acknowledged:
                    raise AssertionError(f"{outcome.key} was stored twice")
                self.acknowledged[outcome.key] = outcome.receipt or ""
            if outcome.status == "duplicate" and outcome.key in self.acknowledged:
                assert outcome.receipt == self.acknowledged[outcome.key], (
                    "another receipt for the same answer"
                )
        return reached

    def _night(self) -> None:
        return_expired_leases(at=self.clock.now())
        run_settlements(self.clock)
        for device in self.devices:
            if self.chance.random() < 0.15:
                self._withdraw(device)
        run_payouts(self.clock, self.rail)
        if self.chance.random() < 0.3:
            run_seals(self.clock)

    def _withdraw(self, device: Device) -> None:
        there = member_balances(oneself(device.member)).get(device.currency, 0)
        amount = self.chance.choice([there, there // 2, there + 1, 1])
        payout = uuid.UUID(self._key())
        for _ in range(self.chance.choice([1, 1, 3])):
            try:
                request_payout(payout, amount, device.currency, by=device.member, at=self.clock.now())
            except PalabreError:
                self.refusals += 1

    def _last_things(self) -> None:
        """Every device finds a network at last, and every payout an end."""
        for device in self.devices:
            while device.outbox:
                before = len(device.outbox)
                reached = self._post(device, device.outbox[:MOST_ITEMS])
                device.outbox = [item for item in device.outbox if item["key"] not in reached]
                if len(device.outbox) == before:
                    raise AssertionError(f"an outbox that never empties: {device.outbox[0]}")
        self.clock.advance(dt.timedelta(days=2))
        run_settlements(self.clock)
        for _ in range(40):
            self.clock.advance(dt.timedelta(minutes=5))
            run_payouts(self.clock, self.rail)
        while run_seals(self.clock):
            pass
