import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.launch import close_project, launch_project, pause_project
from palabre.work.actions.leases import lease_tasks
from palabre.work.errors import NotOffered, NotReady, PilotMissing, ProjectIs, TextWrong
from palabre.work.models import Project
from tests.work.stage import AT, Stage, events

WHY = "The same texts were sorted last month."


def test_it_offers_the_work(stage: Stage) -> None:
    project = launch_project(stage.ready().id, without_pilot=WHY, by=stage.coordinator.actor, at=AT)
    assert (project.state, project.launched_at, project.without_pilot) == ("live", AT, WHY)
    said = events(project.id, "work.project.launched")[0].data
    assert (said["state"], said["schema"], said["guideline"]) == ("live", 1, 1)
    assert len(said["without_pilot"]) == 64
    assert stage.work(project, stage.cast.member) == 10


def test_it_says_all_that_is_missing(stage: Stage) -> None:
    with pytest.raises(NotReady) as refusal:
        launch_project(stage.draft().id, by=stage.coordinator.actor, at=AT)
    assert refusal.value.missing == ["schema", "guideline", "quote", "deposit", "tasks"]
    assert "an accepted quote, a deposit" in str(refusal.value)


def test_without_a_pilot_it_wants_to_know_why(stage: Stage) -> None:
    project = stage.ready()
    with pytest.raises(PilotMissing):
        launch_project(project.id, by=stage.coordinator.actor, at=AT)
    with pytest.raises(TextWrong):
        launch_project(project.id, without_pilot="  ", by=stage.coordinator.actor, at=AT)
    assert Project.objects.get(id=project.id).state == "draft"


def test_nothing_is_offered_before(stage: Stage) -> None:
    with pytest.raises(NotFound):
        lease_tasks(stage.ready().id, count=1, by=stage.cast.member.actor, at=AT)


def test_twice_is_refused(stage: Stage) -> None:
    with pytest.raises(ProjectIs):
        launch_project(stage.live().id, by=stage.coordinator.actor, at=AT)


def test_a_pause_offers_nothing_and_takes_what_is_out(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    held = lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)
    assert pause_project(project.id, by=by, at=AT).state == "paused"
    with pytest.raises(NotOffered):
        lease_tasks(project.id, count=1, by=stage.cast.member.actor, at=AT)
    assert stage.answer(held, stage.cast.member) == ["stored"]
    with pytest.raises(ProjectIs):
        pause_project(project.id, by=by, at=AT)


def test_a_pause_ends_by_launching_again(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    pause_project(project.id, by=by, at=AT)
    again = launch_project(project.id, by=by, at=AT.replace(hour=12))
    assert (again.state, again.launched_at) == ("live", AT)
    assert stage.work(project, stage.cast.member) == 10


@pytest.mark.parametrize("verb", [launch_project, pause_project, close_project])
def test_who_may_not(stage: Stage, verb: type) -> None:
    project = stage.live()
    for who in (stage.cast.member, stage.cast.finance, stage.cast.auditor):
        with pytest.raises(NotAllowed):
            verb(project.id, by=who.actor, at=AT)
    for who in (stage.cast.stranger, stage.cast.foreign_client):
        with pytest.raises(NotFound):
            verb(project.id, by=who.actor, at=AT)
    assert Project.objects.get(id=project.id).state == "live"
