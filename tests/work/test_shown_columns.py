"""Of a client's file a device gets what the schema shows; every other column stays here."""

from typing import Any

import pytest
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat
from django.test import Client

from palabre.people.models import Role
from palabre.work.actions.leases import assign_tasks, lease_tasks
from palabre.work.models import LabelSchema, Project, Task
from palabre.work.schemas.modalities import BLOCK_TYPES, TAKEN_BLOCKS
from palabre.work.schemas.payloads import shown_of
from tests.cast import DAKAR, enter
from tests.work.stage import AT, Stage

pytestmark = pytest.mark.django_db
SECRET = "Ms Nobody, 12 Nowhere Street"


@pytest.fixture(params=TAKEN_BLOCKS)
def block(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(stage: Stage, block: str) -> Project:
    """Live, with a block of the kind and a file of more columns than it shows."""
    project = stage.live(6)
    schema = LabelSchema.objects.get(project=project)
    schema.body["shows"] = [{"name": "shown", "type": block, "field": "$shown"}]
    LabelSchema.objects.filter(id=schema.id).update(body=schema.body)
    beside = dict.fromkeys(BLOCK_TYPES[block].beside, "said")
    columns = {"shown": "seen", **beside, "customer": SECRET, "shown_by": SECRET, "meta": {"who": SECRET}}
    of_theirs = Concat(Value(f"{SECRET} "), Cast("position", TextField()))
    Task.objects.filter(project=project).update(payload=columns, external_id=of_theirs)
    return project


def expected(block: str) -> dict[str, Any]:
    return {"shown": "seen", **dict.fromkeys(BLOCK_TYPES[block].beside, "said")}


def test_handed_out_given_again_and_assigned(stage: Stage, project: Project, block: str) -> None:
    by = stage.cast.member.actor
    handed = lease_tasks(project.id, count=2, by=by, at=AT)
    again = lease_tasks(project.id, count=2, by=by, at=AT)
    other = enter(stage.cast.operator, "other", Role.MEMBER, home=DAKAR)
    wanted = list(Task.objects.filter(project=project).values_list("id", flat=True)[:2])
    assigned = assign_tasks(project.id, other.account, wanted, by=stage.coordinator.actor, at=AT)
    for leased in (handed, again, assigned):
        assert [task.payload for task in leased.tasks] == [expected(block)] * 2


def test_nothing_else_leaves_the_server(stage: Stage, project: Project, client: Client) -> None:
    """Whatever a member may ask for of the project."""
    headers = stage.cast.member.headers
    leases = f"/api/v1/projects/{project.id}/leases"
    answers = [
        client.post(leases, {"count": 2}, content_type="application/json", headers=headers),
        client.get(f"/api/v1/projects/{project.id}/workbench", headers=headers),
        client.get("/api/v1/offers", headers=headers),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.content
        assert SECRET.encode() not in answer.content
    assert len(answers[0].json()["tasks"]) == 2


def test_two_blocks_of_one_field_and_none_besides() -> None:
    shows = [
        {"name": "a", "type": "text", "field": "$text"},
        {"name": "b", "type": "text", "field": "$text"},
        {"name": "c", "type": "image", "field": "$image"},
    ]
    assert shown_of({"shows": shows, "asks": []}) == {"text", "image", "alt", "description"}
