"""Each request gets an id that stands in every log line and in the answer."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from palabre.logs import request_id

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
            logger.debug(
                "%s %s",
                request.method,
                request.path,
                extra={"status": response.status_code, "ms": round((time.perf_counter() - began) * 1000, 1)},
            )
            return response
        finally:
            request_id.reset(token)
