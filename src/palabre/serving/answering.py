"""An answer, made whole in a thread of Django's and sent when that thread is free again."""

import asyncio
import io
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import IO, Any

from django.db import close_old_connections

from palabre.serving.environ import REFUSED
from palabre.serving.gathering import Limits, Message

logger = logging.getLogger(__name__)
Send = Callable[[Message], Awaitable[None]]
Handler = Callable[..., Iterable[bytes]]
CHUNK = 64 * 1024
MB = 1_048_576


@dataclass(slots=True)
class Answer:
    """Status and fields; the content at once, or as a file that is read while it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes
    file: IO[bytes] | None = None


class _Passed:
    """`wsgi.file_wrapper` of PEP 3333: an open file that needs no thread to be sent."""

    def __init__(self, file: IO[bytes], block_size: int = CHUNK) -> None:
        self.file, self.block_size = file, block_size

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(self.block_size), b"")

    def close(self) -> None:
        self.file.close()


def run(handler: Handler, environ: dict[str, Any]) -> Answer:
    """Let Django answer, in this thread, to the last byte: a stream that fails half-way is an error and no
    short file with a good status."""
    environ["wsgi.file_wrapper"] = _Passed
    try:
        return _answer(handler, environ)
    except Exception:
        # Django turns what its views raise into an answer: this came while an answer was read.
        logger.exception("%s: the answer ended half-way", environ["PATH_INFO"])
        return _answer(
            handler, environ | {REFUSED: "failed", "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}
        )
    finally:
        # Of this thread: an open file is closed elsewhere, after it was sent.
        close_old_connections()


def _answer(handler: Handler, environ: dict[str, Any]) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:  # noqa: ARG001
        started.append((status, headers))

    response = handler(environ, start)
    status, headers = started[0]
    answer = Answer(int(status[:3]), [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers], b"")
    if isinstance(response, _Passed):
        answer.file = response.file
    else:
        _collect(response, answer)
    return answer


def _collect(response: Iterable[bytes], answer: Answer) -> None:
    """All of a response; a long stream goes to the disk."""
    with closing(response):  # type: ignore[type-var]
        if not getattr(response, "streaming", False):
            answer.content = b"".join(response)
            return
        answer.file = _spooled(response)
        answer.headers.append((b"content-length", str(answer.file.tell()).encode()))
        answer.file.seek(0)


def _spooled(parts: Iterable[bytes]) -> IO[bytes]:
    with ExitStack() as stack:
        spool = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=MB))
        for part in parts:
            spool.write(part)
        stack.pop_all()
        return spool


async def send_answer(answer: Answer, send: Send, limits: Limits) -> None:
    """At the speed of whoever receives it. One who takes nothing for a whole pause is left."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if answer.file is None:
        await send({"type": "http.response.body", "body": answer.content})
        return
    try:
        while True:
            part = await asyncio.to_thread(answer.file.read, CHUNK)
            async with asyncio.timeout(limits.pause):
                await send({"type": "http.response.body", "body": part, "more_body": bool(part)})
            if not part:
                return
    finally:
        await asyncio.to_thread(answer.file.close)
