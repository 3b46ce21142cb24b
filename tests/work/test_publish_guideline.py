import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.work.actions.launch import close_project
from palabre.work.actions.versions import publish_guideline
from palabre.work.errors import ChangesMissing, ProjectIs, TextWrong
from palabre.work.models import Guideline
from tests.work.stage import AT, Stage, events


def test_versions_say_what_is_new(stage: Stage) -> None:
    project, by = stage.draft(), stage.coordinator.actor
    first = publish_guideline(project.id, "# How\n\nChoose.", by=by, at=AT)
    second = publish_guideline(project.id, "# How\n\nChoose one.", " One only. ", by=by, at=AT)
    assert (first.version, second.version, second.changes) == (1, 2, "One only.")
    said = events(project.id, "work.guideline.published")
    assert [event.data["version"] for event in said] == [1, 2]
    assert "Choose" not in str(said[0].data)


def test_a_change_without_a_word_is_refused(stage: Stage) -> None:
    project, by = stage.draft(), stage.coordinator.actor
    publish_guideline(project.id, "Choose.", by=by, at=AT)
    with pytest.raises(ChangesMissing):
        publish_guideline(project.id, "Choose one.", "  ", by=by, at=AT)


def test_the_newest_again_changes_nothing(stage: Stage) -> None:
    project, by = stage.draft(), stage.coordinator.actor
    made = [publish_guideline(project.id, "Choose.", by=by, at=AT) for _ in range(2)]
    assert made[0] == made[1]
    assert Guideline.objects.count() == 1


@pytest.mark.parametrize("body", ["", " \n", "a\0b", "x" * 50_001, "\ud800"])
def test_what_nobody_can_read_is_refused(stage: Stage, body: str) -> None:
    with pytest.raises(TextWrong):
        publish_guideline(stage.draft().id, body, by=stage.coordinator.actor, at=AT)


def test_members_can_be_told_more_while_they_work_but_not_after(stage: Stage) -> None:
    project, by = stage.live(), stage.coordinator.actor
    assert publish_guideline(project.id, "Choose well.", "Well.", by=by, at=AT).version == 2
    close_project(project.id, by=by, at=AT)
    with pytest.raises(ProjectIs):
        publish_guideline(project.id, "Choose better.", "Better.", by=by, at=AT)


def test_who_may_not(stage: Stage) -> None:
    project = stage.draft()
    with pytest.raises(NotAllowed):
        publish_guideline(project.id, "Choose.", by=stage.cast.auditor.actor, at=AT)
    with pytest.raises(NotFound):
        publish_guideline(project.id, "Choose.", by=stage.cast.foreign_client.actor, at=AT)
