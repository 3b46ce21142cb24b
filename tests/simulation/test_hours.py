"""A few seeds of the hour that counts; `./run soak hours` lives thousands."""

import datetime as dt
import uuid
from random import Random
from zoneinfo import ZoneInfo

import pytest

from palabre.pay.actions import load_fixture
from palabre.pay.queries import lived_by
from palabre.people.actor import SYSTEM
from palabre.timesheet.actions import Slice, record_time
from palabre.timesheet.models import Correction, TimeEntry
from palabre.work.actions.leases import lease_tasks
from palabre.work.actions.sync import sync
from palabre.work.models import Handout
from palabre.work.verify import problems
from tests.cast import Cast
from tests.simulation.hours import FIGURES, Astray, Dishonest, Honest, Slow
from tests.simulation.world import World


@pytest.mark.parametrize("seed", range(5))
def test_what_is_paid_beyond_what_was_worked_never_passes_the_figures(seed: int) -> None:
    Dishonest(seed, days=3).live()


@pytest.mark.parametrize("seed", range(5))
def test_an_honest_member_loses_nothing_in_any_weather(seed: int) -> None:
    lived = Honest(seed, days=3).live()
    assert lived.paid == lived.worked


# Lives of three days in which something waits for a person, but for the honest one's.
SEED_OF = {Honest: 1023, Slow: 1023, Astray: 10}


# In these weeks a slice with a wrong date took the place of a later session.
@pytest.mark.parametrize("seed", [1016, 1023, 1027, 1058])
def test_nobody_is_needed_where_a_wrong_date_stood_beside_right_ones(seed: int) -> None:
    lived = Honest(seed).live()
    assert (lived.waits, lived.paid) == (0, lived.worked)


@pytest.mark.parametrize("seed", range(5))
def test_who_is_slower_than_the_figures_loses_nothing(seed: int) -> None:
    lived = Slow(seed, days=3).live()
    assert lived.paid + lived.waits == lived.worked


def test_a_clock_wrong_by_hours_loses_nothing() -> None:
    """Set before it sent, so that its dates look right: all is paid or stands before a person, to the millisecond."""
    lives = [Astray(seed).live() for seed in range(120)]
    assert [one.seed for one in lives if one.paid + one.waits != one.worked] == []
    assert any(one.waits for one in lives)


@pytest.mark.django_db
@pytest.mark.parametrize("life", [Honest, Slow, Astray])
def test_the_database_counts_a_life_as_the_rule_does(cast: Cast, life: type[Honest]) -> None:
    member = cast.member

    class Stored(life):  # type: ignore[valid-type, misc]
        def send(self, slices: list[Slice]) -> None:
            super().send(slices)
            record_time(member.account, slices, lived=lived_by(member.account), at=self.now)

    world = Stored(SEED_OF[life], days=3)
    world.zone = ZoneInfo("Africa/Dakar")
    lived = world.live()
    waiting = Correction.objects.filter(member=member.account, state="waiting")
    assert sum(TimeEntry.objects.values_list("counted_ms", flat=True)) == lived.paid
    assert sum(waiting.values_list("delta_ms", flat=True)) == lived.waits
    assert (lived.waits > 0) == (life is not Honest)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_forged_outboxes_come_to_no_more_than_the_figures_in_the_database(seed: int) -> None:
    """Everything through the door of the devices: forged, replayed, edited, for tasks of others, again and again."""
    load_fixture(by=SYSTEM, at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    world, chance = World(seed, days=1), Random(seed)
    thief, other = world.devices[0].member, world.devices[1].member
    first = world.clock.now()
    theirs = [one.lease for one in lease_tasks(world.project.id, count=5, by=other, at=first).tasks]
    answered = set[int]()
    for _ in range(12):
        at = world.clock.advance(dt.timedelta(hours=chance.randint(1, 9)))
        hers = [one.lease for one in lease_tasks(world.project.id, count=3, by=thief, at=at).tasks]
        answered |= set(hers)
        items = [_forged(chance, world, chance.choice([*hers, *theirs]), at) for _ in range(20)]
        for _ in range(2):
            sync(items, device_now=at, by=thief, at=at)
    counted = sum(TimeEntry.objects.filter(member=thief.account).values_list("counted_ms", flat=True))
    allowed = len(answered) * 3 * FIGURES.explained_by(world.project.seconds_per_task) + 2 * FIGURES.week_ms
    assert 0 < counted <= allowed
    assert not TimeEntry.objects.filter(member=other.account).exists()
    assert TimeEntry.objects.earliest("started_at").started_at >= Handout.objects.earliest(
        "at"
    ).at - dt.timedelta(minutes=2)
    assert Correction.objects.filter(member=thief.account, state="waiting").exists()
    assert list(problems()) == []


def _forged(chance: Random, world: World, lease: int, at: dt.datetime) -> dict[str, object]:
    def key() -> str:
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))

    began = chance.choice(
        ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", at.isoformat()]
    )
    slices: list[dict[str, object]] = [
        {
            "key": key(),
            "kind": chance.choice(["task", "reading", "question", "outage", "meeting", "payment", "review"]),
            "started_at": began,
            "ms": chance.choice([1, 1_000, 3_600_000, 86_400_000, 2**31 - 1]),
        }
        for _ in range(chance.randint(1, 5))
    ]
    value = {
        "id": "r",
        "from_name": "label",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["neutral"]},
    }
    shape = chance.choice(["answer", "skip", "flag", "time", "question"])
    item: dict[str, object] = {"type": shape, "key": key(), "slices": slices}
    if shape == "answer":
        item |= {"lease": lease, "revision": chance.randint(1, 9), "result": [value], "answered_at": began}
        return item | {"schema_version": 1, "guideline_version": 1}
    if shape in ("skip", "flag"):
        return item | {"lease": lease, "reason": "other"}
    return item | {"project": str(world.project.id)} | ({"text": "?"} if shape == "question" else {})
