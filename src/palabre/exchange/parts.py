"""The parts of an upload as one file that can be read from anywhere, without joining them first."""

import bisect
import io
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING

from django.core.files.storage import default_storage

from palabre.exchange.models import Upload, UploadPart

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
