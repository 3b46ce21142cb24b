"""What Django finds out before or beside any view: a problem document for programs, a page for people."""

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from palabre.errors import NotAllowed, NotFound, PalabreError
from palabre.web.errors import FormExpired, TooManyRequests, Unexpected, UnknownHost, UnreadableRequest
from palabre.web.page import as_she_reads, refusal
from palabre.web.problems import answer
from palabre.web.sign_in import see


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        # Under a name that isn't ours nobody is signed in, and no page is drawn: its links would lead there.
        return answer(UnknownHost(host=request.META.get("HTTP_HOST", "")[:100]))
    return refused(request, UnreadableRequest())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return refused(request, NotAllowed())


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return refused(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: it may be what failed."""
    return answer(Unexpected()) if _is_for_programs(request) else refusal(request, Unexpected())


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Called by allauth, whose limits of tries are counted by the minute."""
    return refused(request, TooManyRequests(seconds=60))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return refused(request, FormExpired())


def refused(request: HttpRequest, error: PalabreError) -> HttpResponse:
    if _is_for_programs(request):
        return answer(error)
    as_she_reads(request, see(request))
    return refusal(request, error)


def _is_for_programs(request: HttpRequest) -> bool:
    """The API, and whatever doesn't ask for a page."""
    return request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", "")
