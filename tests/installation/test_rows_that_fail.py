"""In every job, one row that can't be done is passed, kept, and counted on a home; the others are done."""

import dataclasses
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.db.models import F

from palabre.exchange.actions.exports import ask_export
from palabre.exchange.actions.imports import ask_import
from palabre.exchange.jobs import LOOKED_AT, run_exports, run_imports
from palabre.exchange.models import Export, Import
from palabre.installation.doctor import examine
from palabre.pay.actions import Move, open_account, post
from palabre.pay.models import LedgerAccount, LedgerTransaction
from palabre.people.actor import SYSTEM
from palabre.quality.jobs import run_consensus
from palabre.quality.models import Agreement
from palabre.record.failures import failures
from palabre.settings import current
from palabre.times import ManualClock
from palabre.work.jobs import run_funding, run_shares
from palabre.work.models import Batch, Project
from tests.cast import Cast
from tests.web.test_walls_pages import browser_of
from tests.work.stage import AT, TERMS, Stage, set_stage

NEXT_DAY = AT + dt.timedelta(days=1)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def worked(stage: Stage) -> Project:
    """A project with shares to move."""
    terms = dataclasses.replace(TERMS, currency="XOF", seconds_per_task=Decimal(100))
    project = stage.live(tasks=100, terms=terms)
    stage.work(project, stage.cast.member)
    return project


def spoil_shares(project: Project) -> None:
    """Something else stands under the key that its shares would be moved with."""
    one, other = (
        open_account(kind, None, "XOF").id for kind in (LedgerAccount.Kind.WORLD, LedgerAccount.Kind.ROUNDING)
    )
    moves = [Move(one, "XOF", -1), Move(other, "XOF", 1)]
    post(f"shares:{project.id}:0", "gift", moves, by=SYSTEM, at=AT)


def test_shares_of_one_project_hold_up_no_other(stage: Stage) -> None:
    broken, good = worked(stage), worked(stage)
    spoil_shares(broken)
    assert run_shares(ManualClock(NEXT_DAY)) == 1
    assert LedgerTransaction.objects.filter(kind="shares", key__contains=str(good.id)).exists()
    (one,) = failures(stage.cast.operator.id)
    assert (one.job, one.subject, one.why) == ("shares", f"project:{broken.id}", "pay.key_reused")


def test_it_is_counted_where_somebody_looks(stage: Stage) -> None:
    broken = worked(stage)
    spoil_shares(broken)
    run_shares(ManualClock(NEXT_DAY))
    finance = browser_of(stage.cast.finance).get("/").content.decode()
    assert "Shares not moved" in finance
    assert f"?project={broken.id}" in finance
    administrator = browser_of(stage.cast.administrator)
    assert "could not do one thing" in administrator.get("/").content.decode()
    page = administrator.get("/installation/jobs/").content.decode()
    assert f"project:{broken.id}" in page
    assert "pay.key_reused" in page
    assert any("could not do one thing" in one.what for one in examine(current()))


def test_funding_of_one_project_holds_up_no_other(stage: Stage) -> None:
    broken, good = worked(stage), worked(stage)
    Project.objects.filter(id=broken.id).update(rates={"SN": {}})
    Batch.objects.filter(project=good).update(funded_upto=F("funded_upto") - 1)
    assert run_funding(ManualClock(NEXT_DAY)) == 1
    (one,) = failures(stage.cast.operator.id)
    assert (one.job, one.subject, one.why) == ("funding", f"project:{broken.id}", "KeyError")
    assert "could not be done in the background" in browser_of(stage.coordinator).get("/").content.decode()


def test_consensus_of_one_project_holds_up_no_other(stage: Stage) -> None:
    broken, good = worked(stage), worked(stage)
    broken.schemas.update(body={"asks": [{"name": "mood"}]})
    clock = ManualClock(NEXT_DAY)
    assert run_consensus(clock) == 2
    assert [one.project_id for one in Agreement.objects.all()] == [good.id]
    assert [one.subject for one in failures(stage.cast.operator.id)] == [f"project:{broken.id}"]
    assert run_consensus(clock) == 0, "it rests, and the job has nothing to do"
    assert len(failures(stage.cast.operator.id)) == 1


def test_more_broken_files_than_are_looked_at_hold_up_no_good_one(stage: Stage) -> None:
    project = stage.draft()
    by = stage.coordinator.actor
    for number in range(LOOKED_AT + 1):
        at = AT + dt.timedelta(seconds=number)
        one = ask_import(project.id, io.BytesIO(f"text\nBien {number}\n".encode()), "a.csv", by=by, at=at)
        if number < LOOKED_AT:
            Import.objects.filter(id=one.id).update(columns=7)
    clock = ManualClock(NEXT_DAY)
    for _ in range(3):
        run_imports(clock)
    assert Import.objects.get(id=one.id).state == Import.State.DONE
    assert {one.why for one in failures(stage.cast.operator.id)} <= {"AttributeError", "TypeError"}


def test_an_export_that_can_not_be_made_holds_up_no_other(stage: Stage) -> None:
    project, by = worked(stage), stage.coordinator.actor
    broken = ask_export(project.id, "judgements", "scroll", by=by, at=AT)
    good = ask_export(project.id, "judgements", "csv", by=by, at=NEXT_DAY)
    clock = ManualClock(NEXT_DAY)
    assert run_exports(clock) == 1
    good.refresh_from_db()
    assert good.state == Export.State.DONE
    assert run_exports(clock) == 0
    assert [one.subject for one in failures(stage.cast.operator.id)] == [f"exports:{broken.id}"]
