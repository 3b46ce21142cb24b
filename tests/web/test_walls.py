"""The walk over every route with every role and from other organisations: it grows with the API by itself."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from ninja.operation import Operation

from palabre.api import api
from palabre.people.actions import create_token
from palabre.people.actor import SYSTEM
from palabre.web.access import SIGNED_IN, SIGNED_LINK, Access
from palabre.web.door import access_of, keyed
from tests.cast import BEGAN, Cast, Persona
from tests.web.examples import Examples
from tests.web.world import OBJECTS, World, build, may_use

ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of the API."""

    method: str
    path: str
    operation: Operation
    details: Mapping[str, Any]

    @property
    def access(self) -> Access:
        return access_of(self.operation)

    @property
    def parameters(self) -> list[str]:
        return [each["name"] for each in self.details["parameters"] if each["in"] == "path"]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _routes() -> list[Route]:
    document = api.get_openapi_schema(path_prefix=ROOT)
    found = []
    for path, operation in api.operations():
        for method in operation.methods:
            described = document["paths"][_bare(ROOT + path)][method.lower()]
            found.append(Route(method, _bare(path), operation, described))
    return found


def _bare(path: str) -> str:
    """`{uuid:account}` is `{account}` in the document."""
    return "".join("{" + part.split(":")[-1] if ":" in part else "{" + part for part in path.split("{"))[1:]


ROUTES = _routes()
EXAMPLES = Examples(api.get_openapi_schema(path_prefix=ROOT))


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def ask(route: Route, ids: Mapping[str, object], token: str | None) -> HttpResponse:
    """The answer to the route's smallest right request about `ids`. Whatever it does is undone."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if keyed(route.operation):
        headers["Idempotency-Key"] = str(uuid.uuid4())
    content, content_type = _body(route, ids)
    with transaction.atomic():
        response = Client().generic(
            route.method,
            ROOT + route.path.format(**ids),
            content,
            content_type=content_type,
            headers=headers,
            query_params=_query(route),
        )
        transaction.set_rollback(True)
    assert isinstance(response, HttpResponse)
    return response


def _body(route: Route, ids: Mapping[str, object]) -> tuple[bytes | str, str]:
    body = EXAMPLES.body(route.details, ids)
    if body is None:
        return b"", "application/octet-stream"
    media_type, value = body
    if media_type == "multipart/form-data":
        return encode_multipart(BOUNDARY, value), MULTIPART_CONTENT
    return json.dumps(value), media_type


def _query(route: Route) -> dict[str, str]:
    required = (each for each in route.details["parameters"] if each["in"] == "query" and each["required"])
    return {each["name"]: str(EXAMPLES.value(each["schema"], {})) for each in required}


def code(response: HttpResponse) -> str:
    """The code of a refusal, or nothing."""
    if not response["Content-Type"].startswith("application/problem+json"):
        return ""
    return str(json.loads(response.content)["code"])


def without_request_id(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    """All that a sender can see, but for the id of her request and what is left of her limit."""
    mark = response["X-Request-ID"]
    headers = {name: value for name, value in response.items() if name not in ("X-Request-ID", "RateLimit")}
    return response.status_code, response.content.replace(mark.encode(), b"-"), headers


def names_something(route: Route, world: World) -> bool:
    """Whether the path or the body of the route's request names a thing of ours."""
    return bool(route.parameters) or _body(route, world.ids)[0] != _body(route, world.unknown())[0]


def test_every_path_parameter_has_an_object() -> None:
    named = {name for route in ROUTES for name in route.parameters}
    assert named <= set(OBJECTS), "add a line to tests/web/world.py"


def the_role_decides(route: Route, world: World) -> None:
    for who in world.cast.inside:
        response = ask(route, world.ids, who.token)
        assert response.status_code < 500, (who.name, response.content)
        assert response.status_code != 401, who.name
        if route.access.signed_in:
            assert (code(response) == "not_allowed") is not may_use(route.access, who.actor), who.name


def nobody_comes_in_without_a_token(route: Route, world: World) -> None:
    for token in (None, "pal_" + "0" * 43, "wrong"):
        response = ask(route, world.ids, token)
        if route.access.signed_in:
            assert (response.status_code, code(response)) == (401, "not_signed_in")
        elif SIGNED_LINK in route.access.who:
            assert response.status_code == 404
        else:
            assert response.status_code < 400


def a_token_without_scopes_opens_nothing(route: Route, world: World) -> None:
    administrator = world.cast.administrator
    _, secret = create_token(
        administrator.account, administrator.organisation, name="bare", scopes=[], by=SYSTEM, at=BEGAN
    )
    response = ask(route, world.ids, secret)
    if route.access.signed_in and SIGNED_IN not in route.access.who:
        assert (response.status_code, code(response)) == (403, "not_allowed")


def foreign_and_unknown_look_the_same(route: Route, world: World) -> None:
    for who in world.cast.outside:
        ours = ask(route, world.ids, who.token)
        if names_something(route, world):
            nowhere = ask(route, world.unknown(), who.token)
            assert without_request_id(ours) == without_request_id(nowhere), who.name
        for belonging in world.belongings():
            assert belonging.encode() not in ours.content, who.name


def what_is_foreign_is_not_found(route: Route, world: World) -> None:
    """The request is right and the role too: only the wall is left to say no."""
    if not route.parameters or not route.access.signed_in:
        return
    for who in _those_with_the_right(route, world):
        response = ask(route, world.ids, who.token)
        assert response.status_code == 404, (who.name, response.content)


def nobody_names_a_stranger(route: Route, world: World) -> None:
    """In a path or a body about things of ours, a person of another organisation is as good as none."""
    foreign = world.with_people(world.cast.stranger_member.account)
    nobody = world.with_people(uuid.UUID("00000000-0000-4000-8000-000000000000"))
    if not {"account", "member"} & set(route.parameters) and _body(route, foreign) == _body(route, nobody):
        return
    for who in world.cast.inside:
        seen = [without_request_id(ask(route, ids, who.token)) for ids in (foreign, nobody)]
        assert seen[0] == seen[1], who.name


# What these name is a person, or her tokens: for whoever she works, each operator reaches her own.
ABOUT_PEOPLE = {"account", "member", "token", "role"}


@pytest.mark.parametrize("whose", ["shared", "returned"])
@pytest.mark.parametrize(
    "route", [one for one in ROUTES if one.parameters and not ABOUT_PEOPLE & set(one.parameters)], ids=str
)
def test_who_works_for_two_operators_is_two_strangers(route: Route, whose: str, cast: Cast) -> None:
    """All that is a member's is here hers, who works, or worked, for the other operator too: it sees none of it."""
    world = build(replace(cast, member=getattr(cast, whose)))
    what_is_foreign_is_not_found(route, world)


def _those_with_the_right(route: Route, world: World) -> Iterator[Persona]:
    return (who for who in world.cast.outside if may_use(route.access, who.actor))


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_no_door_is_open(route: Route, world: World) -> None:
    the_role_decides(route, world)
    nobody_comes_in_without_a_token(route, world)
    a_token_without_scopes_opens_nothing(route, world)
    foreign_and_unknown_look_the_same(route, world)
    what_is_foreign_is_not_found(route, world)
    nobody_names_a_stranger(route, world)
