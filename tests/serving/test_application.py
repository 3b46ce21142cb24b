"""Gathering, refusing and sending, by the messages of ASGI; the handler is a plain function of PEP 3333."""

import asyncio
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from palabre.serving.answering import Handler
from palabre.serving.application import Application
from palabre.serving.environ import REFUSED, environ_of, said_twice
from palabre.serving.gathering import Full, Limits, Message, Room, TooSlow, gather

Headers = list[tuple[bytes, bytes]]
JSON = (b"content-type", b"application/json")


def scope_of(*headers: tuple[bytes, bytes], path: bytes = b"/here") -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "http_version": "1.1",
        "path": path.decode(),
        "raw_path": path,
        "query_string": b"a=1",
        "headers": list(headers),
        "server": ("127.0.0.1", 8000),
        "client": ("10.0.0.9", 5000),
        "scheme": "http",
    }


class Wire:
    """What the sender sends, and what came back. `None` in `parts`: the sender says nothing more."""

    def __init__(self, *parts: bytes | None) -> None:
        self.parts, self.sent = list(parts), list[Message]()

    async def receive(self) -> Message:
        if not self.parts:
            return {"type": "http.disconnect"}
        part = self.parts.pop(0)
        if part is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": part, "more_body": bool(self.parts)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


class Plain(list[bytes]):
    """An answer that is there at once."""

    def close(self) -> None:
        pass


class Stream:
    """An answer that is made while it is read."""

    streaming = True

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        pass


def echo(environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
    start("200 OK", [("X-Refused", environ.get(REFUSED, ""))])
    return Plain([environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))])


def ask(handler: Handler, wire: Wire, *headers: tuple[bytes, bytes], limits: Limits | None = None) -> Wire:
    application = Application(handler, threads=1, limits=limits)
    asyncio.run(application(scope_of(*headers), wire.receive, wire.send))
    return wire


def refused(wire: Wire) -> str:
    return str(dict(wire.sent[0]["headers"])[b"X-Refused"], "latin-1")


def length(size: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(size).encode())


def test_a_body_in_parts_comes_whole() -> None:
    wire = ask(echo, Wire(b"one ", b"two ", b"three"), JSON, length(13))
    assert (wire.status, wire.body, refused(wire)) == (200, b"one two three", "")


def test_a_body_whose_length_is_not_said_is_measured() -> None:
    wire = ask(echo, Wire(b"one ", b"two"), JSON, (b"transfer-encoding", b"chunked"))
    assert wire.body == b"one two"


def test_a_large_announcement_is_refused_before_anything_is_read() -> None:
    wire = Wire(b"x")
    assert refused(ask(echo, wire, JSON, length(2_000_000))) == "too_long"
    assert wire.parts == [b"x"]


def test_more_than_was_announced_is_refused() -> None:
    wire = Wire(*[b"x" * 70_000] * 20)
    assert refused(ask(echo, wire, JSON, (b"transfer-encoding", b"chunked"))) == "too_long"


def test_who_stops_sending_is_left() -> None:
    wire = ask(echo, Wire(b"half ", None), JSON, length(100), limits=Limits(pause=0.05))
    assert refused(wire) == "too_slow"


def test_who_sends_less_than_any_link_is_left() -> None:
    async def trickle() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b".", "more_body": True}

    limits = Limits(pause=0.1, rate=1_000)
    with pytest.raises(TooSlow):
        asyncio.run(gather(trickle, io.BytesIO(), 10_000, limits))


def test_who_hangs_up_is_answered_nothing() -> None:
    application, wire = Application(echo, threads=1), Wire(b"half")
    wire.parts.append(b"")

    async def receive() -> Message:
        return await wire.receive() if len(wire.parts) == 2 else {"type": "http.disconnect"}

    asyncio.run(application(scope_of(JSON, length(9)), receive, wire.send))
    assert wire.sent == []


def test_senders_together_take_at_most_half_of_the_disk() -> None:
    room = Room(Limits(in_memory=10), free=lambda: 100)
    with room.kept(40), room.kept(10), pytest.raises(Full):
        room.kept(90).__enter__()
    with room.kept(50):
        pass


def test_a_small_body_needs_no_room() -> None:
    with Room(Limits(in_memory=10), free=lambda: 0).kept(10):
        pass


@pytest.mark.parametrize("name", [b"Authorization", b"idempotency-key", b"Content-Type", b"host"])
def test_a_header_that_means_one_thing_is_not_said_twice(name: bytes) -> None:
    wire = ask(echo, Wire(), (name, b"a"), (name.lower(), b"b"))
    assert refused(wire) == "said_twice"


def test_headers_that_are_lists_are_joined() -> None:
    headers = [
        (b"accept-language", b"fr"),
        (b"accept-language", b"en"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
    ]
    environ = environ_of(scope_of(*headers), io.BytesIO(), 0)
    assert not said_twice(headers)
    assert (environ["HTTP_ACCEPT_LANGUAGE"], environ["HTTP_COOKIE"]) == ("fr,en", "a=1; b=2")


def test_a_header_with_an_underscore_passes_for_no_other() -> None:
    environ = environ_of(scope_of((b"x_forwarded_proto", b"https")), io.BytesIO(), 0)
    assert "HTTP_X_FORWARDED_PROTO" not in environ


def test_a_path_is_bytes_as_they_came() -> None:
    environ = environ_of(scope_of(path=b"/caf%C3%A9/%ff"), io.BytesIO(), 0)
    assert environ["PATH_INFO"].encode("latin-1") == b"/caf\xc3\xa9/\xff"


def test_a_stream_is_sent_whole_with_its_length() -> None:
    def handler(_environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [])
        return Stream([b"x" * 100_000] * 3)

    wire = ask(handler, Wire())
    assert len(wire.body) == 300_000
    assert dict(wire.sent[0]["headers"])[b"content-length"] == b"300000"


def test_a_stream_that_fails_half_way_is_no_short_file() -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise ValueError("two")

    def handler(environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
        if REFUSED in environ:
            start("500 Internal Server Error", [])
            return Plain([b"sorry"])
        start("200 OK", [])
        return Stream(broken())

    wire = ask(handler, Wire())
    assert (wire.status, wire.body) == (500, b"sorry")


def test_the_thread_is_free_while_an_answer_is_sent() -> None:
    """One thread; the first reader takes nothing of a large file, the second is answered all the same."""

    def handler(environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(b"x" * 1_000_000))
        return wrapped

    async def both() -> int:
        application, stuck, quick = Application(handler, threads=1), asyncio.Event(), Wire()

        async def never(message: Message) -> None:
            if message["type"] == "http.response.body":
                stuck.set()
                await asyncio.Event().wait()

        slow = asyncio.create_task(application(scope_of(), Wire().receive, never))
        await stuck.wait()
        await application(scope_of(), quick.receive, quick.send)
        slow.cancel()
        return len(quick.body)

    assert asyncio.run(both()) == 1_000_000


def test_who_takes_nothing_for_too_long_is_left() -> None:
    def handler(environ: dict[str, Any], start: Callable[..., None]) -> Iterable[bytes]:
        start("200 OK", [])
        wrapped: Iterable[bytes] = environ["wsgi.file_wrapper"](io.BytesIO(b"x" * 1_000_000))
        return wrapped

    async def never(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    application = Application(handler, threads=1, limits=Limits(pause=0.05))
    asyncio.run(application(scope_of(), Wire().receive, never))
