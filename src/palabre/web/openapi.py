"""The API as one object: every operation behind the door, every error a problem, and all of it in OpenAPI."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

import palabre
from palabre.transactions import given_up
from palabre.web.access import PUBLIC, allowed
from palabre.web.bodies import StrictParser
from palabre.web.door import access_of, door, keyed, takes_body
from palabre.web.problems import MEDIA_TYPE, Problem, answer, from_exception, method_not_allowed
from palabre.web.sign_in import say_limits

_DESCRIPTION = """
Everything that the pages and commands of Palabre do. Sign in with a token (`Authorization: Bearer pal_…`),
made by an administrator of your organisation.

Every write carries a header `Idempotency-Key` that you make: sent twice, it happens once. Every refusal is a
problem document (RFC 9457) with a stable `code`. Lists come in pages: send `next` back as `cursor`. Amounts
are whole minor units of their currency; rates and hours are decimal numbers in text.

Every answer to who is signed in tells its limits: `RateLimit-Policy: "requests";q=500;w=10` (so much at once; all of it
is there again after `w` seconds) and `RateLimit: "requests";r=499;t=1` (so much is left, all again after `t` seconds).
Papers have a limit of their own beside it. What is beyond a limit is refused with 429 and `Retry-After`.
"""
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Made by you for this request: sent again with the same one, it is not done again",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_REFUSALS = {
    400: "The request can't be read",
    401: "No token, or one that is not in force",
    403: "Your role or your token does not allow it",
    404: "Unknown, or another organisation's",
    409: "Not possible in the present state, or under a key that was used for something else",
    413: "Too large",
    415: "Not in the expected form",
    422: "A field is not right",
    429: "Too many requests",
    503: "Too busy; ask again",
}


class JsonRenderer(BaseRenderer):
    """JSON in UTF-8; a decimal number is text, an instant is RFC 3339, a number that is none is null."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        return to_json(data, inf_nan_mode="null")


class PalabreAPI(NinjaAPI):
    """Ninja's API with our door before each operation and our problems as its only errors."""

    def __init__(self) -> None:
        super().__init__(
            title="Palabre",
            version=palabre.__version__,
            description=_DESCRIPTION,
            urls_namespace="api",
            renderer=JsonRenderer(),
            parser=StrictParser(),
            # The validator of Swagger's authors would be told about every installation.
            docs=Swagger(settings={"validatorUrl": None, "persistAuthorization": False}),
            docs_decorator=allowed(PUBLIC).guard,
        )
        self.add_decorator(door, mode="view")
        self._document: OpenAPISchema | None = None

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:  # noqa: ARG002
        if connection.in_atomic_block and given_up(exc):
            # The write is part of the transaction that keeps its key: `idempotency.once` begins both again.
            raise exc
        return answer(from_exception(exc))

    def operations(self) -> list[tuple[str, Operation]]:
        """Each operation with its path, as in `/people/{account}`."""
        return [
            (bound.prefix + path, operation)
            for bound in self._get_bound_routers()
            for path, view in bound.path_operations.items()
            for operation in view.operations
        ]

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _with_problems(pattern.callback)
        return patterns

    def get_openapi_operation_id(self, operation: Operation) -> str:
        room = operation.view_func.__module__.split(".")[1]
        return f"{room}_{operation.view_func.__name__}"

    def get_openapi_schema(
        self,
        *,
        path_prefix: str | None = None,
        path_params: Any = None,  # noqa: ARG002
    ) -> OpenAPISchema:
        if self._document is None:
            self._document = _complete(self, super().get_openapi_schema(path_prefix=path_prefix))
        return self._document


def _with_problems(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ninja answers a wrong method by itself, in plain text."""

    def with_problems(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return method_not_allowed(request, response["Allow"])
        say_limits(request, response)
        return response

    with_problems.csrf_exempt = True  # type: ignore[attr-defined]
    with_problems.access = getattr(view, "access", None)  # type: ignore[attr-defined]
    return with_problems


def _complete(api: PalabreAPI, document: OpenAPISchema) -> OpenAPISchema:
    """What Ninja can't know: who may use an operation, its key, its refusals."""
    components = document["components"]
    components["schemas"] |= _problem_schemas()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components["responses"] = {f"Refusal{status}": _refusal(text) for status, text in _REFUSALS.items()}
    by_id = {api.get_openapi_operation_id(operation): operation for _, operation in api.operations()}
    for methods in document["paths"].values():
        for details in methods.values():
            _complete_operation(details, by_id[details["operationId"]])
    return document


def _complete_operation(details: dict[str, Any], operation: Operation) -> None:
    access = access_of(operation)
    if access.signed_in:
        details["security"] = [{"token": []}]
        rights = sorted(str(way.value) for way in access.who)
        details["description"] = f"{details.get('description', '')}\n\nFor: {', '.join(rights)}".strip()
    if keyed(operation):
        details["parameters"] = [*details["parameters"], _IDEMPOTENCY_KEY]
    for status in sorted(_statuses(operation)):
        details["responses"][status] = {"$ref": f"#/components/responses/Refusal{status}"}


def _statuses(operation: Operation) -> set[int]:
    access = access_of(operation)
    refusals = {400, 404, 422, 503}
    if access.signed_in:
        refusals |= {401, 403, 429}
    if operation.methods != ["GET"]:
        refusals |= {409}
    if takes_body(operation):
        refusals |= {413, 415}
    return refusals - set(operation.response_models)


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    definitions: dict[str, Any] = schema.pop("$defs")
    return {**definitions, "Problem": schema}


def _refusal(text: str) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {MEDIA_TYPE: {"schema": reference}}}
