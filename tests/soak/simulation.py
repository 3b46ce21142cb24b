"""A hundred months, each from its own seed."""

import datetime as dt
import time
from collections import Counter

from palabre.pay import verify as ledger
from palabre.pay.actions import load_fixture
from palabre.people.actor import SYSTEM
from palabre.record.seals import first_problem, keys
from palabre.work.verify import problems
from tests.simulation.invariants import check
from tests.simulation.world import World


def main(tries: int = 100, seed: int = 1, days: int = 30) -> int:
    """Prints tries, failures and seed; returns the number of failures."""
    keys(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))  # in force before the first of the drawn dates
    load_fixture(by=SYSTEM, at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    began, failures, statuses = time.monotonic(), 0, Counter[str]()
    for number in range(seed, seed + tries):
        world = World(number, days=days)
        try:
            world.live()
            check(world)
        except AssertionError as error:
            failures += 1
            print(f"FAILED seed {number}: {error}")
        statuses.update(world.statuses)
    broken = [*problems(), *ledger.problems()]
    first = first_problem(at=dt.datetime.now(dt.UTC))
    broken += [str(first)] if first else []
    for problem in broken:
        print(f"FAILED at the end: {problem}")
    seconds = time.monotonic() - began
    print(
        f"simulation: {tries} seeds from {seed} x {days} days, {sum(statuses.values())} items"
        f" {dict(sorted(statuses.items()))}, {failures + len(broken)} failures, {seconds:.0f} s"
    )
    return failures + len(broken)
