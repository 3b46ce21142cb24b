"""What a file really is, from its first bytes."""

import codecs
import re
from pathlib import PurePosixPath

import puremagic

HEAD = 4096
PICTURES = ("jpeg", "png", "webp", "gif")
_EXACT = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x1f\x8b", "other archive"),
    (b"BZh", "other archive"),
    (b"7z\xbc\xaf\x27\x1c", "other archive"),
    (b"Rar!\x1a\x07", "other archive"),
    (b"\xfd7zXZ\x00", "other archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office"),
    (b"\x7fELF", "program"),
)
# puremagic takes any text that begins with BM for a picture, so it is asked about binary data only.
_BY_ENDING = {
    ".heic": "heif",
    ".heif": "heif",
    ".avif": "avif",
    ".tif": "tiff",
    ".tiff": "tiff",
    ".bmp": "bmp",
    ".exe": "program",
    ".dll": "program",
    ".tar": "other archive",
} | dict.fromkeys((".mp3", ".mp4", ".m4a", ".mov", ".avi", ".wav", ".ogg", ".flac", ".webm"), "sound or film")
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|svg|!--)", re.IGNORECASE)
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f"))
_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def kind_of(head: bytes) -> str | None:
    """The code of a kind in `FILE_KINDS`, or None for what may be a text."""
    for signature, kind in _EXACT:
        if head.startswith(signature):
            return _office_or(kind, head)
    if head.startswith(b"RIFF"):
        return "webp" if head[8:12] == b"WEBP" else "sound or film"
    if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        return "svg" if b"<svg" in head.lower() else "page"
    if _is_binary(head):
        return _named_by_puremagic(head)
    return None


def _office_or(kind: str, head: bytes) -> str:
    """Documents of the office suites are ZIP archives too."""
    if kind != "zip":
        return kind
    if b"[Content_Types].xml" in head or b"docProps/app.xml" in head:
        return "word" if b"word/" in head else "excel"
    return "open document" if b"mimetypeapplication/vnd.oasis" in head else kind


def _is_binary(head: bytes) -> bool:
    # A few control characters in a text are a matter for their rows; many mean that this never was a text.
    if head.startswith(_BOMS) or looks_like_utf16(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > 3 and controls * 20 > len(head)


def looks_like_utf16(head: bytes) -> bool:
    """Whether every second byte is nearly always NUL: UTF-16 without its mark."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    return max(even, odd) * 5 > len(head) * 2 and min(even, odd) * 20 < len(head)


def _named_by_puremagic(head: bytes) -> str:
    try:
        ending = puremagic.from_string(head)
    except puremagic.PureError:
        return "binary"
    return _BY_ENDING.get(ending, "binary")


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters with its dot, "" when there is none."""
    return PurePosixPath(name).suffix.lower()
