"""The way of every API request to its operation: address, right, body, key; then the operation itself."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from ninja.operation import Operation

from palabre.web import bodies
from palabre.web.access import Access, actor_of
from palabre.web.idempotency import once
from palabre.web.problems import answer, from_exception

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
Run = Callable[..., HttpResponse]


def access_of(operation: Operation) -> Access:
    """The declaration of an operation. Raises TypeError for one without: the program doesn't start."""
    declared = operation.auth_callbacks
    if len(declared) != 1 or not isinstance(declared[0], Access):
        raise TypeError(
            f"{operation.view_func.__module__}.{operation.view_func.__name__}: say auth=allowed(...)"
        )
    return declared[0]


def takes_body(operation: Operation) -> bool:
    """Whether the operation reads a body."""
    sources = {model.__ninja_param_source__ for model in operation.models}
    return bool(sources & {"body", "form", "file"})


def query_of(operation: Operation) -> frozenset[str]:
    """The names that the operation reads from the query."""
    models = (model for model in operation.models if model.__ninja_param_source__ == "query")
    return frozenset(
        name for model in models for name in getattr(model, "__ninja_flatten_map__", model.model_fields)
    )


def keyed(operation: Operation) -> bool:
    """Whether a request to the operation carries an Idempotency-Key."""
    return access_of(operation).keyed and bool(WRITES & set(operation.methods))


def door(run: Run) -> Run:
    """Decorator of `Operation.run`, for the whole API."""
    operation = getattr(run, "__self__", None)
    if not isinstance(operation, Operation):
        raise TypeError("the door is the first decorator of an operation")
    access, wants_body, with_key = access_of(operation), takes_body(operation), keyed(operation)
    query = query_of(operation)
    if with_key and not access.signed_in:
        raise TypeError(
            f"{operation.view_func.__name__}: a key belongs to an organisation, and nobody is signed in"
        )

    def enter(request: HttpRequest, **path: object) -> HttpResponse:
        bodies.check_address(request)
        access(request)
        bodies.check_query(request, query)
        bodies.check_body(request, upload=access.upload, expected=wants_body)
        if access.one_by_one:
            request.META[bodies.ONE_BY_ONE] = access.one_by_one
        if not with_key:
            return run(request, **path)
        return once(
            request,
            actor_of(request),
            lambda: run(request, **path),
            upload=bool(access.upload),
            shown_once=access.shown_once,
        )

    @wraps(run)
    def guarded(request: HttpRequest, **path: object) -> HttpResponse:
        try:
            return enter(request, **path)
        except Exception as error:  # noqa: BLE001 - every fault becomes a problem document here, and is logged there
            return answer(from_exception(error))

    return guarded
