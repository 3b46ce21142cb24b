"""Names of files in an archive: which may stand, and which don't count."""

import posixpath
import re
import unicodedata
import zipfile

from palabre.exchange.formats.decoding import FORBIDDEN
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.rows import Problem
from palabre.exchange.formats.signatures import PICTURES, ending_of

_DISK = re.compile("[A-Za-z]:")
_LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_PICTURE_ENDINGS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".webp": "webp", ".gif": "gif"}
_TABLE_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_TEXT_ENDINGS = {".txt", ".text", ".md"}


class MemberNames:
    """The names seen so far."""

    def __init__(self) -> None:
        self._seen: dict[str, str] = {}

    def counts(self, member: zipfile.ZipInfo) -> bool:
        """Whether the member is a file that somebody put there: not a folder, not what systems leave behind."""
        folder, _, base = member.filename.rpartition("/")
        if not base or folder.split("/", 1)[0] == "__MACOSX":
            return False
        return base not in _LEFT_BY_SYSTEMS and not base.startswith("._")

    def problem_with(self, member: zipfile.ZipInfo) -> Problem | None:
        """A path that leads elsewhere, or a name that another member has, on any common system of files."""
        # zipfile cuts a name at NUL; the original shows what was meant.
        name = member.orig_filename
        if _leads_elsewhere(name):
            return Problem("member.path", None, "", {})
        path = unicodedata.normalize("NFC", posixpath.normpath(name))
        other = self._seen.setdefault(path.casefold(), path)
        if other is path:
            return None
        if other == path:
            return Problem("member.repeated", None, "", {})
        return Problem("member.case", None, "", {"other": excerpt(other, 200)})


def _leads_elsewhere(name: str) -> bool:
    return (
        name.startswith("/")
        or "\\" in name
        or ".." in name.split("/")
        or _DISK.match(name) is not None
        or FORBIDDEN.search(name) is not None
    )


def contradiction(name: str, kind: str | None) -> Problem | None:
    """A name that says one thing of a member whose content is another (`kind` None: a text)."""
    ending = ending_of(name)
    expected = _PICTURE_ENDINGS.get(ending)
    if expected is not None and kind not in PICTURES:
        return Problem("member.name", None, "", {"expected": expected, "found": kind or "text"})
    if ending in _TEXT_ENDINGS and kind is not None:
        return Problem("member.name", None, "", {"expected": "text", "found": kind})
    if ending in _TABLE_ENDINGS and kind is None:
        return Problem("member.kind", None, "", {"found": _TABLE_ENDINGS[ending]})
    return None
