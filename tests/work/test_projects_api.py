"""A project from draft to close over HTTP, and what its refusals look like."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from palabre.people.models import Organisation
from palabre.work.queries.projects import projects
from tests.cast import Persona
from tests.work.stage import TEXTS, Stage

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


def post(who: Persona, path: str, body: object = None, method: str = "POST") -> tuple[int, Any]:
    headers = who.headers | {"Idempotency-Key": str(uuid.uuid4())}
    content = b"" if body is None else json.dumps(body).encode()
    response = Client().generic(
        method, ROOT + path, content, content_type="application/json", headers=headers
    )
    return response.status_code, response.json()


def get(who: Persona | None, path: str) -> tuple[int, Any]:
    response = Client().get(ROOT + path, headers=who.headers if who else {})
    return response.status_code, response.json()


def terms(stage: Stage) -> dict[str, object]:
    return {
        "client": str(stage.cast.client.id),
        "operator": str(stage.cast.operator.id),
        "name": "Guest reviews",
        "purpose": "To show a hotel what its guests speak of.",
        "currency": "EUR",
        "seconds_per_task": "10",
        "overlap": 2,
        "countries": ["SN"],
    }


def made(answer: tuple[int, Any], status: int = 201) -> Any:
    assert answer[0] == status, answer[1]
    return answer[1]


def test_from_draft_to_close(stage: Stage) -> None:
    client, operator, finance, member = (
        stage.cast.client_person,
        stage.coordinator,
        stage.cast.finance,
        stage.cast.member,
    )
    project = made(post(client, "/projects", terms(stage)))
    at = f"/projects/{project['id']}"
    assert made(post(client, f"{at}/schemas", {"body": TEXTS}))["version"] == 1
    assert made(post(client, f"{at}/guidelines", {"body": "Choose."}))["version"] == 1
    quote = made(post(operator, f"{at}/quotes", {"tasks": 100}))
    assert sum(line.get("amount", 0) for line in quote["lines"]) == quote["total"]
    accepted = made(post(client, f"/quotes/{quote['id']}/acceptance"), 200)
    assert accepted["accepted_at"] is not None
    stage.add_tasks(projects(operator.actor)[0], 100)
    wrong = made(post(finance, f"{at}/deposits", {"amount": 999, "reference": "bank 1"}))["transaction"]
    back = f"{at}/deposits/{wrong}/reversal"
    assert post(operator, back, {"reason": "Not 999."})[0] == 403
    assert made(post(finance, back, {"reason": "Not 999."})) == made(
        post(finance, back, {"reason": "Not 999."})
    )
    assert post(finance, back, {"reason": "Another."})[0] == 409
    made(post(finance, f"{at}/deposits", {"amount": quote["total"], "reference": "bank 1"}))
    assert made(post(operator, f"{at}/launch", {"without_pilot": "A test."}), 200)["state"] == "live"

    offer = made(get(member, "/offers"), 200)[0]
    assert (offer["project"], offer["client"], offer["languages"]) == (project["id"], "Client", ["fr"])
    assert made(get(member, f"{at}/guidelines/newest"), 200)["body"] == "Choose."
    assert made(get(member, f"{at}/schemas/1"), 200)["body"] == TEXTS
    question = made(post(member, f"{at}/questions", {"text": "Both?"}))
    made(post(operator, f"/questions/{question['id']}/answer", {"answer": "The stronger."}), 200)
    assert made(get(member, f"{at}/questions"), 200)["items"][0]["answer"] == "The stronger."

    assert made(post(operator, f"{at}/pause"), 200)["state"] == "paused"
    progress = made(get(client, f"{at}/progress"), 200)
    assert (progress["tasks"], progress["funded"], progress["left"]) == (100, 100, quote["total"])
    assert made(post(operator, f"{at}/close"), 200)["state"] == "closed"


def test_a_draft_is_replaced_whole(stage: Stage) -> None:
    project = made(post(stage.coordinator, "/projects", terms(stage)))
    body = {name: value for name, value in terms(stage).items() if name not in {"client", "operator"}}
    edited = post(stage.coordinator, f"/projects/{project['id']}", body | {"overlap": 5}, method="PUT")
    assert made(edited, 200)["overlap"] == 5
    assert made(get(stage.coordinator, f"/projects/{project['id']}"), 200)["seconds_per_task"] == "10.00"


def test_the_smallest_price_is_in_the_refusal(stage: Stage) -> None:
    project = made(post(stage.coordinator, "/projects", terms(stage)))
    quotes = f"/projects/{project['id']}/quotes"
    least = made(post(stage.coordinator, quotes, {"tasks": 100}))["total"]
    status, problem = post(stage.coordinator, quotes, {"tasks": 100, "price": least - 1})
    assert (status, problem["code"]) == (422, "work.price_below_floor")
    assert f"0.{least:02} EUR" in problem["detail"]


def test_a_wrong_schema_names_its_places(stage: Stage) -> None:
    project = made(post(stage.coordinator, "/projects", terms(stage)))
    body: dict[str, object] = {"body": {"shows": [], "asks": []}}
    status, problem = post(stage.coordinator, f"/projects/{project['id']}/schemas", body)
    assert (status, problem["code"]) == (422, "work.schema_refused")
    assert "$.asks" in problem["detail"]
    assert "$.shows" in problem["detail"]


def test_what_is_missing_is_named(stage: Stage) -> None:
    project = made(post(stage.coordinator, "/projects", terms(stage)))
    status, problem = post(stage.coordinator, f"/projects/{project['id']}/launch", {})
    assert (status, problem["code"]) == (409, "work.not_ready")
    assert "a label schema, a guideline" in problem["detail"]


def test_the_form_of_schemas_is_public() -> None:
    assert made(get(None, "/schemas/label-schema.json"), 200)["$id"] == "urn:palabre:label-schema:1"


def test_label_studio_gets_its_configuration(stage: Stage) -> None:
    project = stage.live()
    path = f"/projects/{project.id}/schemas/1/label-studio?language=fr"
    assert '<Choices name="mood" toName="text"' in made(get(stage.coordinator, path), 200)["xml"]


def test_lists_come_in_pages(stage: Stage) -> None:
    for _ in range(3):
        stage.draft()
    first = made(get(stage.coordinator, "/projects?limit=2"), 200)
    assert len(first["items"]) == 2
    rest = made(get(stage.coordinator, f"/projects?limit=2&cursor={first['next']}"), 200)
    assert (len(rest["items"]), rest["next"]) == (1, None)


def test_a_picture_is_seen_by_a_link(stage: Stage) -> None:
    status, problem = get(stage.coordinator, f"/media/{uuid.uuid4()}/link")
    assert (status, problem["code"]) == (404, "not_found")


def test_names_of_organisations_stay_theirs(stage: Stage) -> None:
    """A stranger's operator can't be drawn into a project by somebody else."""
    other = Organisation.objects.get(name="Another operator")
    body: dict[str, object] = terms(stage) | {"operator": str(other.id)}
    assert post(stage.coordinator, "/projects", body)[0] == 422
