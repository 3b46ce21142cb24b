"""Files over HTTP."""

import csv
import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from palabre.exchange.jobs import run_exports, run_imports
from palabre.work.models import Batch, Project
from tests.cast import Cast, Persona
from tests.exchange.conftest import CLOCK

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


def send(
    project: Project, who: Persona, content: bytes, name: str = "a.csv", key: str = "", **form: str
) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    headers = who.headers | {"Idempotency-Key": key or str(uuid.uuid4())}
    answer = Client().post(f"{ROOT}/projects/{project.id}/imports", {"file": file, **form}, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def get(path: str, who: Persona, **query: str) -> Any:
    answer = Client().get(ROOT + path, query_params=query, headers=who.headers)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_from_the_upload_to_the_problems(project: Project, client_person: Persona) -> None:
    sent = send(project, client_person, b"id,text\n1,Bien\n2,\n3\n")
    assert sent.status_code == 201, sent.content
    asked = json.loads(sent.content)
    assert (asked["state"], asked["done"], asked["good"], asked["batch_number"]) == ("waiting", 0.0, 0, 1)
    run_imports(CLOCK)
    shown = get(f"/imports/{asked['id']}", client_person)
    assert (shown["state"], shown["done"], shown["good"], shown["bad"]) == ("done", 1.0, 1, 2)
    first = get(f"/imports/{asked['id']}/problems", client_person, limit="1")
    second = get(f"/imports/{asked['id']}/problems", client_person, limit="1", cursor=first["next"])
    assert [row["code"] for page in (first, second) for row in page["items"]] == [
        "payload.field_empty",
        "row.width",
    ]
    assert second["next"] is None
    assert first["items"][0]["remedy"]
    table = Client().get(f"{ROOT}/imports/{asked['id']}/problems.csv", headers=client_person.headers)
    assert len(list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))) == 3
    assert [one["id"] for one in get(f"/projects/{project.id}/imports", client_person)["items"]] == [
        asked["id"]
    ]


def test_the_same_upload_twice_is_one_import(project: Project, client_person: Persona) -> None:
    answers = [send(project, client_person, b"id,text\n1,Bien\n", key="upload-1") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert project.batches.count() == 1
    other = send(project, client_person, b"id,text\n1,Mal\n", key="upload-1")
    assert (other.status_code, json.loads(other.content)["code"]) == (409, "key_reused")


def test_all_or_nothing_and_why(project: Project, coordinator: Persona) -> None:
    sent = send(project, coordinator, b"ref,text\n1,Bien\n2,\n", keep="all_or_nothing", id_column="ref")
    number = json.loads(sent.content)["id"]
    run_imports(CLOCK)
    shown = get(f"/imports/{number}", coordinator)
    assert (shown["state"], shown["code"]) == ("refused", "exchange.bad_rows")
    assert "nothing was imported" in shown["why"]
    assert Batch.objects.get(id=shown["batch"]).state == Batch.State.DISCARDED


@pytest.mark.parametrize("form", [{"keep": "some"}, {"id_column": "x" * 201}, {"nothing": "known"}])
def test_a_form_that_is_not_right_is_refused(
    project: Project, coordinator: Persona, form: dict[str, str]
) -> None:
    assert send(project, coordinator, b"id,text\n1,Bien\n", **form).status_code == 422
    assert project.batches.count() == 0


def test_an_export_by_its_link(project: Project, cast: Cast) -> None:
    who = cast.client_person
    made = Client().post(
        f"{ROOT}/projects/{project.id}/exports",
        {"what": "judgements", "format": "csv", "provenance": True},
        content_type="application/json",
        headers=who.headers | {"Idempotency-Key": "export-1"},
    )
    assert made.status_code == 201, made.content
    number = json.loads(made.content)["id"]
    early = Client().get(f"{ROOT}/exports/{number}/link", headers=who.headers)
    assert (early.status_code, json.loads(early.content)["code"]) == (409, "exchange.not_ready")
    run_exports(CLOCK)
    assert get(f"/exports/{number}", who)["state"] == "done"
    assert [one["id"] for one in get(f"/projects/{project.id}/exports", who)["items"]] == [number]
    link = get(f"/exports/{number}/link", who)
    file = Client().get(link["path"])
    assert file.status_code == 200
    assert b"".join(file).startswith(b"task,member,labels")
    assert file["Content-Disposition"].startswith('attachment; filename="judgements-')
    assert Client().get(link["path"] + "x").status_code == 404


def test_cancelled(project: Project, coordinator: Persona) -> None:
    number = json.loads(send(project, coordinator, b"id,text\n1,Bien\n").content)["id"]
    gone = Client().delete(
        f"{ROOT}/imports/{number}", headers=coordinator.headers | {"Idempotency-Key": "cancel-1"}
    )
    assert json.loads(gone.content)["code"] == "exchange.cancelled"
    run_imports(CLOCK)
    assert get(f"/imports/{number}", coordinator)["state"] == "refused"
