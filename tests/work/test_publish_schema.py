import copy
from hashlib import sha256

import pytest

from palabre.errors import NotAllowed, NotFound
from palabre.record.canonical import canonical
from palabre.work.actions.launch import close_project
from palabre.work.actions.versions import publish_schema
from palabre.work.errors import ProjectIs, SchemaIncompatible, SchemaRefused
from palabre.work.models import LabelSchema, Project
from palabre.work.queries.versions import result_form_of
from tests.work.schema_bodies import PICTURES, REVIEWS
from tests.work.stage import AT, TEXTS, Stage, events


def publish(stage: Stage, project: Project, body: dict[str, object]) -> LabelSchema:
    return publish_schema(project.id, body, by=stage.coordinator.actor, at=AT)


def with_label(value: str) -> dict[str, object]:
    """TEXTS with one label more."""
    body = copy.deepcopy(TEXTS)
    body["asks"][0]["labels"].append({"value": value})
    return body


def test_versions_count_up(stage: Stage) -> None:
    project = stage.draft()
    assert [publish(stage, project, body).version for body in (TEXTS, PICTURES, REVIEWS)] == [1, 2, 3]
    said = events(project.id, "work.schema.published")
    assert [event.data["version"] for event in said] == [1, 2, 3]
    assert said[0].data["sha256"] == sha256(canonical(TEXTS)).hexdigest()


def test_the_newest_again_changes_nothing(stage: Stage) -> None:
    project = stage.draft()
    assert publish(stage, project, TEXTS) == publish(stage, project, TEXTS)
    assert len(events(project.id, "work.schema.published")) == 1


def test_a_wrong_one_is_refused_with_its_places(stage: Stage) -> None:
    with pytest.raises(SchemaRefused) as refusal:
        publish(stage, stage.draft(), {"shows": []})
    assert "$.shows: at least 1 are needed." in str(refusal.value)
    assert "$: asks is missing." in str(refusal.value)
    assert not LabelSchema.objects.exists()


def test_while_members_work_labels_may_be_added(stage: Stage) -> None:
    project = stage.live()
    assert publish(stage, project, with_label("both")).version == 2
    form = result_form_of(project.id, 2)
    assert form is not None
    assert form.choices["mood"].values == ("happy", "sad", "both")


def test_while_members_work_nothing_else_may_change(stage: Stage) -> None:
    project = stage.live()
    with pytest.raises(SchemaIncompatible):
        publish(stage, project, REVIEWS)
    publish(stage, project, with_label("both"))
    with pytest.raises(SchemaIncompatible) as refusal:
        publish(stage, project, TEXTS)
    assert "'both'" in str(refusal.value)


def test_tasks_that_are_there_must_still_be_shown(stage: Stage) -> None:
    project = stage.draft()
    publish(stage, project, TEXTS)
    stage.add_tasks(project, 1)
    with pytest.raises(SchemaIncompatible):
        publish(stage, project, PICTURES)
    assert publish(stage, project, REVIEWS).version == 2


def test_a_closed_project_keeps_its_own(stage: Stage) -> None:
    project = close_project(stage.live().id, by=stage.coordinator.actor, at=AT)
    with pytest.raises(ProjectIs):
        publish(stage, project, with_label("both"))


def test_who_may_not(stage: Stage) -> None:
    project = stage.draft()
    with pytest.raises(NotAllowed):
        publish_schema(project.id, TEXTS, by=stage.cast.member.actor, at=AT)
    with pytest.raises(NotFound):
        publish_schema(project.id, TEXTS, by=stage.cast.stranger.actor, at=AT)


def test_an_unknown_version_has_no_form(stage: Stage) -> None:
    assert result_form_of(stage.draft().id, 7) is None
