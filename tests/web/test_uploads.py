"""Files sent with a request: bounded, streamed to disk, and part of what the key stands for."""

import hashlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from ninja import File, Form, Router, Schema, UploadedFile

from palabre.people.permissions import Permission
from palabre.web.access import allowed
from palabre.web.openapi import PalabreAPI
from tests.cast import Cast
from tests.web.answers import assert_problem, said

KIB = 1024
router = Router(tags=["test"])


class Taken(Schema):
    name: str
    note: str
    sha256: str
    on_disk: bool


@router.post("/files", auth=allowed(Permission.IMPORT_TASKS, upload=64 * KIB), response=Taken)
def take(request: HttpRequest, note: Form[str], file: File[UploadedFile]) -> dict[str, Any]:
    digest = hashlib.sha256(b"".join(file.chunks())).hexdigest()
    return {
        "name": file.name,
        "note": note,
        "sha256": digest,
        "on_disk": hasattr(file, "temporary_file_path"),
    }


made = PalabreAPI()
made.add_router("", router)
urlpatterns = [path("api/v1/", made.urls)]
handler404 = "palabre.web.problems.page_not_found"
pytestmark = pytest.mark.urls("tests.web.test_uploads")


def send(cast: Cast, content: bytes, *, note: str = "n", key: str = "k1", name: str = "a.csv") -> Any:
    file = SimpleUploadedFile(name, content, "text/csv")
    headers = cast.coordinator.headers | {"Idempotency-Key": key}
    return Client().post("/api/v1/files", {"note": note, "file": file}, headers=headers)


def test_it_works_and_goes_to_disk(cast: Cast) -> None:
    content = bytes(range(256)) * 40
    taken = said(send(cast, content))
    assert taken == {
        "name": "a.csv",
        "note": "n",
        "sha256": hashlib.sha256(content).hexdigest(),
        "on_disk": True,
    }


def test_the_same_file_again_is_the_same_request(cast: Cast) -> None:
    first, again = send(cast, b"id,text\n"), send(cast, b"id,text\n")
    assert (again["Idempotent-Replay"], first.content) == ("true", again.content)


@pytest.mark.parametrize("other", [{"content": b"id,texT\n"}, {"note": "m"}, {"name": "b.csv"}])
def test_another_file_or_field_is_another_request(cast: Cast, other: dict[str, Any]) -> None:
    send(cast, b"id,text\n")
    assert_problem(send(cast, **({"content": b"id,text\n"} | other)), 409, "key_reused")


def test_size_is_bounded(cast: Cast) -> None:
    assert_problem(send(cast, b"x" * 65 * KIB), 413, "body_too_big")


def test_nul_in_a_field(cast: Cast) -> None:
    problem = assert_problem(send(cast, b"x", note="a\x00b"), 422, "text_refused")
    assert problem["errors"][0]["path"] == "note"


@pytest.mark.parametrize(
    ("content_type", "raw", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=", 422),
        ("multipart/form-data; boundary=b", b"\xff\x00", 422),
        ("multipart/form-data; boundary=" + "b" * 300, b"x", 400),
    ],
)
def test_what_is_no_form(cast: Cast, content_type: str, raw: bytes, status: int) -> None:
    headers = cast.coordinator.headers | {"Idempotency-Key": "k1"}
    response = Client().generic("POST", "/api/v1/files", raw, content_type=content_type, headers=headers)
    assert response.status_code == status, response.content


def test_who_may_not_sends_nothing(cast: Cast) -> None:
    file = SimpleUploadedFile("a.csv", b"x")
    headers = cast.member.headers | {"Idempotency-Key": "k1"}
    assert Client().post("/api/v1/files", {"note": "n", "file": file}, headers=headers).status_code == 403
