"""Who may use a route. Every route declares it; one without a declaration doesn't start.

    @router.get("/people", auth=allowed(Permission.MANAGE_PEOPLE))
    def list_people(request: HttpRequest) -> ...:
        people(by=actor_of(request), ...)

For a view that is no part of the API: `@allowed(PUBLIC).guard`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps

from django.http import HttpRequest, HttpResponseBase

from palabre.errors import NotAllowed, PalabreError
from palabre.people.actor import Actor
from palabre.people.permissions import Permission
from palabre.times import system_clock
from palabre.web.errors import NotSignedIn
from palabre.web.problems import answer
from palabre.web.proof import prove
from palabre.web.sign_in import sign_in, viewer_in

# Kept in the request's environment, which no header can write to.
_ACTOR, _AT = "palabre.actor", "palabre.at"


class Open(Enum):
    """Ways in that ask for no permission."""

    PUBLIC = "public"  # anybody
    SIGNED_IN = "signed_in"  # whoever is signed in, about herself
    SIGNED_LINK = "signed_link"  # whoever has the link: the view checks its signature and its end


PUBLIC, SIGNED_IN, SIGNED_LINK = Open.PUBLIC, Open.SIGNED_IN, Open.SIGNED_LINK


@dataclass(frozen=True, slots=True)
class Access:
    """The declaration of a route, and its check: as `auth` of a Ninja operation, or as guard of a view."""

    who: frozenset[Permission | Open]
    keyed: bool
    upload: int
    shown_once: str | None
    submit: bool
    proven: bool
    one_by_one: str | None

    @property
    def signed_in(self) -> bool:
        return not self.who & {PUBLIC, SIGNED_LINK}

    def __call__(self, request: HttpRequest) -> bool:
        """Raises: NotSignedIn, TooManyRequests, FormExpired, NotAllowed, ProofNeeded."""
        if _AT in request.META:
            return True  # the door has checked it already
        request.META[_AT] = at = system_clock.now()
        if self.signed_in:
            actor = sign_in(request, at, submit=self.submit)
            request.META[_ACTOR] = actor
            self.check(actor)
            if self.proven:
                prove(request)
        return True

    def check(self, actor: Actor) -> None:
        """Raises: NotAllowed, when the actor has none of the permissions."""
        if SIGNED_IN not in self.who and not any(
            actor.may(permission) for permission in self.who if isinstance(permission, Permission)
        ):
            raise NotAllowed

    def guard(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """A Django view behind this declaration."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            try:
                self(request)
            except PalabreError as error:
                return answer(error)
            return view(request, *args, **kwargs)

        guarded.access = self  # type: ignore[attr-defined]
        return guarded


def allowed(
    *who: Permission | Open,
    keyed: bool = True,
    upload: int = 0,
    shown_once: str | None = None,
    submit: bool = False,
    proven: bool = False,
    one_by_one: str | None = None,
) -> Access:
    """Any one of `who` opens the route.

    Every write asks for an Idempotency-Key; `keyed=False` is for a call whose items carry keys of their own.
    `upload`: the most bytes of a multipart body, for a route that takes files. `shown_once`: the field
    of the answer that is a secret and isn't kept for a repeat. `submit`: a device may also come with the token
    that came with its leases, and does nothing else.
    `proven`: in a browser she has shown within five minutes who she is (`web.proof`). `one_by_one`: the list of
    the body whose entries are read one by one, so that one that can't be read doesn't refuse the others.
    """
    if not who:
        raise ValueError("say who may use the route")
    return Access(
        frozenset(who),
        keyed=keyed,
        upload=upload,
        shown_once=shown_once,
        submit=submit,
        proven=proven,
        one_by_one=one_by_one,
    )


def actor_of(request: HttpRequest) -> Actor:
    """Who asks. Raises: NotSignedIn, on a route that lets anybody in."""
    actor = request.META.get(_ACTOR)
    if not isinstance(actor, Actor):
        raise NotSignedIn
    return actor


def at_of(request: HttpRequest) -> dt.datetime:
    """When the request came in, by the server's clock: the `at` of whatever it does."""
    at = request.META[_AT]
    if not isinstance(at, dt.datetime):
        raise TypeError("the request came past its route's declaration")
    return at


def was_signed_in(request: HttpRequest) -> bool:
    """Whether somebody was known to ask: what she is answered is hers."""
    return _ACTOR in request.META or viewer_in(request) is not None
