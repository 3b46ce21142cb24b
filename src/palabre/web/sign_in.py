"""Who asks: a program by its token, or a person by her session."""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.contrib.auth import get_user
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from psycopg_pool import PoolTimeout

from palabre.people.actor import Actor
from palabre.people.queries import Viewer, actor_for_submit_token, actor_for_token, viewer_of
from palabre.people.tokens import digest
from palabre.settings import current
from palabre.web.errors import FormExpired, NotSignedIn, TooManyRequests
from palabre.web.limits import RateLimiter

T = TypeVar("T")

# More dead connections than this are not expected in one process's pool.
MOST_POOLED = 8
ACTING_FOR = "organisation"
# Kept in the request's environment, which no header can write to.
_VIEWER, _LIMITS = "palabre.viewer", "palabre.limits"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def sign_in(request: HttpRequest, at: dt.datetime, *, submit: bool = False) -> Actor:
    """`submit`: the route takes the tokens of devices that send their outbox.

    Raises: NotSignedIn, TooManyRequests, FormExpired.
    """
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if submit and scheme.lower() == "submit":
        return _by_submit_token(request, secret, at)
    if "Authorization" in request.headers:
        return _by_token(request, at)
    return _by_session(request)


def viewer_in(request: HttpRequest) -> Viewer | None:
    """The person whose session this is, once the request's declaration has been checked."""
    viewer = request.META.get(_VIEWER)
    return viewer if isinstance(viewer, Viewer) else None


def _by_token(request: HttpRequest, at: dt.datetime) -> Actor:
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    key = digest(secret) if scheme.lower() == "bearer" else None
    if key is None:
        raise NotSignedIn
    _hold_back(request, key)
    actor = _looked_up(lambda: actor_for_token(secret, at))
    if actor is None:
        raise NotSignedIn
    return actor


def _by_submit_token(request: HttpRequest, token: str, at: dt.datetime) -> Actor:
    actor = _looked_up(lambda: actor_for_submit_token(token, at))
    if actor is None or actor.account is None:
        raise NotSignedIn
    _hold_back(request, actor.account.bytes)
    return actor


def _looked_up(look: Callable[[], T]) -> T:
    """The first statement of a request, which changes nothing: it finds out whether its connection lives.

    After the database was started again, the pool still holds dead connections; they are put away
    here, so that nobody sees an error for them. Asking each one beforehand costs a tenth of a request.
    """
    for _ in range(MOST_POOLED):
        try:
            return look()
        except OperationalError as error:
            # None could be had at all: asking again for each would keep her waiting as often as there may be dead ones.
            if (
                isinstance(error.__cause__, PoolTimeout)
                or connection.in_atomic_block
                or connection.is_usable()
            ):
                raise
            connection.close()
    return look()


def _by_session(request: HttpRequest) -> Actor:
    viewer = see(request)
    if viewer is None:
        raise NotSignedIn
    _hold_back(request, viewer.account.bytes)
    if request.method not in _SAFE:
        _check_form(request)
    return viewer.actor


def see(request: HttpRequest) -> Viewer | None:
    """The person whose session this is, for pages that anybody may read too."""
    if _VIEWER not in request.META:
        request.META[_VIEWER] = _seen(request)
    return viewer_in(request)


def _seen(request: HttpRequest) -> Viewer | None:
    session = getattr(request, "session", None)
    if session is None or session.session_key is None:
        return None
    return _looked_up(lambda: _viewer_of(request))


def _viewer_of(request: HttpRequest) -> Viewer | None:
    account = get_user(request).pk
    if not isinstance(account, uuid.UUID):
        return None
    acting_for = request.session.get(ACTING_FOR)
    return viewer_of(account, uuid.UUID(acting_for) if acting_for else None)


def _check_form(request: HttpRequest) -> None:
    """The sender is a page of ours (CSRF). Django has done it for pages; the API's views do without.

    Raises: FormExpired.
    """
    if getattr(request, "csrf_processing_done", False):
        return
    check = CsrfViewMiddleware(_nothing)
    check.process_request(request)
    if check.process_view(request, _nothing, (), {}) is not None:
        raise FormExpired


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def hold_back_papers(request: HttpRequest, account: uuid.UUID) -> None:
    """A paper takes as long as a hundred pages: ten at once, then one every five seconds, for each person.

    Raises: TooManyRequests.
    """
    seconds = _take(request, "papers", _papers(), account.bytes)
    if seconds:
        raise TooManyRequests(seconds=seconds)


@cache
def _papers() -> RateLimiter:
    return RateLimiter(0.2, burst=10)


def _hold_back(request: HttpRequest, key: bytes) -> None:
    seconds = _take(request, "requests", _limiter(), key)
    if seconds:
        raise TooManyRequests(seconds=seconds)


def _take(request: HttpRequest, name: str, limiter: RateLimiter, key: bytes) -> int:
    request.META.setdefault(_LIMITS, {})[name] = limiter, key
    return limiter.wait(key, time.monotonic())


def say_limits(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell who asked how much may be asked and what is left, before it is refused (draft of the IETF: RateLimit header
    fields for HTTP). Nothing where no limit was asked."""
    limits = request.META.get(_LIMITS, {}).items()
    if limits:
        now = time.monotonic()
        said = [(name, limiter.policy(), limiter.standing(key, now)) for name, (limiter, key) in limits]
        response["RateLimit-Policy"] = ", ".join(f'"{name}";{policy}' for name, policy, _left in said)
        response["RateLimit"] = ", ".join(f'"{name}";{left}' for name, _policy, left in said)


@cache
def _limiter() -> RateLimiter:
    rate = current().api_rate
    return RateLimiter(rate, burst=10 * rate)
