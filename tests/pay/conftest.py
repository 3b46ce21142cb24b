"""Money and floors for the tests of this room; people come from the cast."""

import datetime as dt
import uuid
from dataclasses import dataclass

import pytest

from palabre.pay.actions import Move, load_fixture, open_account, payer_of, post
from palabre.pay.models import Destination, DueDay, LedgerAccount
from palabre.people.actor import SYSTEM, Actor
from palabre.people.models import Account, Residence
from palabre.timesheet.models import Kind as TimeKind
from palabre.timesheet.models import Source, TimeEntry
from tests.pay.leading import lead

Kind = LedgerAccount.Kind
DAY = dt.date(2026, 3, 2)  # a Monday
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
NEXT_DAY = dt.datetime(2026, 3, 3, 0, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 12, 1, 0, 0, tzinfo=dt.UTC)
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Book:
    """An outside and a project's escrow in one currency."""

    currency: str
    project: uuid.UUID
    world: int
    escrow: int

    def fund(self, amount: int) -> None:
        moves = [Move(self.world, self.currency, -amount), Move(self.escrow, self.currency, amount)]
        post(f"fund {uuid.uuid4()}", "deposit", moves, by=SYSTEM, at=NOON)


def book(currency: str) -> Book:
    project = uuid.uuid4()
    return Book(
        currency,
        project,
        open_account(Kind.WORLD, None, currency).id,
        open_account(Kind.ESCROW, project, currency).id,
    )


def new_member(country: str = "SN", timezone: str = "Africa/Dakar", region: str = "") -> uuid.UUID:
    account = Account.objects.create(created_at=NOON)
    Residence.objects.create(account=account, country=country, region=region, timezone=timezone, since=NOON)
    return account.id


def payable(member: uuid.UUID, currency: str = "XOF") -> LedgerAccount:
    """Her account with the operator that she asks for payouts; a member without a role has one of nobody's."""
    operator = payer_of(Actor(account=member, organisation=None, roles=frozenset()))
    return open_account(Kind.PAYABLE, member, currency, owed_by=operator)


def give(member: uuid.UUID, amount: int, currency: str = "XOF", at: dt.datetime = NOON) -> None:
    """Money on a member's account, from outside; and where it may go, if she has not said that yet."""
    if not Destination.objects.filter(member_id=member).exists():
        lead(member, at=at)
    world, hers = open_account(Kind.WORLD, None, currency), payable(member, currency)
    moves = [Move(world.id, currency, -amount), Move(hers.id, currency, amount)]
    post(f"gift {uuid.uuid4()}", "gift", moves, by=SYSTEM, at=at)


def work(
    member: uuid.UUID, charge: int, milliseconds: int, *, kind: str = TimeKind.TASK, day: dt.date = DAY
) -> None:
    """Counted time of a member's day, which is due from then on."""
    started = dt.datetime.combine(day, dt.time(9), dt.UTC)
    TimeEntry.objects.create(
        member_id=member,
        kind=kind,
        source=Source.DEVICE,
        charge=charge,
        started_at=started,
        ended_at=started,
        measured_ms=milliseconds,
        counted_ms=milliseconds,
        day=day,
        received_at=started,
    )
    DueDay.objects.get_or_create(member_id=member, day=day)


FUNDED = 10**6


def funded(one: Book) -> Book:
    """With far more on it than any test of base pay takes."""
    one.fund(FUNDED)
    return one


@pytest.fixture
def xof(db: None) -> Book:
    return book("XOF")


@pytest.fixture
def eur(db: None) -> Book:
    return book("EUR")


@pytest.fixture
def someone(db: None) -> uuid.UUID:
    """A member in Dakar."""
    return new_member()


@pytest.fixture
def floors(db: None) -> None:
    load_fixture(by=SYSTEM, at=LATER)
