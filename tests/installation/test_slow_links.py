"""Eighty people send on links like a modem's; one with a good link opens a page as if they were not there."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.installation.test_serve import Server, served

SENDERS, TRIES = 80, 40
# 56 kbit/s, a tenth of a second's worth at a time.
STEP, PAUSE = 700, 0.1
BODY = 400_000
HEAD = (
    "POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    # With the cookie of the check against forgery, so that the form is read to its end.
    f"Cookie: csrftoken={'a' * 32}\r\nContent-Length: {BODY}\r\n\r\n"
)


def _send_slowly(link: socket.socket, end: threading.Event) -> None:
    while not end.wait(PAUSE):
        link.sendall(b" " * STEP)


@contextmanager
def slow_senders(server: Server, count: int) -> Iterator[None]:
    """`count` requests are on their way all through the block."""
    end = threading.Event()
    with ExitStack() as stack:
        links = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port))) for _ in range(count)
        ]
        for link in links:
            link.sendall(HEAD.encode())
        threads = [threading.Thread(target=_send_slowly, args=(link, end)) for link in links]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            end.set()
            for thread in threads:
                thread.join()


def seconds_for_a_page(server: Server) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/account/login/", headers={"Accept": "text/html", "Host": "localhost"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200
    return time.perf_counter() - began


def test_slow_senders_make_nobody_wait() -> None:
    with served() as server:
        for _ in range(5):
            seconds_for_a_page(server)
        alone = sorted(seconds_for_a_page(server) for _ in range(TRIES))
        with slow_senders(server, SENDERS):
            beside = sorted(seconds_for_a_page(server) for _ in range(TRIES))
    print(f"median {alone[TRIES // 2]:.3f} s alone, {beside[TRIES // 2]:.3f} s beside {SENDERS} senders")
    # Before bodies were gathered apart, the first page waited until a sender had ended: minutes.
    assert beside[TRIES // 2] <= max(0.1, 5 * alone[TRIES // 2])
