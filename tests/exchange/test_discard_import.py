"""The tasks of an import that has ended are taken back, as long as nobody was shown one of them."""

from collections.abc import Callable

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.exchange.actions import discard_import, run_import
from palabre.exchange.errors.imports import BatchTouched, NotDiscardable, ProjectClosed, StillOffered
from palabre.exchange.jobs import run_imports
from palabre.exchange.models import Import
from palabre.people.actor import SYSTEM
from palabre.work.actions.leases import lease_tasks
from palabre.work.models import Batch, Lease, Project, Task
from tests.exchange.conftest import CLOCK, Ask
from tests.work.stage import AT, Stage, events

CSV = "id,text\n1,Bien\n2,Mal\n3,\n"
Bring = Callable[..., Import]


def test_nothing_of_it_is_left(project: Project, bring: Bring) -> None:
    kept, one = bring("id,text\n9,Bon\n"), bring(CSV)
    gone = discard_import(one.id, by=SYSTEM, at=AT)
    batch = Batch.objects.get(id=one.batch_id)
    assert (batch.state, batch.size, batch.funded_upto) == (Batch.State.DISCARDED, 0, 0)
    assert run_imports(CLOCK) == 1
    gone.refresh_from_db()
    assert gone.state == Import.State.REFUSED
    assert gone.error is not None
    assert gone.error["code"] == "exchange.discarded"
    assert list(Task.objects.values_list("batch", flat=True)) == [kept.batch_id]
    assert events(project.id, "exchange.import.discarded")[0].data["good"] == 2


def test_its_ids_can_come_again(bring: Bring) -> None:
    discard_import(bring(CSV).id, by=SYSTEM, at=AT)
    run_imports(CLOCK)
    again = bring(CSV)
    assert (again.good, again.bad) == (2, 1)


def test_twice_is_once(project: Project, bring: Bring) -> None:
    one = bring(CSV)
    for _ in range(2):
        discard_import(one.id, by=SYSTEM, at=AT)
    run_imports(CLOCK)
    discard_import(one.id, by=SYSTEM, at=AT)
    assert len(events(project.id, "exchange.import.discarded")) == 1


def test_what_members_saw_stays(stage: Stage, project: Project, bring: Bring) -> None:
    one = bring(CSV)
    Project.objects.filter(id=project.id).update(state="live")
    lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)
    with pytest.raises(StillOffered):
        discard_import(one.id, by=SYSTEM, at=AT)
    Lease.objects.all().delete()
    Project.objects.filter(id=project.id).update(state="paused")
    with pytest.raises(BatchTouched):
        discard_import(one.id, by=SYSTEM, at=AT)
    assert Task.objects.count() == 2


@pytest.mark.parametrize(("state", "error"), [("live", StillOffered), ("closed", ProjectClosed)])
def test_the_state_of_the_project(project: Project, bring: Bring, state: str, error: type[Exception]) -> None:
    one = bring(CSV)
    Project.objects.filter(id=project.id).update(state=state)
    with pytest.raises(error):
        discard_import(one.id, by=SYSTEM, at=AT)


def test_only_what_ended_with_tasks(ask: Ask) -> None:
    waiting = ask(CSV)
    with pytest.raises(NotDiscardable):
        discard_import(waiting.id, by=SYSTEM, at=AT)
    refused = run_import(ask("id,text\n1,\n").id, CLOCK)
    with pytest.raises(NotDiscardable):
        discard_import(refused.id, by=SYSTEM, at=AT)


def test_who_may_not(stage: Stage, bring: Bring) -> None:
    one = bring(CSV)
    with pytest.raises(NotAllowed):
        discard_import(one.id, by=stage.cast.auditor.actor, at=AT)
    with pytest.raises(NotFound):
        discard_import(one.id, by=stage.cast.foreign_client.actor, at=AT)
