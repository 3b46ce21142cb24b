"""The body of a request, gathered while no thread waits for it."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
MB = 1_048_576


class TooSlow(Exception):
    """The sender stopped, or sends less than anybody's link would."""


class TooLong(Exception):
    """More bytes than any route takes."""


class Gone(Exception):
    """The sender hung up before the end."""


class Full(Exception):
    """So much is being received already that this must wait."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a sender may take. Seconds, bytes, and bytes a second.

    A link of the slowest kind (GPRS at its edge) brings some 1,000 bytes a second: what is slower than
    `rate` over a whole `pause` is no link but somebody who holds a place.
    """

    pause: float = 60.0
    rate: int = 250
    whole: float = 3_600.0
    # A file comes as multipart (the largest is 5 GiB, `exchange`); all else is small.
    plain: int = MB
    multipart: int = 5 * 1024 * MB + MB
    # In memory up to here, on the disk beyond.
    in_memory: int = 64 * 1024


class Room:
    """How many bytes on the disk all senders together have here now: at most half of what is free."""

    def __init__(self, limits: Limits, free: Callable[[], int] | None = None) -> None:
        self.limits, self.taken = limits, 0
        self.free = free or (lambda: shutil.disk_usage(tempfile.gettempdir()).free)

    @contextmanager
    def kept(self, size: int) -> Iterator[None]:
        """Raises Full when there is no room for `size` more bytes."""
        if size <= self.limits.in_memory:
            yield
            return
        if (self.taken + size) * 2 > self.free() + self.taken:
            raise Full
        self.taken += size
        try:
            yield
        finally:
            self.taken -= size


async def gather(receive: Receive, into: IO[bytes], most: int, limits: Limits) -> int:
    """Write the body to `into` as it comes, and give its size: `most` bytes at most.

    The rate is held over each whole pause.

    Raises: TooSlow, TooLong, Gone.
    """
    size, since, at_since = 0, time.monotonic(), 0
    try:
        async with asyncio.timeout(limits.pause) as patience, asyncio.timeout(limits.whole):
            while True:
                message = await receive()
                size += _take(message, into)
                if size > most:
                    raise TooLong
                if not message.get("more_body"):
                    break
                now = time.monotonic()
                patience.reschedule(asyncio.get_running_loop().time() + limits.pause)
                if now - since >= limits.pause:
                    if size - at_since < limits.rate * (now - since):
                        raise TooSlow
                    since, at_since = now, size
    except TimeoutError:
        raise TooSlow from None
    into.seek(0)
    return size


def _take(message: Message, into: IO[bytes]) -> int:
    if message["type"] != "http.request":
        raise Gone
    return into.write(message.get("body", b""))


def place_for(limits: Limits) -> IO[bytes]:
    """Where a body waits for its thread."""
    return tempfile.SpooledTemporaryFile(max_size=limits.in_memory)
