"""Started by the first, shared by all, stopped by the last; back after any death."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from palabre.embedded import Cluster, EmbeddedDatabaseError, postmaster
from tests.embedded.conftest import QUICK
from tests.waiting import until

HOLD = """
import sys
from pathlib import Path
from palabre.embedded import Cluster
with Cluster(Path(sys.argv[1]), {"fsync": "off"}).attached() as started:
    print(started, flush=True)
    sys.stdin.read()
"""


def ask(cluster: Cluster, query: str) -> object:
    with psycopg.connect(cluster.address()) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def holder(home: Path) -> subprocess.Popen[str]:
    """Another program that uses the server until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def kill_server(cluster: Cluster) -> None:
    process = postmaster.find(cluster.place.data)
    assert process is not None
    process.send_signal(signal.SIGKILL)
    until(lambda: not cluster.is_running())


def test_it_starts_and_stops(cluster: Cluster) -> None:
    with cluster.attached() as started:
        assert started
        assert ask(cluster, "SELECT 1") == 1
    assert not cluster.is_running()


def test_data_outlive_a_stop(cluster: Cluster) -> None:
    with cluster.attached(), psycopg.connect(cluster.address()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS seven")
    with cluster.attached():
        assert ask(cluster, "SELECT seven FROM kept") == 7


def test_it_is_unicode_in_utc_without_a_port(cluster: Cluster) -> None:
    with cluster.attached():
        assert ask(cluster, "SHOW server_encoding") == "UTF8"
        assert ask(cluster, "SELECT lower('ÉÑ')") == "éñ"
        assert ask(cluster, "SHOW timezone") == "UTC"
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert ask(cluster, "SHOW data_checksums") == "on"


def test_what_is_acknowledged_is_on_the_disk(home: Path) -> None:
    """Without the overrides of the tests, nothing is traded for speed."""
    durable = Cluster(home)
    with durable.attached():
        assert ask(durable, "SHOW fsync") == "on"
        assert ask(durable, "SHOW synchronous_commit") == "on"
        assert ask(durable, "SHOW full_page_writes") == "on"


def test_others_may_not_enter(cluster: Cluster) -> None:
    with cluster.attached():
        for folder in (cluster.place.data, cluster.place.sockets):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_last_one_stops_it(cluster: Cluster, home: Path) -> None:
    with holder(home) as other:
        assert said(other) == "True"
        with cluster.attached() as started:
            assert not started
        assert cluster.is_running()
        other.communicate()
    assert not cluster.is_running()


def test_a_user_that_was_killed_is_not_waited_for(cluster: Cluster, home: Path) -> None:
    with holder(home) as other:
        said(other)
        with cluster.attached():
            other.kill()
            other.wait()
        assert not cluster.is_running()


def test_two_first_ones_start_one_server(home: Path, cluster: Cluster) -> None:
    with holder(home) as first, holder(home) as second:
        assert sorted([said(first), said(second)]) == ["False", "True"]
        first.communicate()
        second.communicate()
    assert not cluster.is_running()


def test_it_is_back_after_a_kill(cluster: Cluster) -> None:
    with cluster.attached():
        with psycopg.connect(cluster.address(), autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS acknowledged")
            connection.execute("CREATE TABLE acknowledged AS SELECT 1 AS one")
        kill_server(cluster)
        assert cluster.ensure_running()
        assert not cluster.ensure_running()
        assert ask(cluster, "SELECT one FROM acknowledged") == 1


def test_it_is_back_when_killed_with_its_user(cluster: Cluster, home: Path) -> None:
    """The next program finds the dead server's lock files, and perhaps its number as a zombie."""
    with holder(home) as other:
        said(other)
        kill_server(cluster)
        other.kill()
    with cluster.attached() as started:
        assert started
        assert ask(cluster, "SELECT 1") == 1


def test_a_number_that_another_program_has_now_is_no_server(cluster: Cluster) -> None:
    with cluster.attached():
        kill_server(cluster)
        (cluster.place.data / "postmaster.pid").write_text(f"{os.getpid()}\n", encoding="ascii")
        assert not cluster.is_running()
        assert cluster.ensure_running()


def test_a_first_run_cut_half_way_leaves_no_half(cluster: Cluster) -> None:
    aside = cluster.place.data.with_suffix(".new")
    with cluster.attached():
        pass
    cluster.place.data.rename(aside)
    (aside / "PG_VERSION").unlink()
    with cluster.attached():
        assert ask(cluster, "SELECT 1") == 1
    assert not aside.exists()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    broken = Cluster(home, QUICK | {"shared_buffers": "nonsense"})
    with pytest.raises(EmbeddedDatabaseError, match="shared_buffers"), broken.attached():
        pass
    assert not broken.is_running()
