"""The parts of an upload as one file that can be read from anywhere, without joining them first."""

import bisect
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from django.core.files.storage import default_storage

from palabre.exchange.models import Import, Upload, UploadPart

PART_BYTES = 8 * 1024**2

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class PartsFile(io.RawIOBase):
    """Seekable; one part is open at a time."""

    def __init__(self, parts: Sequence[UploadPart]) -> None:
        super().__init__()
        self._parts = sorted(parts, key=lambda part: part.offset)
        self._begins = [part.offset for part in self._parts]
        self._size = sum(part.size for part in self._parts)
        self._at = 0
        self._open: tuple[int, IO[bytes]] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, origin + offset)
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Up to the end of one part: `read` of a buffered reader asks again."""
        view = memoryview(buffer).cast("B")
        if self._at >= self._size or not view:
            return 0
        number = bisect.bisect_right(self._begins, self._at) - 1
        part = self._parts[number]
        file = self._part(number)
        file.seek(self._at - part.offset)
        data = file.read(min(len(view), part.offset + part.size - self._at))
        view[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._let_go()
        super().close()

    def _part(self, number: int) -> IO[bytes]:
        if self._open is None or self._open[0] != number:
            self._let_go()
            self._open = (number, default_storage.open(self._parts[number].file))
        return self._open[1]

    def _let_go(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def opened(upload: Upload) -> io.BufferedReader:
    """What has arrived of a file, to be read from anywhere."""
    return io.BufferedReader(PartsFile(list(upload.parts.all())), 128 * 1024)


@contextmanager
def content_of(one: Import) -> Iterator[IO[bytes]]:
    """The file of an import: one piece, or the parts of its upload as they came. Raises: FileNotFoundError."""
    if one.file:
        with default_storage.open(one.file) as file:
            yield file
        return
    parts = list(UploadPart.objects.filter(upload__became=one))
    if not parts:
        raise FileNotFoundError(str(one.id))
    with io.BufferedReader(PartsFile(parts), 128 * 1024) as file:
        yield file


def forget_content(one: Import) -> None:
    """The file is not kept once its rows are tasks."""
    if one.file:
        default_storage.delete(one.file)
        return
    parts = UploadPart.objects.filter(upload__became=one)
    for name in parts.values_list("file", flat=True):
        default_storage.delete(name)
    parts.delete()


def digest_of(file: IO[bytes]) -> str:
    """What a file holds: SHA-256 over the SHA-256 of each 8 MiB of it, so that parts of that size give it unread."""
    whole = hashlib.sha256()
    while piece := file.read(PART_BYTES):
        whole.update(hashlib.sha256(piece).digest())
    return whole.hexdigest()


def digest_of_upload(upload: Upload) -> str:
    """The same of a file that came in parts."""
    parts = sorted(upload.parts.all(), key=lambda part: part.offset)
    if any(part.size != PART_BYTES for part in parts[:-1]):
        with opened(upload) as file:
            return digest_of(file)
    return hashlib.sha256(b"".join(bytes.fromhex(part.sha256) for part in parts)).hexdigest()
