"""The list of files at the end of a ZIP archive, counted before anything of it is kept.

The standard library reads the whole list into memory; a hostile archive can make that as large as itself.
Source of the layout: PKWARE APPNOTE, 4.3.12 to 4.3.16.
"""

import struct
from typing import IO

from palabre.exchange.errors import ArchiveDamaged, ArchiveTooManyMembers
from palabre.exchange.formats.rows import Limits

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_LOCATOR_SIZE = 20
_END64 = b"PK\x06\x06"
_END64_SIZE = 56
_ENTRY = b"PK\x01\x02"
_ENTRY_SIZE = 46
_BYTES_PER_MEMBER = 256


def count_members(binary: IO[bytes], *, name: str, limits: Limits) -> int:
    """How many files the archive lists.

    Raises ArchiveDamaged when there is no list or it ends early, ArchiveTooManyMembers.
    """
    end = _end_of_directory(binary, name)
    size, at = _directory_size(binary, end, name)
    start = at - size
    if start < 0:
        raise ArchiveDamaged(name=name)
    if size > limits.members * _BYTES_PER_MEMBER:
        raise ArchiveTooManyMembers(name=name, limit=limits.members)
    return _count(binary, start, size, name=name, limit=limits.members)


def _end_of_directory(binary: IO[bytes], name: str) -> int:
    size = binary.seek(0, 2)
    start = max(0, size - _END_SIZE - 0xFFFF)
    binary.seek(start)
    found = binary.read().rfind(_END)
    if found < 0 or start + found + _END_SIZE > size:
        raise ArchiveDamaged(name=name)
    return start + found


def _directory_size(binary: IO[bytes], end: int, name: str) -> tuple[int, int]:
    """The directory's size, and the offset where it ends."""
    binary.seek(end + 12)
    (size,) = struct.unpack("<L", binary.read(4))
    if end < _LOCATOR_SIZE + _END64_SIZE:
        return size, end
    binary.seek(end - _LOCATOR_SIZE - _END64_SIZE)
    large = binary.read(_END64_SIZE + _LOCATOR_SIZE)
    if large[_END64_SIZE : _END64_SIZE + 4] != _LOCATOR:
        return size, end
    if not large.startswith(_END64):
        raise ArchiveDamaged(name=name)
    (size,) = struct.unpack("<Q", large[40:48])
    return size, end - _LOCATOR_SIZE - _END64_SIZE


def _count(binary: IO[bytes], start: int, size: int, *, name: str, limit: int) -> int:
    binary.seek(start)
    directory = memoryview(binary.read(size))
    at = count = 0
    while at < size:
        entry = directory[at : at + _ENTRY_SIZE]
        if len(entry) < _ENTRY_SIZE or entry[:4] != _ENTRY:
            raise ArchiveDamaged(name=name)
        at += _ENTRY_SIZE + sum(struct.unpack("<HHH", entry[28:34]))
        count += 1
        if count > limit:
            raise ArchiveTooManyMembers(name=name, limit=limit)
    return count
