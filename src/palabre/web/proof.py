"""A fresh proof that it is she: asked for before what somebody who picked up her open phone must not do.

    @page(Permission.WORK, proven=True)
    @router.put("/me/...", auth=allowed(Permission.WORK, proven=True), ...)

A password, a passkey, a code or a link to her own address counts, for five minutes. Somebody who has nothing to show
again (no password and no key) comes in anew by a link, or by one that was made for her because nothing else lets her
in. A token carries no proof: who made it has shown one then, and it does no more than its scopes say.
"""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from palabre.web.errors import ProofNeeded

# In the session of who came by a link that somebody made for her, or that sets a new password: when.
CAME_BY_LINK = "came_by_link"
_LINK_SECONDS = 1800


def came_by_link(request: HttpRequest) -> bool:
    """Whether she has just come by such a link. She may set a password without the old one for a while."""
    return bool(time.time() - request.session.get(CAME_BY_LINK, 0) < _LINK_SECONDS)


def proved(request: HttpRequest) -> bool:
    """Whether the person whose session this is has shown who she is a moment ago."""
    user = get_user(request)
    if not isinstance(user, AbstractBaseUser):
        return False
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    if any(record["at"] > since for record in get_authentication_records(request, user)):
        return True
    return came_by_link(request) and not get_reauthentication_flows(user)


def prove(request: HttpRequest) -> None:
    """Raises: ProofNeeded, in a browser where nothing was shown of late."""
    if "Authorization" not in request.headers and not proved(request):
        raise ProofNeeded
