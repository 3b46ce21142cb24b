"""granian with the application loaded before its workers are parted from it, so that they share its memory.

Where processes are forked (Python's default on Linux up to 3.13), a worker that follows finds modules, models and
routes as they are: two workers with all the rest take 327 MB at rest, not 384. Nothing that a fork would break
exists yet: no thread, no connection.
"""

import gc
import multiprocessing

from granian.cli import entrypoint


def load() -> None:
    """All that a first request would load."""
    from django.urls import get_resolver

    import palabre.asgi  # noqa: F401 (it sets Django up)

    get_resolver().url_patterns  # noqa: B018 (reading it imports every page and the API)
    # What is there now stays: the collector of a worker has no reason to write to these pages.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    if multiprocessing.get_start_method() == "fork":
        load()
    entrypoint()  # type: ignore[no-untyped-call]
