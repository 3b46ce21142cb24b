"""One embedded PostgreSQL for the whole run; each worker has a database of its own.

Loaded with `-p tests.database`, before Django reads its settings.
"""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

_stack = ExitStack()


def _start_database() -> None:
    """Workers attach to the server of the process that started them."""
    from palabre.embedded import Cluster

    if "PALABRE_TEST_HOME" not in os.environ:
        made = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="palabre-tests-")))
        made.chmod(0o755)
        os.environ["PALABRE_TEST_HOME"] = str(made)
    home = Path(os.environ["PALABRE_TEST_HOME"])
    cluster = Cluster(home, {"fsync": "off", "full_page_writes": "off", "max_connections": "120"})
    _stack.enter_context(cluster.attached())
    os.environ["PALABRE_HOME"] = str(home)
    # A live server in one thread holds connections while tests of races open several more.
    os.environ["PALABRE_POOL_SIZE"] = "12"
    os.environ["DATABASE_URL"] = f"postgresql://palabre@/palabre?host={cluster.place.sockets}"


def _forget_settings() -> None:
    """The suite runs with default settings, whatever the shell has."""
    for name in list(os.environ):
        if name.startswith("PALABRE_") and not name.startswith(("PALABRE_TEST_", "PALABRE_CHROMIUM")):
            del os.environ[name]


_forget_settings()
_start_database()


def pytest_unconfigure() -> None:
    _stack.close()
