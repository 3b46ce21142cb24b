import pytest

from palabre.pay.jobs import run_settlements
from palabre.times import ManualClock
from tests.impact.tiny import CLOSED, Tiny, legal_minimum, tiny_project


@pytest.fixture
def tiny(db: None) -> Tiny:
    """Closed and settled."""
    legal_minimum()
    project = tiny_project()
    run_settlements(ManualClock(CLOSED))
    return project


@pytest.fixture
def trio(db: None) -> Tiny:
    """The same with three members: too few for any figure over people."""
    legal_minimum()
    project = tiny_project(members=3)
    run_settlements(ManualClock(CLOSED))
    return project
