"""Every refusal is a problem document after RFC 9457, whoever found the fault."""

import importlib
import pkgutil
from collections.abc import Iterator

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from django.utils import translation

import palabre
from palabre.errors import Busy, NotAllowed, NotFound, PalabreError
from palabre.record.errors import KeyExposed
from palabre.web.errors import (
    STATUS,
    NoRoom,
    NotSignedIn,
    Unavailable,
    UnreadableRequest,
    status_of,
)
from palabre.web.problems import answer, from_exception
from tests.cast import Persona
from tests.web.answers import assert_problem, call, said


def test_nobody_is_signed_in() -> None:
    response = call("GET", "/me")
    assert_problem(response, 401, "not_signed_in")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer pal_x", "Basic YTpi", "bearer pal_" + "0" * 44, "Bearer  "]
)
def test_what_is_no_token(header: str) -> None:
    assert_problem(call("GET", "/me", authorization=header), 401, "not_signed_in")


def test_not_allowed(member: Persona) -> None:
    assert_problem(call("GET", "/people", member), 403, "not_allowed")


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/people/", "/me/nothing", "/people/../me", "/%F0%28%8C%28"]
)
def test_there_is_nothing_here(path: str) -> None:
    assert_problem(call("GET", path), 404, "not_found")


def test_beside_the_api_as_well() -> None:
    assert Client().get("/nothing").json()["code"] == "not_found"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "HEAD", "OPTIONS", "BREW"])
def test_a_wrong_method(administrator: Persona, method: str) -> None:
    response = call(method, "/people", administrator)
    assert response.status_code == 405
    assert sorted(response["Allow"].split(", ")) == ["GET", "POST"]
    if method != "HEAD":
        assert_problem(response, 405, "method_not_allowed")


def test_each_wrong_field_is_named(administrator: Persona) -> None:
    body = {"name": 3, "roles": ["boss"], "language": "fr", "home": {"country": "SN"}, "more": 1}
    problem = assert_problem(call("POST", "/people", administrator, body), 422, "input_refused")
    places = {fault["path"]: fault["code"] for fault in problem["errors"]}
    assert places == {
        "body.name": "string_type",
        "body.roles.0": "enum",
        "body.home.timezone": "missing",
        "body.more": "extra_forbidden",
    }
    assert all(fault["detail"].endswith(".") for fault in problem["errors"])


def test_a_fault_found_by_a_room_has_its_place(administrator: Persona) -> None:
    home = {"country": "SN", "timezone": "Dakar"}
    body = {"name": "Awa", "roles": ["member"], "language": "fr", "home": home}
    problem = assert_problem(call("POST", "/people", administrator, body), 422, "people.unknown_timezone")
    assert [fault["path"] for fault in problem["errors"]] == ["timezone"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_sentence_is_in_the_readers_language(language: str) -> None:
    response = call("GET", "/me", accept_language=language)
    with translation.override(language):
        assert said(response)["detail"] == str(NotSignedIn())


def test_the_senders_request_id_comes_back() -> None:
    assert said(call("GET", "/me", x_request_id="trace-7"))["request"] == "trace-7"


def test_what_nobody_foresaw_is_logged_and_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    response = answer(from_exception(ZeroDivisionError("secret")))
    assert said(response)["code"] == "unexpected"
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert "secret" in caplog.text


def test_a_fault_of_the_installation_says_nothing_about_it(caplog: pytest.LogCaptureFixture) -> None:
    response = answer(KeyExposed(path="/srv/keys/signing", mode="644"))
    assert (response.status_code, said(response)["code"]) == (500, "unexpected")
    assert b"/srv" not in response.content
    assert "/srv/keys/signing" in caplog.text


def _database(cause: Exception) -> Exception:
    error = OperationalError("the database says no")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "family"),
    [
        (Http404(), NotFound),
        (PermissionDenied(), NotAllowed),
        (SuspiciousOperation(), UnreadableRequest),
        (_database(psycopg.errors.LockNotAvailable()), Busy),
        (_database(psycopg.errors.DeadlockDetected()), Busy),
        (_database(psycopg.errors.QueryCanceled()), Unavailable),
        (_database(psycopg.errors.DiskFull()), NoRoom),
    ],
)
def test_what_others_raise(error: Exception, family: type[PalabreError]) -> None:
    assert type(from_exception(error)) is family


@pytest.mark.parametrize("error", [Busy(), Unavailable()])
def test_asking_again_is_worth_it(error: PalabreError) -> None:
    assert int(answer(error)["Retry-After"]) > 0


# These stand above the web and are never asked through it; and the tests have errors of their own.
ABOVE = ("palabre.demo", "palabre.replay", "palabre.installation", "tests.")


def _families(root: type[PalabreError]) -> Iterator[type[PalabreError]]:
    for child in root.__subclasses__():
        yield child
        yield from _families(child)


def test_every_error_of_every_room_has_a_status() -> None:
    """A new family is entered in palabre.web.errors.STATUS, or it would be answered as a fault of ours."""
    for module in pkgutil.walk_packages(palabre.__path__, "palabre."):
        if module.name.endswith("errors") or ".errors." in module.name:
            importlib.import_module(module.name)
    unknown = [
        f"{family.__module__}.{family.__name__}"
        for family in _families(PalabreError)
        if not family.__module__.startswith(ABOVE) and not set(family.__mro__) & set(STATUS)
    ]
    assert unknown == []


def test_the_nearest_family_counts() -> None:
    class Closed(NotFound):
        pass

    assert status_of(Closed()) == 404
