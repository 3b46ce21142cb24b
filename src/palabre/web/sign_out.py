"""Signing out on a phone that has no link: the session ends with the first request that gets through."""

from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

# Set by the workbench (workbench/src/shell/api.ts): a page can't end a session, whose cookie no script may touch.
LEAVING = "palabre_leaving"


class SignOutMiddleware:
    """Whoever has the phone next must not find her session open. The cookie can do nothing but sign out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(LEAVING):
            return self.get_response(request)
        logout(request)
        response = self.get_response(request)
        response.delete_cookie(LEAVING, samesite="Lax")
        return response
