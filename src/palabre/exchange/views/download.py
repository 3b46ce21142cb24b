"""The one address of exported files outside the API: a signed link is all that it asks for."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase

from palabre.errors import NotFound
from palabre.exchange.links import open_export
from palabre.web.access import at_of
from palabre.web.problems import answer

_TYPES = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "label_studio": "application/json",
}


def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file that a link is for, streamed. A forged, expired or unknown one is not found."""
    try:
        one = open_export(token, at=at_of(request))
        content = default_storage.open(one.file)
    except (NotFound, FileNotFoundError):
        return answer(NotFound())
    name = f"{one.what}-{one.asked_at:%Y-%m-%d}.{one.file.rpartition('.')[2]}"
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(
        content, as_attachment=True, filename=name, content_type=_TYPES[one.format], headers=headers
    )
