"""Identifiers that can be made anywhere, before anything is sent."""

import os
import time
import uuid


def new_id() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits.

    Rows made one after the other lie side by side in an index.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = (milliseconds << 16) | 0x7000 | (random >> 68 & 0x0FFF)
    low = 0x8000000000000000 | (random & 0x3FFFFFFFFFFFFFFF)
    return uuid.UUID(int=(high << 64) | low)
