"""Each request gets an id that stands in every log line and in the answer."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from palabre.logs import request_id
from palabre.serving.environ import MOST, REFUSED
from palabre.web.access import was_signed_in
from palabre.web.errors import BodyTooBig, SaidTwice, SentTooSlowly, Unavailable, Unexpected
from palabre.web.handlers import refused

logger = logging.getLogger("palabre.request")
_GOOD = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


class RequestMiddleware:
    """Take the caller's X-Request-ID when it is a plain word, else make one; log at debug level."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        mark = given if _GOOD.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(mark)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = mark
            if "Cache-Control" not in response and was_signed_in(request):
                # On a phone that is lent, the page of who had it before is not in its cache.
                response["Cache-Control"] = "private, no-store"
            logger.debug(
                "%s %s",
                request.method,
                request.path,
                extra={"status": response.status_code, "ms": round((time.perf_counter() - began) * 1000, 1)},
            )
            return response
        finally:
            request_id.reset(token)


class WholeMiddleware:
    """A request that did not come whole, or says a header twice, is refused before any view. The last of all, so
    that the refusal is in the reader's language and form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.META.get(REFUSED):
            case None:
                return self.get_response(request)
            case "too_long":
                return refused(request, BodyTooBig(most=request.META[MOST]))
            case "too_slow":
                return refused(request, SentTooSlowly())
            case "said_twice":
                return refused(request, SaidTwice(path="header"))
            case "full":
                return refused(request, Unavailable())
            case _:
                return refused(request, Unexpected())
