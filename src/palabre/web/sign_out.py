"""Signing out on a phone that several people use, and that may have no link: what a page can know of it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse

# Set by the workbench (workbench/src/shell/api.ts): a page can't end a session, whose cookie no script may touch.
LEAVING = "palabre_leaving"
# Read by the workbench (workbench/src/shell/here.ts), which opens without a network: whose browser this is now, or
# nobody's. It opens nothing.
HERE = "palabre_here"
_A_YEAR = 365 * 86_400


class SignOutMiddleware:
    """Whoever has the phone next must not find her session open, nor her last task on the screen.

    The one cookie can do nothing but sign out; the other says who was signed in when the server last looked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        leaving = bool(request.COOKIES.get(LEAVING))
        if leaving:
            logout(request)
        response = self.get_response(request)
        if leaving:
            response.delete_cookie(LEAVING, samesite="Lax")
        _say_who(request, response)
        return response


def _say_who(request: HttpRequest, response: HttpResponse) -> None:
    """Only where the session was read anyway, and only what is new: a visitor who never signed in gets no cookie."""
    if not request.session.accessed:
        return
    who, said = request.session.get(SESSION_KEY, ""), request.COOKIES.get(HERE, "")
    if who != said:
        response.set_cookie(
            HERE, who, max_age=_A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=False, samesite="Lax"
        )
