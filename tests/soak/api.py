"""Requests drawn from the API's own document, right ones and wrong ones, by people of every role.

No answer is 5xx, each has a status, a form and a shape that the document names. Whatever a request did is
undone, so that every request meets the same world.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from palabre.api import api
from palabre.web.door import access_of
from tests.cast import gather
from tests.web.world import World, build, may_use

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@contextmanager
def one_connection() -> Iterator[None]:
    """Requests of this process don't close the database's connection, whose transaction undoes them."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@dataclass
class Outcome:
    """Answers by status, and what was wrong with some of them."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def ask_everything(world: World, tries: int, chance: int) -> Outcome:
    """`tries` requests to each operation, drawn from the seed `chance`."""
    outcome = Outcome()
    with one_connection():
        schema = schemathesis.openapi.from_dict(_document())
        schema.app = _closed(get_wsgi_application())
        operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        for operation in operations:
            _ask(operation, world, tries, chance, outcome)
    if len(operations) != len(api.operations()):
        outcome.failures.append("the document lacks some operations")
    return outcome


def _closed(application: WSGIHandler) -> Callable[..., list[bytes]]:
    """As a server does: every answer is closed, and the files that came with its request."""

    def run(environ: dict[str, Any], start: Any) -> list[bytes]:
        response = application(environ, start)
        try:
            return list(response)
        finally:
            response.close()

    return run


def _document() -> dict[str, Any]:
    """Without the token: whoever asks has one, and its absence is tested elsewhere."""
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1")))
    for methods in document["paths"].values():
        for details in methods.values():
            details.pop("security", None)
    return dict(document)


def _tokens(operation: Any, world: World) -> st.SearchStrategy[str]:
    """Mostly of those who may: the door turns the others away before their request is read."""
    accesses = {api.get_openapi_operation_id(each): access_of(each) for _, each in api.operations()}
    access = accesses[operation.definition.raw["operationId"]]
    people = [*world.cast.inside, world.cast.stranger]
    allowed = [who for who in people if may_use(access, who.actor)] or people
    return st.sampled_from([*allowed * 4, *people]).map(lambda who: who.token)


def _ask(operation: Any, world: World, tries: int, chance: int, outcome: Outcome) -> None:
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    draw = {"case": st.one_of(right, wrong), "token": _tokens(operation, world), "real": st.booleans()}

    @seed(chance)
    @settings(
        max_examples=tries,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(**draw)
    def one(case: Any, token: str, real: bool) -> None:
        if real:
            # The rooms behind the door are reached by ids that are theirs.
            case.path_parameters |= {
                name: str(world.ids[name]) for name in case.path_parameters if name in world.ids
            }
        with transaction.atomic():
            # The test's own client doesn't unpack what is sent compressed.
            headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        outcome.statuses[response.status_code] += 1
        # A wrong id that was replaced by a real one is no wrong request any more.
        case.validate_response(response, checks=CHECKS if real else [*CHECKS, negative_data_rejection])

    try:
        one()
    except (FailureGroup, AssertionError) as error:
        outcome.failures.append(f"{operation.label}: {error}")


def main(tries: int = 200, seed: int = 1) -> int:
    """Prints the number of answers of each status and every failure; returns the number of failures."""
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with transaction.atomic():
        world = build(gather())
        outcome = ask_everything(world, tries, seed)
        transaction.set_rollback(True)
    for failure in outcome.failures:
        print(failure)
    asked = sum(outcome.statuses.values())
    print(
        f"api: {asked} requests, {dict(sorted(outcome.statuses.items()))}, {len(outcome.failures)} failures"
    )
    return len(outcome.failures)
