"""The walk over every page with every role and from other organisations: it grows with the pages by itself."""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from palabre.people.models import Account
from palabre.web.access import PUBLIC, SIGNED_LINK, Access
from tests.cast import Cast, Persona
from tests.people.door import shown_to_be_her
from tests.web.world import OBJECTS, World, build, may_use

BACKEND = "palabre.people.backend.Backend"
# Seals are the installation's: every auditor may read each of them, and they name nobody.
SHARED = frozenset({"rail", "seal"})
# What a page shows that is new each time.
_NEW_EACH_TIME = re.compile(
    rb'name="(_once|csrfmiddlewaretoken)" value="[^"]*"|<code>[0-9a-f]{16}</code>|"request":"[0-9a-f]{16}"'
)


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One address of pages, and what it declares."""

    path: str
    access: Access

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)

    def address(self, ids: Mapping[str, object]) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), self.path)

    def __str__(self) -> str:
        return self.path or "/"


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        else:
            yield route, entry


@cache
def page_routes() -> list[PageRoute]:
    """Every address outside of the API, with its declaration."""
    found = (
        (route, getattr(pattern.callback, "access", None)) for route, pattern in _patterns(get_resolver())
    )
    return [
        PageRoute(route, access)
        for route, access in found
        if isinstance(access, Access) and not route.startswith("api/")
    ]


def browser_of(who: Persona | None) -> Client:
    """A browser in which somebody is signed in, or nobody."""
    client = Client(headers={"Accept": "text/html"})
    if who is not None:
        client.force_login(Account.objects.get(id=who.account), backend=BACKEND)
        shown_to_be_her(client, who)
    return client


def visit(
    route: PageRoute, ids: Mapping[str, object], who: Persona | None, method: str = "GET"
) -> HttpResponseBase:
    """The answer to an empty request. Whatever it does is undone."""
    with transaction.atomic():
        response = browser_of(who).generic(
            method, route.address(ids), b"", content_type="application/x-www-form-urlencoded"
        )
        transaction.set_rollback(True)
    assert isinstance(response, HttpResponseBase)
    return response


def content_of(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def seen(response: HttpResponseBase) -> tuple[int, bytes]:
    return response.status_code, _NEW_EACH_TIME.sub(b"", content_of(response))


def asks_to_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == 302 and response["Location"].startswith(reverse("account_login"))


@pytest.fixture
def world(cast: Cast) -> World:
    return build(cast)


def test_every_path_parameter_has_an_object() -> None:
    named = {name for route in page_routes() for name in route.parameters}
    assert named <= set(OBJECTS), "add a line to tests/web/world.py"


def the_role_decides(route: PageRoute, world: World) -> None:
    for who in world.cast.inside:
        for method in ("GET", "POST"):
            response = visit(route, world.ids, who, method)
            assert response.status_code < 500, (who.name, method, content_of(response)[-2_000:])
            assert not (asks_to_sign_in(response) and route.access.signed_in), who.name
            if not may_use(route.access, who.actor) and route.access.signed_in:
                assert response.status_code == 403, (who.name, method)
            if method == "GET" and may_use(route.access, who.actor):
                assert response.status_code != 403, (who.name, method)


def who_is_nobody_is_asked(route: PageRoute, world: World) -> None:
    for method in ("GET", "POST"):
        response = visit(route, world.ids, None, method)
        if route.access.signed_in:
            assert asks_to_sign_in(response), method
        elif SIGNED_LINK in route.access.who:
            assert response.status_code in {403, 404, 405}
        else:
            assert response.status_code < 500


def foreign_and_unknown_look_the_same(route: PageRoute, world: World) -> None:
    for who in world.cast.outside:
        for method in ("GET", "POST"):
            ours = visit(route, world.ids, who, method)
            if route.parameters and PUBLIC not in route.access.who and not set(route.parameters) <= SHARED:
                nowhere = visit(route, world.unknown(), who, method)
                masked = _masked(seen(ours), route, world)
                assert masked == _masked(seen(nowhere), route, world), (who.name, method)
            if route.parameters and PUBLIC not in route.access.who and not set(route.parameters) <= SHARED:
                assert ours.status_code in {403, 404, 405}, (who.name, method)


def _masked(answer: tuple[int, bytes], route: PageRoute, world: World) -> tuple[int, bytes]:
    """Without the address itself, which a page may repeat (to come back to it)."""
    status, content = answer
    repeated = {str(ids[name]).encode() for ids in (world.ids, world.unknown()) for name in route.parameters}
    # The longest first: a short number may be a part of a long one.
    for text in sorted(repeated, key=len, reverse=True):
        content = content.replace(text, b"-")
    return status, content


@pytest.mark.parametrize("route", page_routes(), ids=str)
def test_no_door_is_open(route: PageRoute, world: World) -> None:
    the_role_decides(route, world)
    who_is_nobody_is_asked(route, world)
    foreign_and_unknown_look_the_same(route, world)


# Where a page is about a person alone, each operator that has her reaches it.
ABOUT_PEOPLE = {"account", "member", "token"}
_OF_THINGS = [
    route
    for route in page_routes()
    if route.access.signed_in and set(route.parameters) - ABOUT_PEOPLE - SHARED
]


@pytest.mark.parametrize("whose", ["shared", "returned"])
@pytest.mark.parametrize("route", _OF_THINGS, ids=str)
def test_who_works_for_two_operators_is_two_strangers(route: PageRoute, whose: str, cast: Cast) -> None:
    """All that is a member's is here hers, who works, or worked, for the other operator too: it sees none of it."""
    world = build(replace(cast, member=getattr(cast, whose)))
    for method in ("GET", "POST"):
        response = visit(route, world.ids, cast.stranger, method)
        assert response.status_code in {403, 404, 405}, (method, content_of(response)[-1_000:])


@pytest.mark.parametrize("route", page_routes(), ids=str)
def test_the_policy_has_no_exception(route: PageRoute, world: World) -> None:
    """No inline script or style, nothing from elsewhere."""
    response = visit(route, world.ids, world.cast.administrator)
    if not response["Content-Type"].startswith("text/html"):
        return
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    html = content_of(response).decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", html)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!127\.0\.0\.1)", re.sub(r"<a [^>]*>", "", html))


def test_an_unknown_address_is_a_page(cast: Cast) -> None:
    response = browser_of(cast.member).get(f"/nothing/{uuid.uuid4()}/")
    assert response.status_code == 404
    assert b"<h1>" in response.content
    assert b"Member" in response.content  # she is still signed in, and her menu is there
