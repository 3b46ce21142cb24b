"""Waiting for another process, which a test may not command: asked again and again, up to a limit."""

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
