"""What somebody typed into a form when her session had ended: kept until she has signed in again."""

import uuid

from django.core import signing
from django.http import HttpRequest, QueryDict

from palabre.web.sign_in import viewer_in

_TYPED = "typed"
_MOST = 50_000
_SALT = "palabre.form"


def mark_for(account: uuid.UUID | None) -> str:
    """The hidden mark of one form on one page: new each time, and hers."""
    return signing.dumps([str(uuid.uuid4()), str(account or "")], salt=_SALT)


def keep_typed(request: HttpRequest) -> None:
    """Keep the fields of a form that came too late. Files and very long forms are not kept."""
    body = request.POST.urlencode()
    if len(body) <= _MOST:
        request.session[_TYPED] = {"path": request.path, "fields": body}


def typed_before(request: HttpRequest) -> dict[str, object]:
    """What she had typed into the form of this page; nothing for anybody else. It is given once."""
    session = getattr(request, "session", None)
    kept = session.get(_TYPED) if session is not None else None
    if session is None or not kept or kept["path"] != request.path:
        return {}
    del session[_TYPED]
    fields = QueryDict(kept["fields"])
    viewer = viewer_in(request)
    if viewer is None or _owner(fields.get("_once", "")) != str(viewer.account):
        return {}
    return {name: values if len(values) > 1 else values[0] for name, values in fields.lists()}


def _owner(mark: object) -> str:
    try:
        return str(signing.loads(str(mark), salt=_SALT)[1])
    except signing.BadSignature:
        return ""
