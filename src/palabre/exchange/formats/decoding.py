"""From bytes to text: which encoding a file is in, and a reader that keeps what is not text at its place.

Bytes that do not decode become lone surrogates (PEP 383) and so stay inside their row: the row is refused
with its place, the rest of the file is read.
"""

import codecs
import re
from dataclasses import dataclass
from typing import IO

from palabre.exchange.errors import EncodingNotClear, EncodingNotOffered
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.rows import Problem
from palabre.exchange.formats.signatures import looks_like_utf16

# NUL and lone surrogates cannot be stored by PostgreSQL; the other controls break XML, terminals and eyes.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SAMPLE = 256 * 1024
_NUL = re.compile("\x00")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding as read here: `bom` is the number of bytes before the text begins."""

    name: str
    codec: str
    errors: str
    bom: int = 0

    @property
    def unit(self) -> int:
        """Bytes of the smallest unit."""
        return 2 if self.codec.startswith("utf-16") else 1

    def size(self, text: str) -> int:
        """The number of bytes that `text`, read from the file, took there."""
        if self.codec == "utf-8" and text.isascii():
            return len(text)
        return len(text.encode(self.codec, self.errors))

    def decode_start(self, head: bytes) -> str:
        """The text that a file begins with; half a character at the end is left out."""
        return codecs.getincrementaldecoder(self.codec)(self.errors).decode(head[self.bom :])


_BOMS = (
    (codecs.BOM_UTF8, Encoding("utf-8", "utf-8", "surrogateescape", 3)),
    (codecs.BOM_UTF16_LE, Encoding("utf-16", "utf-16-le", "surrogatepass", 2)),
    (codecs.BOM_UTF16_BE, Encoding("utf-16", "utf-16-be", "surrogatepass", 2)),
)
UTF8 = Encoding("utf-8", "utf-8", "surrogateescape")
_NAMED = {
    "utf-8": UTF8,
    "windows-1252": Encoding("windows-1252", "cp1252", "surrogateescape"),
    "latin-1": Encoding("latin-1", "latin-1", "surrogateescape"),
}
ENCODINGS = tuple(_NAMED)


def encoding_of(head: bytes, *, named: str | None, name: str) -> Encoding:
    """The encoding of a file that begins with `head`. A byte order mark wins over what the caller names.

    Raises EncodingNotOffered, or EncodingNotClear for a text in an old one-byte encoding that is not named:
    bytes that are not UTF-8 and are at least as many as those that are (one odd byte among many good letters
    is damage, and is reported with its row).
    """
    if head.startswith(codecs.BOM_UTF32_LE):
        raise EncodingNotOffered(encoding="UTF-32", offered=", ".join(ENCODINGS))
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if named is not None:
        return _named(named)
    text = UTF8.decode_start(head)
    if looks_like_utf16(head):
        raise _not_utf8(text, name, _NUL)
    odd = _ESCAPED_BYTE.findall(text)
    if odd and len(odd) * 2 >= len(_NOT_ASCII.findall(text)):
        raise _not_utf8(text, name, _ESCAPED_BYTE)
    return UTF8


def _named(named: str) -> Encoding:
    encoding = _NAMED.get(named.strip().lower())
    if encoding is None:
        raise EncodingNotOffered(encoding=named, offered=", ".join(ENCODINGS))
    return encoding


def _not_utf8(text: str, name: str, odd: re.Pattern[str]) -> EncodingNotClear:
    before, found, _ = re.split(f"({odd.pattern})", text, maxsplit=1)
    line = before.rpartition("\n")[2]
    return EncodingNotClear(
        name=name,
        line=before.count("\n") + 1,
        byte=UTF8.size(line) + 1,
        value=f"0x{ord(found) & 0xFF:02X}",
        offered=", ".join(ENCODINGS[1:]),
    )


class TextSource:
    """The text of a seekable binary file from a byte offset on, in pieces that never cut CR LF in two."""

    def __init__(self, binary: IO[bytes], encoding: Encoding, offset: int) -> None:
        binary.seek(offset)
        self._binary = binary
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(encoding.errors)
        self._held = ""

    def read(self, size: int) -> str:
        """The text of about `size` bytes; "" at the end and only there."""
        while block := self._binary.read(size):
            text = self._held + self._decoder.decode(block)
            self._held = "\r" if text.endswith("\r") else ""
            if kept := text.removesuffix("\r"):
                return kept
        return self._last()

    def _last(self) -> str:
        # What the decoder still holds is half a character: kept as surrogates, so that its row is refused.
        half = self._decoder.getstate()[0]
        self._decoder.reset()
        odd = len(half) % self._encoding.unit
        units = half[: len(half) - odd].decode(self._encoding.codec, self._encoding.errors)
        text = self._held + units + "".join(chr(0xDC00 | byte) for byte in half[len(half) - odd :])
        self._held = ""
        return text


def forbidden_in(text: str, column: str | None) -> Problem | None:
    """The first character of `text` that no row may hold, as a problem."""
    found = FORBIDDEN.search(text)
    if found is None:
        return None
    around = excerpt(text[max(0, found.start() - 20) : found.start() + 40])
    code = ord(found[0])
    if code < 0x80:
        return Problem("text.control", column, around, {"character": f"U+{code:04X}"})
    if 0xDC80 <= code <= 0xDCFF:
        return Problem("text.bytes", column, around, {"byte": f"0x{code - 0xDC00:02X}"})
    return Problem("text.surrogate", column, around, {"character": f"U+{code:04X}"})
