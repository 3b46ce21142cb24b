"""The web application, as ASGI: gather, run in a thread, send."""

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from palabre.serving.answering import Answer, Handler, Send, run, send_answer
from palabre.serving.environ import MOST, REFUSED, environ_of, said_twice
from palabre.serving.gathering import Full, Gone, Limits, Receive, Room, TooLong, TooSlow, gather, place_for

logger = logging.getLogger(__name__)
_WHY = {TooLong: "too_long", TooSlow: "too_slow", Full: "full"}


class Application:
    """Django's handler behind a few threads, each taken only when there is something to do for it."""

    def __init__(self, handler: Handler, threads: int, limits: Limits | None = None) -> None:
        self.handler, self.limits = handler, limits or Limits()
        self.threads = ThreadPoolExecutor(threads, "palabre-web")
        self.room = Room(self.limits)

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            await send_answer(await self._answer(scope, receive), send, self.limits)
        except (Gone, TimeoutError):
            logger.debug("%s hung up", scope["path"])

    async def _answer(self, scope: Mapping[str, Any], receive: Receive) -> Answer:
        fields = {name.lower(): value for name, value in scope["headers"]}
        most = most_of(fields, self.limits)
        with place_for(self.limits) as body:
            size, why = 0, "said_twice" if said_twice(scope["headers"]) else ""
            try:
                if not why:
                    size = await self._gather(receive, body, announced_size(fields, most), most)
            except (TooLong, TooSlow, Full) as error:
                why = _WHY[type(error)]
            environ = environ_of(scope, body, size)
            environ[MOST] = most
            if why:
                environ[REFUSED] = why
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.threads, run, self.handler, environ)

    async def _gather(self, receive: Receive, body: IO[bytes], announced: int, most: int) -> int:
        """Raises: TooLong, TooSlow, Full, Gone."""
        if announced == 0:
            return 0
        if announced > most:
            raise TooLong
        with self.room.kept(announced):
            return await gather(receive, body, most, self.limits)


def most_of(fields: Mapping[bytes, bytes], limits: Limits) -> int:
    """The largest body of this form that any route takes; each route has its own, smaller bound."""
    multipart = fields.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
    return limits.multipart if multipart else limits.plain


def announced_size(fields: Mapping[bytes, bytes], most: int) -> int:
    """How many bytes will come: 0 without a body, `most` for a body whose length isn't said."""
    length = fields.get(b"content-length", b"")
    if length.isdigit() and len(length) < 19:
        return int(length)
    return most if b"transfer-encoding" in fields else 0
