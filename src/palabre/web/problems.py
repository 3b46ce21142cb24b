"""Errors as answers: problem+json after RFC 9457, in the reader's language."""

import errno
import logging

import psycopg
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    SuspiciousOperation,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from psycopg_pool import PoolTimeout
from pydantic import Field
from pydantic_core import to_json

from palabre.errors import Busy, NotAllowed, NotFound, PalabreError
from palabre.logs import request_id
from palabre.people.errors import TooManyTries
from palabre.transactions import away
from palabre.web.errors import (
    InputRefused,
    MethodNotAllowed,
    NoRoom,
    TooManyRequests,
    Unavailable,
    Unexpected,
    UnreadableRequest,
    status_of,
)
from palabre.web.validation import Fault, faults

logger = logging.getLogger("palabre.request")
MEDIA_TYPE = "application/problem+json"
# Another writer held what was needed; asking again is right.
_CONTENTION = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)
_OVERLOAD = (
    PoolTimeout,
    psycopg.errors.QueryCanceled,
    psycopg.errors.TooManyConnections,
    psycopg.errors.OutOfMemory,
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DJANGO: dict[type[Exception], type[PalabreError]] = {
    Http404: NotFound,
    PermissionDenied: NotAllowed,
    SuspiciousOperation: UnreadableRequest,
    BadRequest: UnreadableRequest,
    UnreadablePostError: UnreadableRequest,
    MultiPartParserError: UnreadableRequest,
}
# Seconds after which asking again may work, for errors that know no better.
_RETRY_AFTER = {409: 1, 503: 5}


class Problem(Schema):
    """Why a request was refused (RFC 9457). `code` is stable and meant for programs, `detail` for people."""

    type: str = Field(description="A name for the kind of problem: urn:palabre:problem:<code>")
    title: str
    status: int
    detail: str
    code: str
    request: str = Field(description="The id of the request, to be quoted when asking for help")
    errors: list[Fault] = Field(
        description="The places in the request that are not right, when they are known"
    )


def answer(error: PalabreError) -> HttpResponse:
    """The problem document of an error, with the headers that belong to its status."""
    error = safe_to_show(error)
    status = status_of(error)
    problem = Problem(
        type=f"urn:palabre:problem:{error.code}",
        title=_title(status),
        status=status,
        detail=str(error),
        code=error.code,
        request=request_id.get(),
        errors=_places(error),
    )
    response = HttpResponse(to_json(problem.model_dump()), status=status, content_type=MEDIA_TYPE)
    return with_headers(response, error)


def safe_to_show(error: PalabreError) -> PalabreError:
    """The error itself, or `Unexpected` for one whose sentence may name files or keys of the server.

    That one is for the logs, not for the sender.
    """
    if status_of(error) < 500 or isinstance(error, Unexpected | Unavailable):
        return error
    logger.error("%s: %s", error.code, error, exc_info=error)
    return Unexpected()


def with_headers(response: HttpResponse, error: PalabreError) -> HttpResponse:
    """The headers that belong to an error, whatever its form: who to be, and when to come again."""
    if response.status_code == 401:
        response["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests | TooManyTries):
        response["Retry-After"] = str(error.fields["seconds"])
    elif isinstance(error, Busy | Unavailable):
        response["Retry-After"] = str(_RETRY_AFTER[response.status_code])
    return response


def _title(status: int) -> str:
    titles = {
        400: gettext("The request can't be read"),
        401: gettext("Not signed in"),
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        405: gettext("Not possible in this way"),
        408: gettext("It took too long"),
        409: gettext("Not possible now"),
        413: gettext("Too large"),
        415: gettext("Not in this form"),
        422: gettext("Not right"),
        429: gettext("Too many requests"),
        503: gettext("Too busy"),
    }
    return titles.get(status) or gettext("Something went wrong")


def _places(error: PalabreError) -> list[Fault]:
    if isinstance(error, InputRefused):
        found = error.fields["errors"]
        return found if isinstance(found, list) else []
    path = error.fields.get("path")
    return [] if path is None else [Fault(path=str(path), code=error.code, detail=str(error))]


def from_exception(error: Exception) -> PalabreError:
    """What an exception means to the sender. What nobody foresaw is logged and becomes `Unexpected`."""
    if isinstance(error, PalabreError):
        return error
    known = _from_disk(error) or _from_request(error) or _from_database(error)
    if known is None:
        logger.error("unexpected %s", type(error).__name__, exc_info=error)
        return Unexpected()
    return known


def is_full(error: BaseException | None) -> bool:
    """Whether a disk was full: ours, or the database's."""
    return isinstance(error, psycopg.errors.DiskFull) or (isinstance(error, OSError) and error.errno in _FULL)


def _from_disk(error: Exception) -> PalabreError | None:
    if not is_full(error) and not is_full(error.__cause__):
        return None
    logger.error("no room left: %s", error)
    return NoRoom()


def _from_request(error: Exception) -> PalabreError | None:
    if isinstance(error, ValidationError):
        return InputRefused(errors=faults(error.errors))
    if isinstance(error, HttpError):
        # Ninja wraps whatever its parser raises.
        cause = error.__cause__
        return cause if isinstance(cause, PalabreError) else UnreadableRequest()
    known = (family for kind, family in _DJANGO.items() if isinstance(error, kind))
    return next((family() for family in known), None)


def _from_database(error: Exception) -> PalabreError | None:
    cause = error.__cause__ if isinstance(error, OperationalError) else error
    if isinstance(cause, _CONTENTION):
        return Busy()
    if isinstance(cause, _OVERLOAD):
        logger.warning("overloaded: %s", cause)
        return Unavailable()
    if away(error):
        logger.error("the database is away: %s", cause)
        return Unavailable()
    return None


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405 with the methods that work here."""
    response = answer(MethodNotAllowed(method=request.method))
    response["Allow"] = allowed
    return response
