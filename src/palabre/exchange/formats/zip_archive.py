"""ZIP of pictures or texts: each file is a task. Nothing is ever written where a member's name says.

What comes out is counted while it comes out: what the archive says of its own sizes is not believed.
"""

import codecs
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

from palabre.exchange.errors import (
    ArchiveDamaged,
    ArchiveExpandsTooMuch,
    EncodingNotClear,
    FileNotSupported,
    MemberDamaged,
    MemberRefused,
    MemberTooLarge,
)
from palabre.exchange.formats.central_directory import count_members
from palabre.exchange.formats.decoding import encoding_of, forbidden_in
from palabre.exchange.formats.excerpts import excerpt
from palabre.exchange.formats.json_rows import checked_id
from palabre.exchange.formats.member_names import MemberNames, contradiction
from palabre.exchange.formats.rows import (
    BadRow,
    Expectations,
    JsonValue,
    Limits,
    Media,
    Position,
    Problem,
    Row,
)
from palabre.exchange.formats.signatures import HEAD, PICTURES, kind_of

_BLOCK = 64 * 1024
_SPOOL = 1024**2
# Below these sizes even a very good ratio is no danger: white space packs a thousand times.
_HARMLESS_MEMBER = 16 * 1024**2
_HARMLESS_TOTAL = 256 * 1024**2
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile raises on damaged members and directories.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    LookupError,
)


class Archive:
    """An open archive; `unpacked` counts all bytes that came out of it."""

    def __init__(self, binary: IO[bytes], *, name: str, limits: Limits) -> None:
        """Raises ArchiveDamaged, ArchiveTooManyMembers, FileNotSupported (an Office document is a ZIP)."""
        count_members(binary, name=name, limits=limits)
        self._packed = binary.seek(0, 2)
        self._name = name
        self._limits = limits
        self.unpacked = 0
        try:
            self._zip = zipfile.ZipFile(binary)
        except _DAMAGE as error:
            raise ArchiveDamaged(name=name) from error
        self.members = self._zip.infolist()
        self._refuse_office()
        self._refuse_overlaps()

    def _refuse_office(self) -> None:
        names = {member.filename for member in self.members[:100]}
        if "[Content_Types].xml" in names:
            sheet = any(name.startswith("xl/") for name in names)
            raise FileNotSupported(name=self._name, found="excel" if sheet else "word")
        if "mimetype" in names and "content.xml" in names:
            raise FileNotSupported(name=self._name, found="open document")

    def _refuse_overlaps(self) -> None:
        # Members that share their bytes are how a small archive unpacks to petabytes.
        begun = 0
        for member in sorted(self.members, key=lambda each: each.header_offset):
            if member.header_offset < begun:
                raise ArchiveDamaged(name=self._name)
            begun = member.header_offset + member.compress_size

    def rows(
        self, expectations: Expectations, encoding: str | None, start: Position | None
    ) -> Iterator[Row | BadRow]:
        """One row a file. A position is (members that are done, 0, 0); a line is a member's number."""
        done = start[0] if start else 0
        names = MemberNames()
        for number, member in enumerate(self.members):
            problem = names.problem_with(member) if names.counts(member) else None
            if number < done or not names.counts(member):
                continue
            position = (number + 1, 0, 0)
            outcome = problem or self._row_parts(number, expectations, encoding)
            if isinstance(outcome, Problem):
                yield outcome._replace(value=excerpt(member.orig_filename, 200)).at(number + 1, position)
            else:
                yield Row(number + 1, position, *outcome)

    def _row_parts(
        self, number: int, expectations: Expectations, encoding: str | None
    ) -> tuple[str | None, dict[str, JsonValue], Media | None] | Problem:
        member = self.members[number]
        if problem := _unreadable(member):
            return problem
        identifier = checked_id(member.filename, "file", expectations)
        if isinstance(identifier, Problem):
            return identifier
        payload: dict[str, JsonValue] = {"file": member.filename}
        try:
            blocks = self._blocks(member)
            head = next(blocks, b"")
            kind = kind_of(head[:HEAD])
            if problem := _kind_problem(member.filename, kind, head):
                return problem
            if kind is not None:
                opener = partial(self.open, number)
                return identifier, payload, Media(member.filename, number, f"image/{kind}", opener)
            text = _text(self._small(member, head, blocks), encoding, member.filename)
        except MemberRefused as error:
            return Problem.of(error)
        return text if isinstance(text, Problem) else (identifier, payload | {"text": text}, None)

    def _small(self, member: zipfile.ZipInfo, head: bytes, rest: Iterator[bytes]) -> bytes:
        """The whole of a text, which may not be longer than a cell."""
        content = bytearray(head)
        for block in rest:
            content += block
            if len(content) > self._limits.cell_bytes:
                break
        if len(content) > self._limits.cell_bytes:
            raise MemberTooLarge(member=member.filename, limit=self._limits.cell_bytes)
        return bytes(content)

    def _blocks(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The member's bytes. Raises MemberDamaged, MemberTooLarge, ArchiveExpandsTooMuch."""
        out, limit = 0, self._limits.member_bytes
        try:
            with self._zip.open(member) as packed:
                while block := packed.read(_BLOCK):
                    out += len(block)
                    self.unpacked += len(block)
                    self._check_expansion(member, out)
                    if out > limit:
                        raise MemberTooLarge(member=member.filename, limit=limit)
                    yield block
        except _DAMAGE as error:
            raise MemberDamaged(member=member.filename) from error

    def _check_expansion(self, member: zipfile.ZipInfo, out: int) -> None:
        ratio, total = self._limits.expansion, self.unpacked
        if (
            total > self._limits.unpacked_bytes
            or (total > _HARMLESS_TOTAL and total > ratio * self._packed)
            or (out > _HARMLESS_MEMBER and out > ratio * member.compress_size)
        ):
            raise ArchiveExpandsTooMuch(name=self._name, size=total)

    @contextmanager
    def open(self, number: int) -> Iterator[IO[bytes]]:
        """The bytes of one member, held in memory up to 1 MB and in a temporary file above.

        Raises MemberDamaged, MemberTooLarge, ArchiveExpandsTooMuch.
        """
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
            for block in self._blocks(self.members[number]):
                spool.write(block)
            spool.seek(0)
            yield spool


def _text(content: bytes, named: str | None, name: str) -> str | Problem:
    try:
        encoding = encoding_of(content, named=named, name=name)
    except EncodingNotClear as error:
        return Problem("text.bytes", None, "", {"byte": str(error.fields["value"])})
    decoder = codecs.getincrementaldecoder(encoding.codec)(encoding.errors)
    text = decoder.decode(content[encoding.bom :])
    if half := decoder.getstate()[0]:
        return Problem("text.bytes", None, "", {"byte": f"0x{half[0]:02X}"})
    if not text.strip():
        return Problem("member.empty", None, "", {})
    return forbidden_in(text, None) or text


def _unreadable(member: zipfile.ZipInfo) -> Problem | None:
    mode = stat.S_IFMT(member.external_attr >> 16)
    if mode not in (0, stat.S_IFREG):
        return Problem("member.link", None, "", {})
    if member.flag_bits & _ENCRYPTED:
        return Problem("member.encrypted", None, "", {})
    if member.compress_type not in _PACKINGS:
        return Problem("member.packing", None, "", {})
    return None


def _kind_problem(name: str, kind: str | None, head: bytes) -> Problem | None:
    if not head:
        return Problem("member.empty", None, "", {})
    if problem := contradiction(name, kind):
        return problem
    if kind is None or kind in PICTURES:
        return None
    if kind == "svg":
        return Problem("picture.is_drawing", None, "", {})
    if kind in {"zip", "other archive"}:
        return Problem("member.archive", None, "", {})
    return Problem("member.kind", None, "", {"found": kind})
