"""Waiting for another process, which a test may not command: asked again and again, up to a limit."""

import socket
import threading
import time
from collections.abc import Callable


def until(true: Callable[[], bool], seconds: float = 60) -> float:
    """How long it took. Fails the test when it never comes true."""
    began = time.monotonic()
    pause = threading.Event()
    while not true():
        assert time.monotonic() - began < seconds, "it never came true"
        pause.wait(0.02)
    return time.monotonic() - began


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        port: int = made.getsockname()[1]
    return port
