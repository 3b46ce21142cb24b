"""The one address of pictures outside the API: a signed link is all that it asks for."""

import datetime as dt

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase

from palabre.errors import NotFound
from palabre.web.access import at_of
from palabre.web.problems import answer
from palabre.work.media import LINK_LASTS, open_link, stored_at

# A picture opened in a tab of its own runs nothing and asks nobody.
_HEADERS = {
    "Cache-Control": f"private, max-age={LINK_LASTS // dt.timedelta(seconds=1)}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


def show(request: HttpRequest, token: str) -> HttpResponseBase:
    """The picture that a link is for. A forged, expired or unknown one is not found."""
    try:
        media = open_link(token, at=at_of(request))
        content = default_storage.open(stored_at(media.project_id, media.sha256))
    except (NotFound, FileNotFoundError):
        return answer(NotFound())
    return FileResponse(
        content, content_type=media.content_type, headers=_HEADERS | {"ETag": f'"{media.sha256}"'}
    )
