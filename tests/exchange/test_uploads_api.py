"""A file in parts over HTTP: what a program or the page's own script sends."""

import hashlib
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from palabre.exchange.models import Import, Upload
from palabre.people.models import Account
from palabre.work.models import Project
from tests.cast import Persona

CSV = b"id,text\n1,Bien\n2,Mal\n"


def begin(project: Project, who: Persona, key: str = "", size: int = len(CSV)) -> Any:
    return Client().post(
        f"/api/v1/projects/{project.id}/uploads",
        {"name": "a.csv", "size": size},
        content_type="application/json",
        headers=who.headers | {"Idempotency-Key": key or str(uuid.uuid4())},
    )


def part(upload: str, who: Persona, content: bytes, offset: object, digest: str = "") -> Any:
    return Client().post(
        f"/api/v1/uploads/{upload}/parts",
        {
            "offset": offset,
            "sha256": digest or hashlib.sha256(content).hexdigest(),
            "file": SimpleUploadedFile("part", content),
        },
        headers=who.headers,
    )


def test_from_the_first_part_to_the_import(project: Project, client_person: Persona) -> None:
    begun = begin(project, client_person)
    assert begun.status_code == 201
    upload = begun.json()["id"]
    assert begun.json()["last_sha256"] is None
    first = part(upload, client_person, CSV[:9], 0)
    assert (first.status_code, first.json()["received"]) == (200, 9)
    again = part(upload, client_person, CSV[:9], 0)
    assert (again.status_code, again.json()["received"]) == (200, 9)
    ahead = part(upload, client_person, CSV[15:], 15)
    assert (ahead.status_code, ahead.json()["code"]) == (409, "exchange.offset")
    assert "9 bytes" in ahead.json()["detail"]
    shown = Client().get(f"/api/v1/uploads/{upload}", headers=client_person.headers).json()
    assert (shown["received"], shown["last_offset"], shown["last_size"]) == (9, 0, 9)
    assert shown["last_sha256"] == hashlib.sha256(CSV[:9]).hexdigest()
    part(upload, client_person, CSV[9:], 9)
    for _ in range(2):
        answer = Client().post(
            f"/api/v1/uploads/{upload}/import",
            {"columns": {"text": "text"}},
            content_type="application/json",
            headers=client_person.headers | {"Idempotency-Key": str(uuid.uuid4())},
        )
        assert answer.status_code == 201
    assert Import.objects.count() == 1


def test_beginning_twice_under_a_key_is_once(project: Project, client_person: Persona) -> None:
    first, second = begin(project, client_person, "k"), begin(project, client_person, "k")
    assert first.json() == second.json()
    assert Upload.objects.count() == 1


def test_bad_parts_are_named_and_leave_nothing(project: Project, client_person: Persona) -> None:
    upload = begin(project, client_person).json()["id"]
    for offset, digest in (("1_0", ""), ("1e1", ""), ("-1", ""), ("0", "0" * 64), ("0", "x")):
        answer = part(upload, client_person, CSV, offset, digest)
        assert answer.status_code in {400, 422}, offset
    assert Upload.objects.get().received == 0


def test_a_session_without_the_pages_mark_sends_nothing(project: Project, client_person: Persona) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Account.objects.get(id=client_person.account))
    answer = browser.post(
        f"/api/v1/projects/{project.id}/uploads",
        {"name": "a.csv", "size": 3},
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code == 403
    assert not Upload.objects.exists()


def test_a_file_is_forgotten(project: Project, client_person: Persona) -> None:
    upload = begin(project, client_person).json()["id"]
    headers = client_person.headers | {"Idempotency-Key": "k"}
    assert Client().delete(f"/api/v1/uploads/{upload}", headers=headers).status_code == 204
    assert Client().get(f"/api/v1/uploads/{upload}", headers=client_person.headers).status_code == 404
