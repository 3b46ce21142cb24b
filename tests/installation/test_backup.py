"""A backup made beside work, put back on an empty machine: nothing is lost, nothing runs meanwhile, all is verified."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from palabre.embedded import Cluster
from tests.installation.home import empty_home, environment, palabre

FOUNDED = (
    "init",
    "--operator=Maison",
    "--country=SN",
    "--timezone=Africa/Dakar",
    "--name=Ada",
    "--email=ada@maison.example",
)


def in_home(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return palabre(*words, PALABRE_HOME=str(home))


@contextmanager
def founded() -> Iterator[Path]:
    """An installation with an administrator, a sealed record and a file."""
    with empty_home() as home:
        assert in_home(home, *FOUNDED).returncode == 0
        assert in_home(home, "record", "seal").returncode == 0
        (home / "media/media").mkdir(parents=True)
        (home / "media/media/one.webp").write_bytes(b"picture")
        yield home


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with founded() as made:
        yield made


@pytest.fixture(scope="module")
def file(home: Path) -> Path:
    """A backup of that installation."""
    made = home / "whole.palabre"
    done = in_home(home, "backup", str(made))
    assert done.returncode == 0, done.stderr
    return made


def people_in(home: Path) -> int:
    cluster = Cluster(home)
    with cluster.attached(), psycopg.connect(cluster.address()) as connection:
        row = connection.execute("SELECT count(*) FROM people_account").fetchone()
        return int(row[0]) if row else 0


def test_it_comes_back_whole_on_an_empty_machine(home: Path, file: Path) -> None:
    with empty_home() as other:
        done = in_home(other, "restore", str(file))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "✗" not in done.stdout
        assert people_in(other) == people_in(home) == 1
        assert (other / "media/media/one.webp").read_bytes() == b"picture"
        assert sorted(path.name for path in (other / "keys").iterdir()) == sorted(
            path.name for path in (home / "keys").iterdir()
        )
        assert not (other / "returning").exists()


def test_it_is_for_its_owner_only(file: Path) -> None:
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert "keys/secret" in names
    assert names[-1] == "palabre.json"


def test_a_file_that_is_there_is_never_replaced(home: Path, file: Path) -> None:
    before = file.read_bytes()
    again = in_home(home, "backup", str(file))
    assert (again.returncode, "another name" in again.stderr) == (1, True)
    assert file.read_bytes() == before


def test_where_people_are_nothing_is_put_back(home: Path, file: Path) -> None:
    refused = in_home(home, "restore", str(file))
    assert (refused.returncode, "already" in refused.stderr) == (1, True)
    assert people_in(home) == 1


def test_not_beside_a_running_installation(file: Path) -> None:
    with empty_home() as other, Cluster(other).attached():
        refused = in_home(other, "restore", str(file))
        assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)


@pytest.mark.parametrize("how", ["cut", "changed", "foreign"])
def test_a_damaged_file_changes_nothing(file: Path, how: str) -> None:
    with empty_home() as other:
        content = bytearray(file.read_bytes())
        if how == "cut":
            content = content[: len(content) // 2]
        elif how == "changed":
            content[content.index(b"picture")] ^= 1
        else:
            content = bytearray(b"no tar at all" * 100)
        damaged = other / "damaged.palabre"
        damaged.write_bytes(content)
        refused = in_home(other, "restore", str(damaged))
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert not (other / "media").exists()
        assert not (other / "returning").exists()


def test_one_that_was_cut_off_is_begun_anew_and_nothing_starts_before(file: Path) -> None:
    with empty_home() as other:
        assert in_home(other, "restore", str(file)).returncode == 0
        (other / "returning").mkdir()
        shutil.rmtree(other / "media")
        refused = in_home(other, "record", "verify")
        assert (refused.returncode, "cut off" in refused.stderr) == (1, True)
        assert in_home(other, "restore", str(file)).returncode == 0
        assert (other / "media/media/one.webp").exists()


def test_beside_work() -> None:
    """Writers go on while it is made; what comes back is one instant, with every transaction whole or not at all."""
    with founded() as home, empty_home() as other, Cluster(home).attached():
        writing = subprocess.Popen(
            [sys.executable, "-m", "tests.installation.writers"],
            env=environment(PALABRE_HOME=str(home), PYTHONPATH=os.pathsep.join(["src", "."])),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert writing.stdout is not None
            assert writing.stdout.readline() == "writing\n"
            made = in_home(home, "backup", str(home / "busy.palabre"))
            assert made.returncode == 0, made.stderr
        finally:
            writing.kill()
            writing.wait()
        done = in_home(other, "restore", str(home / "busy.palabre"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert people_in(other) > 1
