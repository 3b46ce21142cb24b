"""Asking the API in a test, and reading what it says."""

import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.cast import Persona

ROOT = "/api/v1"


def call(
    method: str,
    path: str,
    who: Persona | None = None,
    body: object = None,
    *,
    raw: bytes | None = None,
    content_type: str = "application/json",
    **headers: str,
) -> HttpResponse:
    """One request to the API. A write gets a key of its own unless `idempotency_key` gives one."""
    sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
    if method != "GET" and "idempotency_key" not in headers:
        sent["idempotency-key"] = str(uuid.uuid4())
    if who is not None:
        sent |= who.headers
    content = raw if raw is not None else (b"" if body is None else json.dumps(body).encode())
    answer = Client().generic(method, ROOT + path, content, content_type=content_type, headers=sent)
    assert isinstance(answer, HttpResponse)
    return answer


def said(response: HttpResponse) -> Any:
    """The answer's JSON."""
    return json.loads(response.content)


def assert_problem(response: HttpResponse, status: int, code: str) -> Any:
    """A problem document of that status and code, whole and of its media type; returned."""
    problem = said(response)
    assert (response.status_code, problem["code"]) == (status, code), problem
    assert response["Content-Type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "code", "request", "errors"}
    assert problem["type"] == f"urn:palabre:problem:{code}"
    assert problem["status"] == status
    assert problem["request"] == response["X-Request-ID"]
    return problem
