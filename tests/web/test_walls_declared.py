"""A route without a declaration of who may use it doesn't exist."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver
from ninja import Router

from palabre.api import api
from palabre.people.permissions import Permission
from palabre.web.access import PUBLIC, Access, allowed
from palabre.web.door import WRITES, access_of, keyed
from palabre.web.openapi import PalabreAPI


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        else:
            yield route, entry


def test_every_view_declares_who_may_use_it() -> None:
    """Operations of the API are looked at one by one below; its root is an address and answers 404."""
    operations = {
        f"api/v1/{pattern.pattern}"
        for bound in api._get_bound_routers()
        for pattern in bound.urls_paths(bound.prefix)
    }
    missing = {
        route
        for route, pattern in _patterns(get_resolver())
        if not isinstance(getattr(pattern.callback, "access", None), Access)
    }
    assert missing - operations == {"api/v1/"}


def test_every_operation_declares_who_may_use_it() -> None:
    operations = api.operations()
    assert len(operations) > 10
    for path, operation in operations:
        assert access_of(operation).who, path


def test_every_write_has_a_key_or_says_why_not() -> None:
    without = {
        f"{operation.methods[0]} {path}"
        for path, operation in api.operations()
        if WRITES & set(operation.methods) and not keyed(operation)
    }
    assert without <= {
        "POST /sync",  # each item has a key of its own
        "POST /projects/{project}/leases",  # the device says what it holds, and gets that again
        "POST /uploads/{upload}/parts",  # a part is known by its place and its digest
    }


def test_no_path_belongs_to_two_routers() -> None:
    """Django would take the first one and answer 405 for the methods of the other."""
    seen: dict[str, object] = {}
    for bound in api._get_bound_routers():
        for path in bound.path_operations:
            assert seen.setdefault(bound.prefix + path, bound) is bound, path


def _api_with(**options: object) -> PalabreAPI:
    router = Router()

    @router.post("/things", **options)  # type: ignore[arg-type]
    def things(request: HttpRequest) -> None: ...

    made = PalabreAPI()
    made.add_router("", router)
    return made


def test_without_a_declaration_the_program_does_not_start() -> None:
    with pytest.raises(TypeError, match="auth=allowed"):
        _ = _api_with().urls


def test_a_keyed_write_needs_somebody_who_is_signed_in() -> None:
    with pytest.raises(TypeError, match="nobody is signed in"):
        _ = _api_with(auth=allowed(PUBLIC)).urls


def test_nobody_at_all_is_no_declaration() -> None:
    with pytest.raises(ValueError, match="who may use"):
        allowed()


def test_each_permission_opens_something_for_somebody() -> None:
    """A permission that no role has would be a door without a handle."""
    from palabre.people.permissions import ALLOWED

    held = frozenset().union(*ALLOWED.values())
    assert held == frozenset(Permission)
