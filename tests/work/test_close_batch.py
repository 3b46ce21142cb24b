"""A single batch is offered no more."""

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.ids import new_id
from palabre.work.actions.batches import close_batch
from palabre.work.actions.leases import lease_tasks
from palabre.work.errors import BatchIs
from palabre.work.models import Batch, Lease
from tests.work.stage import AT, Stage, events


def test_no_more_is_offered_and_what_is_held_stays(stage: Stage) -> None:
    project = stage.live(tasks=20)
    batch = project.batches.get()
    held = lease_tasks(project.id, count=5, by=stage.cast.member.actor, at=AT)
    assert close_batch(batch.id, by=stage.coordinator.actor, at=AT).state == Batch.State.CLOSED
    more = lease_tasks(
        project.id, count=5, holding=[one.lease for one in held.tasks], by=stage.cast.member.actor, at=AT
    )
    assert more.tasks == []
    assert stage.answer(held, stage.cast.member) == ["stored"] * 5
    assert Lease.objects.filter(state="submitted").count() == 5


def test_its_money_covers_other_batches(stage: Stage) -> None:
    project = stage.live(tasks=10)
    second = stage.add_tasks(project, 10)
    first = project.batches.get(number=1)
    before = second.funded_upto
    close_batch(first.id, by=stage.coordinator.actor, at=AT)
    second.refresh_from_db()
    assert before < second.funded_upto == 10


def test_twice_is_once(stage: Stage) -> None:
    project = stage.live()
    batch = project.batches.get()
    for _ in range(2):
        close_batch(batch.id, by=stage.coordinator.actor, at=AT)
    assert len(events(project.id, "work.batch.closed")) == 1


@pytest.mark.parametrize("state", ["importing", "discarded"])
def test_only_an_open_one(stage: Stage, state: str) -> None:
    batch = stage.live().batches.get()
    Batch.objects.filter(id=batch.id).update(state=state)
    with pytest.raises(BatchIs, match="the batch is"):
        close_batch(batch.id, by=stage.coordinator.actor, at=AT)


def test_who_may_not(stage: Stage) -> None:
    batch = stage.live().batches.get()
    with pytest.raises(NotAllowed):
        close_batch(batch.id, by=stage.cast.member.actor, at=AT)
    for number, who in ((batch.id, stage.cast.foreign_client), (new_id(), stage.coordinator)):
        with pytest.raises(NotFound):
            close_batch(number, by=who.actor, at=AT)
