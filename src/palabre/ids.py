"""Identifiers that can be made anywhere, before anything is sent."""

import os
import re
import time
import uuid

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def new_id() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits.

    Rows made one after the other lie side by side in an index.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = (milliseconds << 16) | 0x7000 | (random >> 68 & 0x0FFF)
    low = 0x8000000000000000 | (random & 0x3FFFFFFFFFFFFFFF)
    return uuid.UUID(int=(high << 64) | low)


def read_id(value: object) -> uuid.UUID:
    """An id as every door takes it: the text with its four dashes, and no other spelling. Raises: ValueError."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("not an id")
    return uuid.UUID(value)
