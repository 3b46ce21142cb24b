"""Two months in the suite; `./run soak simulation` lives a hundred."""

import datetime as dt

import pytest

from palabre.pay import verify as ledger
from palabre.pay.actions import load_fixture
from palabre.people.actor import SYSTEM
from palabre.record.seals import first_problem
from palabre.work.verify import problems
from tests.simulation.invariants import check
from tests.simulation.world import World


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_breaks_no_invariant(seed: int) -> None:
    load_fixture(by=SYSTEM, at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    world = World(seed, days=12)
    world.live()
    check(world)
    assert list(problems()) == []
    assert list(ledger.problems()) == []
    assert first_problem(at=world.clock.now()) is None
