"""A server of this folder's own, apart from the one that the suite runs on."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.embedded import Cluster

QUICK = {"fsync": "off"}


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """Open to the account that runs the server when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="palabre-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def cluster(home: Path) -> Iterator[Cluster]:
    made = Cluster(home, QUICK)
    yield made
    made.stop()
