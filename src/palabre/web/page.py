"""A page for people. Like an operation of the API, it declares who may use it.

    @page(Permission.MANAGE_PROJECTS)
    def edit(request: HttpRequest, project: uuid.UUID) -> HttpResponse:
        by, at = actor_of(request), at_of(request)

Who isn't signed in is asked to, and comes back with what she had typed. A refusal becomes a page. A form that
is sent twice (a double click, a page sent again) does its work once: see `once`.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from palabre.errors import PalabreError
from palabre.logs import request_id
from palabre.people.permissions import Permission
from palabre.people.queries import Viewer
from palabre.transactions import retried
from palabre.web import bodies
from palabre.web.access import Access, Open, actor_of, allowed, at_of
from palabre.web.drafts import keep_typed
from palabre.web.errors import NotSignedIn, ProofNeeded, status_of
from palabre.web.problems import from_exception, is_full, safe_to_show, with_headers
from palabre.web.sign_in import see
from palabre.web.uploads import digest_of_form

View = Callable[..., HttpResponseBase]
_CLAIM = """
    INSERT INTO record_request (organisation, key, body_hash, status, answer, at)
    VALUES (%s, %s, %s, 0, 'null', %s) ON CONFLICT (organisation, key) DO NOTHING RETURNING id
"""
_FIRST = "SELECT answer FROM record_request WHERE organisation = %s AND key = %s"
_KEEP = "UPDATE record_request SET status = %s, answer = %s::jsonb WHERE id = %s"
_FORESEEN = (PalabreError, DatabaseError, Http404, PermissionDenied, SuspiciousOperation)


def page(*who: Permission | Open, proven: bool = False, once: bool = True) -> Callable[[View], View]:
    """Any one of `who` opens the page. A `SIGNED_IN` page is for whoever is signed in, about herself.

    `proven`: she is asked once more that it is she, and comes back to what she had typed. `once=False`: what a
    refused form has written stays.
    """
    return shown_by(allowed(*who, keyed=False, proven=proven), once=once)


def shown_by(access: Access, *, once: bool = True) -> Callable[[View], View]:
    """The same for a declaration that exists already."""

    def decorate(view: View) -> View:
        @wraps(view)
        def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                bodies.check_address(request)
                bodies.read_once(request)
                as_she_reads(request, see(request))
                access(request)
                return _answered(request, lambda: view(request, *args, **kwargs), once and access.signed_in)
            except NotSignedIn:
                return _to_sign_in(request)
            except ProofNeeded:
                return _to_proof(request)
            except _FORESEEN as error:
                return refusal(request, from_exception(error))
            except OSError as error:
                if not is_full(error):
                    raise
                return refusal(request, from_exception(error))
            finally:
                timezone.deactivate()

        shown.access = access  # type: ignore[attr-defined]
        return shown

    return decorate


def refusal(request: HttpRequest, error: PalabreError) -> HttpResponse:
    """An error as a page: what happened, and what can be done."""
    error = safe_to_show(error)
    status = status_of(error)
    shown = {"error": error, "status": status, "request_id": request_id.get()}
    return with_headers(render(request, "web/error.html", shown, status=status), error)


def done(request: HttpRequest, sentence: str, to: str, **where: object) -> HttpResponseRedirect:
    """The end of a form that did its work: a sentence, shown on the next page."""
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse(to, kwargs=where or None))


def as_she_reads(request: HttpRequest, viewer: Viewer | None) -> None:
    """In her language, unless this browser says another, and with the days and hours of her place."""
    if viewer is None:
        return
    timezone.activate(viewer.timezone)
    if "django_language" not in request.COOKIES:
        translation.activate(viewer.language)
        request.LANGUAGE_CODE = viewer.language


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who it is, then come back. What she had typed waits for her."""
    if request.method == "POST":
        keep_typed(request)
        messages.info(
            request, gettext("You were signed out meanwhile. Sign in, and what you wrote is still there.")
        )
    return _elsewhere(request, "account_login")


def _elsewhere(request: HttpRequest, name: str) -> HttpResponse:
    """To a page that leads back here."""
    address = f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _to_proof(request: HttpRequest) -> HttpResponse:
    """Ask whether it is she, then come back. What she had typed waits for her."""
    if request.method == "POST":
        keep_typed(request)
    return _elsewhere(request, "account_reauthenticate")


def _answered(
    request: HttpRequest, run: Callable[[], HttpResponseBase], counts_once: bool
) -> HttpResponseBase:
    if request.method != "POST" or not counts_once:
        return run()
    return once(request, run, digest_of_form(request))


@retried
def once(request: HttpRequest, run: Callable[[], HttpResponseBase], body_hash: bytes) -> HttpResponseBase:
    """Do what the form asks in one transaction; the same form sent again gets the first answer again.

    The form's mark (`{% once %}`) and its content are the key, so that a page which was gone back to, changed
    and sent is something new. Anything but a redirect means that nothing was done, and leaves nothing behind.
    """
    by, mark = actor_of(request), request.POST.get("_once", "")
    place = f"{by.account} {request.path} {mark}".encode()
    key = "page " + hashlib.sha256(place + body_hash).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [by.organisation, key, body_hash, at_of(request)])
        claimed = cursor.fetchone()
        if claimed is None:
            cursor.execute(_FIRST, [by.organisation, key])
            return _again(request, json.loads(cursor.fetchone()[0]))
        response = run()
        location = response.get("Location")
        if location is None:
            transaction.set_rollback(True)
        else:
            cursor.execute(_KEEP, [response.status_code, json.dumps(location), claimed[0]])
    return response


def _again(request: HttpRequest, location: str | None) -> HttpResponse:
    """To where the first sending led. Its sentence may be lost: a double click leaves no page to show it on."""
    messages.success(request, gettext("It was sent twice, and it counts once."))
    return HttpResponseRedirect(location or request.get_full_path())
