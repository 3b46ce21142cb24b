"""Files to download that are made when somebody asks.

They are made whole before the first byte leaves, outside memory: where one can't be made, she gets an error that says
so instead of an empty file with status 200, the length is known, and a slow link holds no cursor of the database.
"""

import tempfile
from collections.abc import Iterable

from django.http import FileResponse

_IN_MEMORY = 1_048_576


def built(pieces: Iterable[str | bytes], name: str, content_type: str) -> FileResponse:
    """A file of these pieces. Whatever their making raises is raised here, before anything is sent."""
    # Closed by the response, once it is sent or the link is cut.
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        for piece in pieces:
            spool.write(piece.encode() if isinstance(piece, str) else piece)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    answer = FileResponse(spool, as_attachment=True, filename=name, content_type=content_type)
    answer["Cache-Control"] = "private, no-store"
    return answer
